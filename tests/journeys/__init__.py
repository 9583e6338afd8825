"""What people do, in a real browser, in the order they do it."""
