"""Trades, curricula, cohorts, workplaces, partners, routines and the calendar year."""
