"""Tests of the daemon: its timetable, its life and its signals, with a clock that stands still until it is moved."""
