"""Starts the command line for ``python -m syncagent``."""

import sys

from syncagent.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
