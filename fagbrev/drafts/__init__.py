"""Drafts: what is typed and not saved yet, kept sealed for its writer; and the shell of the app that works without network."""
