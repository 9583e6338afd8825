"""Every write of follow-up that is more than a row of a form."""
