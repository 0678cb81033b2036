"""Answers for how things are shown: JSON Lines and tables on stdout, everything else on stderr.

A terminal gets a table of rich as wide as it is; a pipe or file gets plain aligned text with nothing cut off. What
comes from mail loses its control characters first, so that no subject can steer a terminal.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

#: ``--json``, the same for every command that shows something.
json_option = click.option("--json", "as_json", is_flag=True, help="Show one JSON object a line.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``wide`` ones give way when a terminal is narrow; ``right`` ones hold numbers."""

    title: str
    right: bool = False
    wide: bool = False


#: Blanks between two columns, and how narrow a wide column may become.
_GAP, _NARROWEST = 2, 8

#: Longer lines of text than this are hard to read, however wide a terminal is.
_MEASURE = 100


def clean(text: str) -> str:
    """``text`` on one line, without control characters and marks that turn the direction of writing."""
    return _CONTROL.sub(" ", text).rstrip()


def json_lines(rows: Iterable[Mapping[str, Any]]) -> None:
    """One object a line on stdout; times in ISO 8601 with their offset."""
    for row in rows:
        show(as_json(row))


def as_json(row: Mapping[str, Any]) -> str:
    """One object on one line."""
    return json.dumps(row, ensure_ascii=False, default=_as_text)


def _as_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the output")


def say(text: str = "") -> None:
    """A sentence for whoever sits there, on stderr."""
    click.echo(text, err=True)


def show(text: str = "") -> None:
    """A line of what was asked for, on stdout."""
    print(text)  # click.echo would flush each line: slow when there are many


def paragraph(text: str, *, indent: int = 0, hanging: int | None = None) -> None:
    """Text on stdout, broken to the width of a terminal; a pipe or file gets it as one line."""
    blanks, rest = " " * indent, " " * (indent if hanging is None else hanging)
    if sys.stdout.isatty():
        width = min(shutil.get_terminal_size().columns, _MEASURE)
        text = textwrap.fill(
            clean(text),
            width,
            initial_indent=blanks,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        show(text)
    else:
        show(blanks + clean(text))


def moment(at: datetime | None, zone: str, *, empty: str = "") -> str:
    """``2026-11-20 11:00`` in ``zone``."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at else empty


def table(columns: Sequence[Column], rows: Iterable[Sequence[object]], *, wrap: bool = False) -> None:
    """A table on stdout; nothing at all when there are no rows.

    On a terminal the wide columns are cut to fit, or with ``wrap`` go on in the next line.
    """
    cells = [[clean(str(value)) for value in row] for row in rows]
    if not cells:
        return
    lines = [[column.title for column in columns], *cells]
    widths = [max(_width(line[position]) for line in lines) for position in range(len(columns))]
    if sys.stdout.isatty():
        _on_terminal(columns, cells, widths, wrap=wrap)
    else:
        _plain(columns, lines, widths)


def _on_terminal(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], widths: Sequence[int], *, wrap: bool
) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False)
    fitted = _fitted(columns, widths, console.width)
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for column, width in zip(columns, fitted, strict=True):
        made.add_column(
            Text(column.title),
            justify="right" if column.right else "left",
            width=width,
            no_wrap=not wrap,
            overflow="fold" if wrap else "ellipsis",
        )
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    console.print(made)


def _fitted(columns: Sequence[Column], widths: Sequence[int], available: int) -> list[int]:
    """The widths with which everything fits beside each other, if it can: the widest of the wide columns give way."""
    fitted = list(widths)
    too_much = sum(fitted) + _GAP * (len(fitted) - 1) - available
    while too_much > 0 and any(column.wide for column in columns):
        width, position = max((fitted[position], position) for position, column in enumerate(columns) if column.wide)
        if width <= _NARROWEST:
            break
        fitted[position] -= 1
        too_much -= 1
    return fitted


def _plain(columns: Sequence[Column], lines: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    for line in lines:
        padded = (
            " " * (width - _width(cell)) + cell if column.right else cell + " " * (width - _width(cell))
            for column, cell, width in zip(columns, line, widths, strict=True)
        )
        show((" " * _GAP).join(padded).rstrip())


def _width(text: str) -> int:
    """How many columns ``text`` takes on screen."""
    from rich.cells import cell_len

    return cell_len(text)
