"""The command line: asks, shows and explains; the only place that prints."""
