"""Answers for the demo's meetings as iCalendar text (RFC 5545, RFC 5546), the way common programs write it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from syncagent.cli.demo.cast import Named
from syncagent.cli.demo.meetings import Guest, Meeting
from syncagent.cli.demo.phrases import phrases

#: Windows' names of the time zones that occur.
_WINDOWS = {"Asia/Baku": "Azerbaijan Standard Time", "Europe/London": "GMT Standard Time"}

_BAKU_RULES = ("BEGIN:STANDARD", "DTSTART:16010101T000000", "TZOFFSETFROM:+0400", "TZOFFSETTO:+0400", "END:STANDARD")
_LONDON_RULES = (
    *("BEGIN:STANDARD", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0000"),
    *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD"),
    *("BEGIN:DAYLIGHT", "DTSTART:16010101T010000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100"),
    *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT"),
)


def calendar(meeting: Meeting, *, method: str = "", only: Guest | None = None) -> str:
    """The meeting as it lies in a calendar or, with a method, as it goes by mail; ``only`` is the guest who answers."""
    lines = ["BEGIN:VCALENDAR", "PRODID:-//Demo//Calendar//EN", "VERSION:2.0"]
    if method:
        lines.append(f"METHOD:{method}")
    if not meeting.all_day and meeting.zone_style != "utc":
        lines += ["BEGIN:VTIMEZONE", f"TZID:{_zone_name(meeting)}"]
        lines += _LONDON_RULES if _zone(meeting).key == "Europe/London" else _BAKU_RULES
        lines.append("END:VTIMEZONE")
    lines += _event(meeting, method=method, only=only)
    if meeting.moved >= 0 and not method:
        lines += _moved(meeting)
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _event(meeting: Meeting, *, method: str, only: Guest | None) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{meeting.uid}", *_when(meeting, meeting.start))
    if meeting.weeks > 1:
        yield f"RRULE:FREQ=WEEKLY;COUNT={meeting.weeks}"
        yield _moment("EXDATE", meeting, _occurrence(meeting, meeting.dropped))
    yield from _common(meeting, method=method, only=only)
    yield "END:VEVENT"


def _moved(meeting: Meeting) -> Iterator[str]:
    """The occurrence that was moved to two hours later."""
    original = _occurrence(meeting, meeting.moved)
    yield from ("BEGIN:VEVENT", f"UID:{meeting.uid}", _moment("RECURRENCE-ID", meeting, original))
    yield from _when(meeting, original + timedelta(hours=2))
    yield from _common(meeting, method="", only=None)
    yield "END:VEVENT"


def _occurrence(meeting: Meeting, number: int) -> datetime:
    return meeting.start + timedelta(weeks=number)


def _when(meeting: Meeting, start: datetime) -> Iterator[str]:
    yield _moment("DTSTART", meeting, start)
    yield _moment("DTEND", meeting, start + meeting.length)


def _common(meeting: Meeting, *, method: str, only: Guest | None) -> Iterator[str]:
    yield f"DTSTAMP:{meeting.invited_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SUMMARY:{_escaped(meeting.subject)}"
    if meeting.location:
        yield f"LOCATION:{_escaped(meeting.location)}"
    if meeting.points and only is None:
        yield f"DESCRIPTION:{_escaped(description(meeting))}"
    guests = meeting.guests if only is None else (only,)
    if guests:
        yield f"ORGANIZER;CN={_parameter(meeting.organizer.name)}:mailto:{meeting.organizer.email}"
    for guest in guests:
        # An invitation goes out before anybody can have answered it.
        yield _attendee(guest.who, "NEEDS-ACTION" if method == "REQUEST" else guest.answer, room=guest.room)
    yield f"SEQUENCE:{int(meeting.cancelled)}"
    if meeting.cancelled and method in ("", "CANCEL"):
        yield "STATUS:CANCELLED"
    else:
        yield "STATUS:CONFIRMED"
    yield f"CLASS:{'PRIVATE' if meeting.private else 'PUBLIC'}"
    yield f"TRANSP:{'TRANSPARENT' if meeting.all_day else 'OPAQUE'}"


def description(meeting: Meeting) -> str:
    """What the invitation says: the agenda."""
    said = phrases(meeting.language)
    points = "\n".join(f"{number}. {point}" for number, point in enumerate(meeting.points, start=1))
    return f"{said.agenda_head}\n{points}\n\n{said.agenda_tail}"


def _attendee(who: Named, answer: str, *, room: bool) -> str:
    kind = "ROOM" if room else "INDIVIDUAL"
    role = "NON-PARTICIPANT" if room else "REQ-PARTICIPANT"
    return (
        f"ATTENDEE;CUTYPE={kind};ROLE={role};PARTSTAT={answer};RSVP=TRUE;CN={_parameter(who.name)}:mailto:{who.email}"
    )


def _moment(name: str, meeting: Meeting, at: datetime) -> str:
    if meeting.all_day:
        day: date = at.date()
        return f"{name};VALUE=DATE:{day:%Y%m%d}"
    if meeting.zone_style == "utc":
        return f"{name}:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    zone_name = _zone_name(meeting)
    shown = f'"{zone_name}"' if " " in zone_name else zone_name
    return f"{name};TZID={shown}:{at:%Y%m%dT%H%M%S}"


def _zone(meeting: Meeting) -> ZoneInfo:
    zone = meeting.start.tzinfo
    assert isinstance(zone, ZoneInfo)
    return zone


def _zone_name(meeting: Meeting) -> str:
    key = _zone(meeting).key
    return _WINDOWS[key] if meeting.zone_style == "windows" else key


def _escaped(text: str) -> str:
    """TEXT of RFC 5545 3.3.11."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _parameter(text: str) -> str:
    return f'"{text}"' if any(letter in text for letter in ",;:") else text


def _folded(line: str) -> str:
    """Lines of at most 75 octets (RFC 5545 3.1), never cut inside a letter."""
    out, room = [""], 75
    for letter in line:
        size = len(letter.encode())
        if size > room:
            out.append(" ")
            room = 74
        out[-1] += letter
        room -= size
    return "\r\n".join(out)
