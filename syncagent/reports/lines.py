"""Answers for text on lines of a fixed width: cleaned, measured, cut, filled up and wrapped; pure."""

from __future__ import annotations

import unicodedata

#: Control characters, which a terminal obeys, and half characters, which no encoding takes.
_UNWANTED = frozenset({"Cc", "Cs"})

#: Marks that turn the direction of what follows them.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """Foreign text such as a subject, safe to show anywhere: one line, no control characters, letters composed."""
    kept = (c for c in text if c.isspace() or not (c in _DIRECTION or unicodedata.category(c) in _UNWANTED))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def width_of(text: str) -> int:
    """How many columns ``text`` takes: letters one, East Asian signs and emoji two, combining marks none."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def fitted(text: str, width: int) -> str:
    """``text``, cut with an ellipsis where it is wider than ``width``."""
    if width_of(text) <= width:
        return text
    kept, left = "", width - 1
    for character in text:
        left -= _columns(character)
        if left < 0:
            break
        kept += character
    return kept.rstrip() + "…"


def padded(text: str, width: int, *, right: bool = False) -> str:
    """``text`` cut or filled up to exactly ``width`` columns; ``right`` puts it at the right edge."""
    cut = fitted(text, width)
    filler = " " * (width - width_of(cut))
    return filler + cut if right else cut + filler


def wrapped(text: str, width: int, *, indent: str = "", hanging: str | None = None) -> list[str]:
    """Lines of at most ``width`` columns, broken at spaces that may break; ``hanging`` indents all but the first."""
    following = indent if hanging is None else hanging
    lines: list[str] = []
    line = indent
    empty = True
    for word in filter(None, text.split(" ")):
        if not empty and width_of(line) + 1 + width_of(word) > width:
            lines.append(line)
            line, empty = following, True
        line += word if empty else f" {word}"
        line = fitted(line, width)
        empty = False
    return [*lines, line] if not empty else lines
