"""The personal calendar feed: a secret address, what was given there before, and the calendar as iCalendar text."""
