"""Answers for the lines and components of an iCalendar stream (RFC 5545 3.1 and 3.4). Pure.

The grammar of one line is the ``icalendar`` library's. Components are put together here: the library gives up a whole
file for one bad line, reads attachments of megabytes that nobody asked for, and keeps the time zones of one file in a
place that all other files see.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from icalendar.parser import Contentline

from syncagent.errors import BadItem
from syncagent.formats.charsets import clean, decode
from syncagent.formats.limits import CALENDAR_BYTES, COMPONENT_DEPTH, COMPONENTS, LINE_CHARS

#: The properties that the house reads; all others are passed over before they are parsed.
_WANTED = frozenset(
    {"ATTENDEE", "CATEGORIES", "CLASS", "CONFERENCE", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "DURATION"}
    | {"EXDATE", "EXRULE", "LOCATION", "METHOD", "ORGANIZER", "RDATE", "RECURRENCE-ID", "RRULE", "SEQUENCE", "STATUS"}
    | {"SUMMARY", "TRANSP", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "UID", "URL", "X-ALT-DESC", "X-GOOGLE-CONFERENCE"}
    | {"X-LIC-LOCATION", "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-WR-TIMEZONE"}
)
_FOLD = re.compile(r"\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_CARET = re.compile(r"\^([n^'])")  # RFC 6868
_UNESCAPED_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its value as written, and its parameters under upper-case names."""

    value: str
    parameters: Mapping[str, str]

    @property
    def text(self) -> str:
        """The value as TEXT (RFC 5545 3.3.11)."""
        return _unescaped(self.value)

    @property
    def texts(self) -> tuple[str, ...]:
        """The value as a list of TEXT, without empty ones."""
        words = (_unescaped(word).strip() for word in _UNESCAPED_COMMA.split(self.value))
        return tuple(word for word in words if word)

    @property
    def values(self) -> tuple[str, ...]:
        """The value as a list of anything but TEXT, without empty ones."""
        return tuple(value.strip() for value in self.value.split(",") if value.strip())


@dataclass(slots=True)
class Component:
    """A component with the properties that matter, in the order of the file."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    children: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        found = self.properties.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list[Property]:
        return self.properties.get(name, [])

    def text(self, name: str) -> str:
        """The first such property as stripped TEXT; empty when there is none."""
        found = self.first(name)
        return found.text.strip() if found else ""


def read_components(raw: bytes) -> list[Component]:
    """The outermost components of a stream, nearly always one VCALENDAR.

    Lines that cannot be parsed are left out, missing and surplus END lines mended. Raises ``BadItem`` when the stream
    is larger than ``limits.CALENDAR_BYTES``, has more than ``limits.COMPONENTS``, or no component at all.
    """
    if len(raw) > CALENDAR_BYTES:
        raise BadItem("The calendar cannot be read: it is too large.")
    top = Component("")
    stack = [top]
    total = 0
    for line in _lines(raw):
        name = _NAME.match(line)
        if not name:
            continue
        match name[0].upper():
            case "BEGIN":
                total += 1
                _begin(stack, line.partition(":")[2].strip().upper())
            case "END":
                _end(stack, line.partition(":")[2].strip().upper())
            case wanted if wanted in _WANTED:
                found = _parsed(line)
                if found:
                    stack[-1].properties.setdefault(wanted, []).append(found)
        if total > COMPONENTS:
            raise BadItem("The calendar cannot be read: it has too many entries.")
    if not top.children:
        raise BadItem("The calendar cannot be read: it has no component.")
    return top.children


def _lines(raw: bytes) -> Iterator[str]:
    """The unfolded lines, without those that are too long to be anything but an attachment."""
    charset = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
    text = decode(raw.removeprefix(b"\xef\xbb\xbf"), charset)
    for line in _FOLD.sub("", text).split("\n"):
        if line and len(line) <= LINE_CHARS:
            yield line


def _begin(stack: list[Component], name: str) -> None:
    # Events do not nest: the END of the one before is missing.
    if len(stack) > 1 and (stack[-1].name == name or len(stack) > COMPONENT_DEPTH):
        stack.pop()
    component = Component(name)
    stack[-1].children.append(component)
    stack.append(component)


def _end(stack: list[Component], name: str) -> None:
    if any(component.name == name for component in stack[1:]):
        while stack.pop().name != name:
            pass


def _parsed(line: str) -> Property | None:
    try:
        _, parameters, value = Contentline(line).raw_parts()  # type: ignore[no-untyped-call]  # untyped in icalendar
    except (ValueError, AssertionError):
        return None
    plain = {str(name).upper(): _parameter(found) for name, found in parameters.items()}
    if plain.get("ENCODING") == "QUOTED-PRINTABLE":  # vCalendar 1.0, which old telephones still send
        value = decode(binascii.a2b_qp(value.encode("utf-8")), plain.get("CHARSET", ""))
    return Property(value, plain)


def _parameter(found: object) -> str:
    first = found[0] if isinstance(found, list) and found else found
    return _CARET.sub(lambda caret: {"n": "\n", "^": "^", "'": '"'}[caret[1]], clean(str(first)))


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
