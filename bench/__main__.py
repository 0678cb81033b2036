"""Runs the figures, or those that are named: ``python -m bench [NAME …] [--seed N]``."""

from __future__ import annotations

import argparse
import sys

from bench import figures
from bench.report import show, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"figures to measure; all when none: {', '.join(figures.FIGURES)}")
    chosen = parser.parse_args().names or list(figures.FIGURES)
    unknown = [name for name in chosen if name not in figures.FIGURES]
    if unknown:
        parser.error(f"unknown figure {', '.join(unknown)}; there are {', '.join(figures.FIGURES)}")
    for name in chosen:
        print(f"— {name}: {figures.FIGURES[name].__doc__}", flush=True)
        found = figures.FIGURES[name]()
        show(found)
        write(name, found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
