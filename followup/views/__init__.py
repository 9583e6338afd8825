"""The pages of follow-up, by what they are about."""
