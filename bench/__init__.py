"""Figures, never tests: ``python -m bench`` measures, prints each beside its peer, and writes ``bench/results/``."""
