"""Request-level plumbing: headers, session limits, kept text, logs."""
