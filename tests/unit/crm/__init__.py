"""Unit tests of the database package: what needs no database."""
