"""iCalendar resources for the suites, each a case of RFC 5545 that providers and programs get wrong."""

from __future__ import annotations

_BERLIN = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def resource(*events: str) -> str:
    """A calendar file with these events."""
    lines = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{_BERLIN}{''.join(events)}END:VCALENDAR\n"
    return lines.replace("\n", "\r\n")


def event(uid: str, start: str, *more: str, summary: str = "Görüş", minutes: int = 60) -> str:
    """One VEVENT: ``start`` is the DTSTART line from its first parameter or colon on."""
    duration = [] if "VALUE=DATE" in start else [f"DURATION:PT{minutes}M"]
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20261001T000000Z",
        f"DTSTART{start}",
        *duration,
        f"SUMMARY:{summary}",
        "ORGANIZER;CN=Leyla:mailto:leyla@bizim.az",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:rauf@neft.example",
        *more,
        "END:VEVENT",
    ]
    return "".join(f"{line}\n" for line in lines)


SINGLE = resource(event("single@neft.example", ":20261020T090000Z", summary="Təqdimat: ə ı ş ç ğ ö ü"))
SINGLE_MOVED = resource(event("single@neft.example", ":20261021T100000Z", "SEQUENCE:1"))

#: Baku has had no summer time since 2016: 10:00 there is 06:00 UTC on any day.
BAKU = resource(event("baku@neft.example", ";TZID=Asia/Baku:20261028T100000"))

ALL_DAY = resource(event("fair@neft.example", ";VALUE=DATE:20261030", "DTEND;VALUE=DATE:20261101"))

#: Weekly at 10:00 in Berlin, over the end of summer time on 25 October: 08:00 UTC before, 09:00 UTC after.
WEEKLY_BERLIN = resource(
    event("weekly@neft.example", ";TZID=Europe/Berlin:20261013T100000", "RRULE:FREQ=WEEKLY;COUNT=4")
)

#: Four days; the second is moved by two hours, the third is taken out.
DAILY_WITH_CHANGES = resource(
    event("daily@neft.example", ":20261101T080000Z", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20261103T080000Z"),
    event("daily@neft.example", ":20261102T100000Z", "RECURRENCE-ID:20261102T080000Z"),
)
DAILY_SHORTENED = resource(event("daily@neft.example", ":20261101T080000Z", "RRULE:FREQ=DAILY;COUNT=2"))

ENDLESS = resource(event("endless@neft.example", ":20260901T080000Z", "RRULE:FREQ=DAILY"))

TWO_MEETINGS = resource(
    event("first@neft.example", ":20261020T090000Z"), event("second#1@neft.example", ":20261021T090000Z")
)
ONE_OF_TWO = resource(event("first@neft.example", ":20261020T090000Z"))

NO_CALENDAR = "This is no calendar.\r\n"
