"""The spreadsheet the scheme has lived in until now: reading its columns, judging its rows, registering the good ones."""
