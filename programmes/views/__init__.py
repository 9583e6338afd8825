"""The pages of the frame, one file per noun."""
