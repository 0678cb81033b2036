"""Answers for the cursor of a stream on disk: what it remembers and how it is spelled. Pure.

A cursor is either at rest (a sweep over the stream is finished) or in the middle of a sweep. It holds numbers,
hashes and ids of logged items; never the name of any other file, since names of .eml files quote subjects.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from syncagent.errors import CursorLost
from syncagent.model import Span

_VERSION = 1


class Phase(StrEnum):
    """What a sweep is doing: nothing, reading what is new, naming what is gone, forgetting marks of what is gone."""

    REST = "rest"
    READ = "read"
    GONE = "gone"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a sweep stands, and by what the next one can tell at once that nothing is new.

    ``stamp``, ``base`` and ``digest`` belong to the listing of the last finished sweep. During a sweep ``digest``
    is that of the listing in use, of which the first ``at`` items are done; ``after`` is the last id or key of the
    phase.
    """

    stamp: str = ""
    base: str = ""
    digest: str = ""
    window: str = ""
    watch: bool = False  # an unreadable item could become readable without a trace in the listing
    first: bool = False  # the sweep brings everything there is
    phase: Phase = Phase.REST
    at: int = 0
    after: str = ""
    again: Span | None = None  # what the sweep reads again although it is known

    def encode(self) -> str:
        """The cursor as one line; what is at its default is left out."""
        said: dict[str, Any] = {"v": _VERSION}
        for one in fields(self):
            value = getattr(self, one.name)
            if value != one.default:
                said[one.name] = _bounds(value) if isinstance(value, Span) else value
        return json.dumps(said, separators=(",", ":"))


def decode(text: str) -> Cursor:
    """Reads a cursor; the empty text is the beginning. Raises ``CursorLost`` for anything that is not of our making."""
    if not text:
        return Cursor()
    try:
        said = json.loads(text)
        if said.pop("v") != _VERSION:
            raise ValueError("another version")
        again = said.pop("again", None)
        phase = Phase(said.pop("phase", Phase.REST))
        cursor = Cursor(**said, phase=phase, again=None if again is None else _span(again))
        _check_types(cursor)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CursorLost(
            "The note of how far the folder was read is not one of this version.",
            cure="The folder is read again by itself.",
            detail=type(error).__name__,
        ) from error
    return cursor


def _check_types(cursor: Cursor) -> None:
    for one in fields(cursor):
        if one.name != "again" and type(getattr(cursor, one.name)) is not type(one.default):
            raise TypeError(one.name)


def _bounds(span: Span) -> list[str | None]:
    return [None if bound is None else bound.isoformat() for bound in (span.since, span.until)]


def _span(bounds: list[str | None]) -> Span:
    since, until = (None if bound is None else datetime.fromisoformat(bound) for bound in bounds)
    return Span(since, until)
