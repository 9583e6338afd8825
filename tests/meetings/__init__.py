"""Meetings and progress reports."""
