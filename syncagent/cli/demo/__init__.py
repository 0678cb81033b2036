"""Answers for the demo's small world: made-up managers, customers, mail and calendars, written to disk."""
