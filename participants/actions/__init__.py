"""Every write that is more than one row's form: verbs with keyword-only arguments, in a transaction, said by whom."""
