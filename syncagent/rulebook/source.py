"""Answers for reading what users write: text of a file, lines of TOML keys, and the wording of what is wrong where."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from syncagent.errors import Problem

_TABLE = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]+")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\-\"' ]+?)\s*=")
_MULTILINE = re.compile(r"\"\"\"|'''")


def at_line(file: str, line: int | None) -> str:
    """``file:line``, or the file alone when the line is not known."""
    return f"{file}:{line}" if line else file


def unknown(kind: str, word: object, known: Iterable[str]) -> str:
    """Says that ``word`` is none of the known ones, and which was probably meant; without a near one, all of them."""
    choices = sorted(known)
    near = difflib.get_close_matches(str(word).lower(), choices, n=1, cutoff=0.6)
    hint = f"did you mean “{near[0]}”?" if near else f"known: {', '.join(choices) or 'none'}"
    return f"unknown {kind} “{word}”; {hint}"


def read_text(path: Path) -> str | Problem:
    """The text of a UTF-8 file with line ends as ``\\n``, or what keeps it from being read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return Problem(at_line(str(path), line), "is not UTF-8; save the file as UTF-8")
    except OSError as error:
        return Problem(str(path), f"cannot be read: {error.strerror or type(error).__name__}")


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """On which line each table and key of a TOML text stands. ``tomllib`` keeps no positions.

    Follows the layout that people write (a table or key begins its line); what it misses has the line of its table.
    """
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not inside:
            if found := _TABLE.fullmatch(line.split("#")[0].rstrip()):
                table = _parts(found[1])
                lines.setdefault(table, number)
            elif found := _KEY.match(line):
                lines.setdefault((*table, *_parts(found[1])), number)
        if len(_MULTILINE.findall(line)) % 2:
            inside = not inside
    return lines


def line_of(lines: Mapping[tuple[str, ...], int], key: tuple[str, ...]) -> int:
    """The line of ``key``, else of the nearest table around it, else the first."""
    for length in range(len(key), 0, -1):
        if key[:length] in lines:
            return lines[key[:length]]
    return 1


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
