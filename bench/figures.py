"""The figures by name. Each measures in fresh processes and says what a peer needs for the same."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.mailbox import mailbox, world
from bench.report import Figure

#: What the standard library needs to read the same headers, as a program anybody could write in ten lines.
_STANDARD_LIBRARY = """
import email.parser, email.utils, pathlib, sys
parser = email.parser.BytesParser()
found = 0
for path in pathlib.Path(sys.argv[1]).rglob("*"):
    if path.parent.name in ("cur", "new") and path.is_file():
        with path.open("rb") as file:
            head = parser.parse(file, headersonly=True)
        lines = [line for name in ("from", "to", "cc") for line in head.get_all(name, [])]
        found += len(email.utils.getaddresses(lines))
"""


def first_pass() -> list[Figure]:
    """first pass over 20,000 messages on disk (485 MB), and a second one with nothing new"""
    folder = mailbox(20_000)
    measured = _two_passes(folder)
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _STANDARD_LIBRARY, str(folder)], check=True)
    peer = time.perf_counter() - began
    first, second = measured["passes"]
    return [
        Figure("first pass, wall", first["wall_s"], "s", 15, f"headers alone with the standard library: {peer:.1f} s"),
        Figure("first pass, CPU", first["cpu_s"], "s"),
        Figure(
            "messages a second",
            20_000 / first["wall_s"],
            "/s",
            peer="Twenty CRM documents about 7/s for a first import (over a network)",
        ),
        Figure("peak memory", measured["peak_mb"], "MB", 120),
        Figure("logged", measured["logged"], "interactions"),
        Figure("second pass with nothing new, wall", second["wall_s"], "s", 0.5),
    ]


def memory() -> list[Figure]:
    """peak memory of a first pass over 20,000 and over 100,000 messages: flat"""
    small, large = _two_passes(mailbox(20_000)), _two_passes(mailbox(100_000))
    growth = large["peak_mb"] - small["peak_mb"]
    return [
        Figure("peak memory, 20,000 messages", small["peak_mb"], "MB", 120),
        Figure("peak memory, 100,000 messages", large["peak_mb"], "MB", 120),
        Figure("growth", growth, "MB"),
        Figure("first pass over 100,000, wall", large["passes"][0]["wall_s"], "s"),
        Figure("second pass over 100,000 with nothing new, wall", large["passes"][1]["wall_s"], "s"),
    ]


def start() -> list[Figure]:
    """how long `syncagent --help` takes: heavy imports only when used"""
    command = [str(Path(sys.executable).with_name("syncagent")), "--help"]
    times = [_wall(command) for _ in range(9)]
    bare = statistics.median(_wall([sys.executable, "-c", "pass"]) for _ in range(9))
    return [
        Figure("syncagent --help, median of 9", statistics.median(times), "s", 0.3, f"python -c pass: {bare:.3f} s"),
    ]


FIGURES: Mapping[str, Callable[[], list[Figure]]] = {"first_pass": first_pass, "memory": memory, "start": start}


def _two_passes(folder: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="syncagent-bench-") as scratch:
        config = world(Path(scratch), folder)
        command = [sys.executable, "-m", "bench.one_pass", str(config), f"{folder}.people.csv"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        measured: dict[str, Any] = json.loads(done.stdout)
        return measured


def _wall(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began
