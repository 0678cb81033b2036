"""Suites that every connector inherits: one for Source, one for DraftBox."""
