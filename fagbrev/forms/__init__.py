"""The base form: version, submission and owner."""
