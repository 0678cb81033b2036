"""Tests of one class or function: no sockets, no database, a clock that stands still."""
