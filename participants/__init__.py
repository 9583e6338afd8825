"""People and their way from referral to trade certificate; scope and the gate of a record."""
