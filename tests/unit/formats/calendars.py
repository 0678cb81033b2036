"""Small calendars for the tests: text in, bytes as a server would send them out."""

from __future__ import annotations

from datetime import UTC, datetime

from syncagent.formats.ical import Calendar, read_events
from syncagent.model import Event, Span

#: Autumn 2026 to spring 2027: a change of clocks in Europe lies in it.
WINDOW = Span(datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
OWNER = frozenset({"leyla@bizim.az"})


def event(*lines: str, uid: str = "u1", start: str = "DTSTART:20261120T060000Z") -> str:
    """A VEVENT with a UID and a start; ``lines`` are added as they stand."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", start, *lines, "END:VEVENT"])


def calendar(*components: str, head: str = "") -> bytes:
    """A VCALENDAR in UTF-8 with CRLF line ends."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *filter(None, [head]), *components, "END:VCALENDAR", ""]
    return "\n".join(lines).replace("\n", "\r\n").encode()


def read(*components: str, head: str = "", zone: str = "Asia/Baku", window: Span = WINDOW) -> Calendar:
    return read_events(calendar(*components, head=head), window=window, zone=zone, owner=OWNER)


def only(*lines: str, start: str = "DTSTART:20261120T060000Z", head: str = "", zone: str = "Asia/Baku") -> Event:
    """The single event that is made from these lines."""
    found = read(event(*lines, start=start), head=head, zone=zone)
    assert found.unreadable == ()
    [one] = found.events
    return one


def when(found: Calendar) -> list[str]:
    """The starts of the events in UTC, as month-day and time."""
    assert found.unreadable == ()
    return [f"{one.start_at:%m-%d %H:%M}" for one in found.events]
