"""Drafts on the server, and the shell of the installable app."""
