"""What is written in follow-up."""
