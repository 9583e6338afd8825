"""What the front page of a record says of topics."""

from participants.contributed import Summary

SUMMARIES: tuple[Summary, ...] = ()
