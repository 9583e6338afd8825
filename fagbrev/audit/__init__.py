"""Who looked, who changed, and what it was before."""
