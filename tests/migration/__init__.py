"""Tests that migrations lead to the models, on both databases, down and up again with rows."""
