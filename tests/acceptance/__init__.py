"""Tests of the installed command and of the daemon as processes of their own."""
