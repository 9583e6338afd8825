"""Duties: who must do what by when, derived from the data by rules, kept as a table to read from, and told of in time."""
