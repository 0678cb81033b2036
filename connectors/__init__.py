"""Connectors to mailboxes and calendars: one module or package for each provider, found through entry points."""
