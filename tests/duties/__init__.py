"""Duties: rules, the table, notices, mails, and the pages about them."""
