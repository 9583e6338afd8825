"""Forms: clean and validate; choices are handed in."""
