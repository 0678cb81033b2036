"""Answers for how a figure is shown and kept: a line each with its aim and its peer, and a JSON file."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. ``aim`` is the upper bound that we set ourselves (None: none); ``peer`` says what others need."""

    what: str
    value: float
    unit: str
    aim: float | None = None
    peer: str = ""

    @property
    def verdict(self) -> str:
        if self.aim is None:
            return ""
        return "met" if self.value <= self.aim else f"missed by {self.value - self.aim:.3g} {self.unit}"


def show(figures: list[Figure]) -> None:
    """Prints the figures, one a line."""
    for figure in figures:
        aim = f"  (aim {figure.aim:g}: {figure.verdict})" if figure.aim is not None else ""
        peer = f"  [peer: {figure.peer}]" if figure.peer else ""
        print(f"  {figure.what:<58} {figure.value:>10.3f} {figure.unit}{aim}{peer}", flush=True)


def write(name: str, figures: list[Figure]) -> None:
    """Writes ``bench/results/NAME.json``."""
    RESULTS.mkdir(exist_ok=True)
    told = {
        "figure": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "figures": [asdict(figure) | {"verdict": figure.verdict} for figure in figures],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
