"""The access table and the gate on every view."""
