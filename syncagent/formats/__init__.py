"""Answers for bytes to model and back: mail, calendars and HTML. No files, no network, no clock."""
