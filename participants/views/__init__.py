"""Views: gate, form, one action, message, redirect."""
