"""Forms of the frame, one file per noun."""
