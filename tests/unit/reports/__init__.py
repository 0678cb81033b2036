"""Tests of the reports: pure values in, text, HTML and pictures out."""
