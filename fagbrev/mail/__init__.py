"""Mail as rows in an outbox, sent by the worker."""
