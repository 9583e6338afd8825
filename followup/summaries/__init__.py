"""The lines of follow-up on a participant's front page, by what they are about."""
