"""Tests over a real database, on SQLite and PostgreSQL alike, and over real mailboxes on disk."""
