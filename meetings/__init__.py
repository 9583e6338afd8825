"""Meetings of all kinds, minutes and progress reports."""
