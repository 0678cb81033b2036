"""Tests of the rules: decisions, letters, and the reading of rule files."""
