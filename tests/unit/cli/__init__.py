"""Tests of the command line without its commands' work: how it loads, shows and explains."""
