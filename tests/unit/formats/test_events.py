"""One event: what each of its properties becomes in ``Event``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from syncagent.formats.limits import ATTENDEES
from syncagent.model import Address, Attendee
from syncagent.vocabulary import AttendeeKind, EventStatus, Response, Sensitivity
from tests.unit.formats.calendars import event, only, read


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_everything_that_an_event_tells() -> None:
    one = only(
        "DTEND:20261120T070000Z",
        "DTSTAMP:20261101T080000Z",
        "SEQUENCE:3",
        "SUMMARY:Görüş\\, qiymət",
        "DESCRIPTION:Gündəm:\\n1. Qiymət\\n2. Müddət",
        "LOCATION:Bakı\\; Nizami 5",
        "ORGANIZER;CN=Leyla Əliyeva:mailto:Leyla@Bizim.az",
        'ATTENDEE;CN="Quliyev, Anar";PARTSTAT=ACCEPTED:mailto:anar@firma.az',
        "CATEGORIES:Layihə,Firma",
        "CATEGORIES:Qiymət\\, endirim",
        "STATUS:TENTATIVE",
    )
    assert one.uid == "u1"
    assert one.recurrence_id == ""
    assert (one.start_at, one.end_at) == (utc("2026-11-20T06:00"), utc("2026-11-20T07:00"))
    assert one.stamp_at == utc("2026-11-01T08:00")
    assert one.sequence == 3
    assert one.subject == "Görüş, qiymət"
    assert one.description == "Gündəm:\n1. Qiymət\n2. Müddət"
    assert one.location == "Bakı; Nizami 5"
    assert one.organizer == Address("leyla@bizim.az", "Leyla Əliyeva")
    assert one.attendees == (Attendee(Address("anar@firma.az", "Quliyev, Anar"), Response.ACCEPTED),)
    assert one.categories == ("Layihə", "Firma", "Qiymət, endirim")
    assert one.status is EventStatus.TENTATIVE
    assert one.own_response is Response.ACCEPTED  # who calls a meeting takes part in it
    assert not one.free
    assert not one.all_day
    assert not one.information


def test_what_an_event_does_not_tell_has_its_default() -> None:
    one = only()
    assert one.end_at == one.start_at
    assert (one.subject, one.description, one.location, one.online_url, one.zone) == ("", "", "", "", "")
    assert one.organizer is None
    assert one.attendees == ()
    assert one.own_response is None
    assert one.stamp_at is None
    assert one.status is EventStatus.CONFIRMED
    assert one.sensitivity is Sensitivity.NORMAL


#: DTSTART, what else, zone of the calendar; start and end in UTC, zone of the event
TIMES = [
    # name, start, lines, (start, end, zone)
    ("utc", "DTSTART:20261120T060000Z", ["DURATION:PT90M"], ("2026-11-20T06:00", "2026-11-20T07:30", "")),
    (
        "iana",
        "DTSTART;TZID=Europe/Berlin:20261120T100000",
        ["DURATION:PT1H"],
        ("2026-11-20T09:00", "2026-11-20T10:00", "Europe/Berlin"),
    ),
    (
        "windows",
        "DTSTART;TZID=Azerbaijan Standard Time:20261120T100000",
        ["DURATION:PT1H"],
        ("2026-11-20T06:00", "2026-11-20T07:00", "Asia/Baku"),
    ),
    (
        "quoted",
        'DTSTART;TZID="Europe/Berlin":20261120T100000',
        ["DURATION:PT1H"],
        ("2026-11-20T09:00", "2026-11-20T10:00", "Europe/Berlin"),
    ),
    ("floating", "DTSTART:20261120T100000", ["DURATION:PT1H"], ("2026-11-20T06:00", "2026-11-20T07:00", "Asia/Baku")),
    ("unknown zone", "DTSTART;TZID=Nowhere:20261120T100000", [], ("2026-11-20T06:00", "2026-11-20T06:00", "Asia/Baku")),
    ("no seconds", "DTSTART:20261120T1000Z", [], ("2026-11-20T10:00", "2026-11-20T10:00", "")),
    (
        "end in another zone",
        "DTSTART:20261120T060000Z",
        ["DTEND;TZID=Europe/Berlin:20261120T080000"],
        ("2026-11-20T06:00", "2026-11-20T07:00", ""),
    ),
    (
        "end is a date",
        "DTSTART:20261120T060000Z",
        ["DTEND;VALUE=DATE:20261121"],
        ("2026-11-20T06:00", "2026-11-21T00:00", ""),
    ),
    (
        "end before start",
        "DTSTART:20261120T060000Z",
        ["DTEND:20261120T050000Z"],
        ("2026-11-20T06:00", "2026-11-20T06:00", ""),
    ),
    ("negative duration", "DTSTART:20261120T060000Z", ["DURATION:-PT1H"], ("2026-11-20T06:00", "2026-11-20T06:00", "")),
    # a day is a day of the wall clock, 24 hours are not (RFC 5545 3.3.6): Berlin changes its clocks on 25 October
    (
        "a day",
        "DTSTART;TZID=Europe/Berlin:20261024T120000",
        ["DURATION:P1D"],
        ("2026-10-24T10:00", "2026-10-25T11:00", "Europe/Berlin"),
    ),
    (
        "24 hours",
        "DTSTART;TZID=Europe/Berlin:20261024T120000",
        ["DURATION:PT24H"],
        ("2026-10-24T10:00", "2026-10-25T10:00", "Europe/Berlin"),
    ),
    # a wall time that never comes has the offset before the gap, one that comes twice is the first (RFC 5545 3.3.5)
    (
        "in the gap",
        "DTSTART;TZID=Europe/Berlin:20270328T023000",
        [],
        ("2027-03-28T01:30", "2027-03-28T01:30", "Europe/Berlin"),
    ),
    (
        "twice",
        "DTSTART;TZID=Europe/Berlin:20261025T023000",
        [],
        ("2026-10-25T00:30", "2026-10-25T00:30", "Europe/Berlin"),
    ),
]


@pytest.mark.parametrize(("start", "lines", "expected"), [case[1:] for case in TIMES], ids=[case[0] for case in TIMES])
def test_a_time_is_an_instant_with_its_zone(start: str, lines: list[str], expected: tuple[str, str, str]) -> None:
    one = only(*lines, start=start)
    assert (one.start_at, one.end_at, one.zone) == (utc(expected[0]), utc(expected[1]), expected[2])


DAYS = [
    # name, lines, first day, day after the last
    ("no end", [], date(2026, 11, 20), date(2026, 11, 21)),
    ("two days", ["DTEND;VALUE=DATE:20261122"], date(2026, 11, 20), date(2026, 11, 22)),
    ("duration", ["DURATION:P3D"], date(2026, 11, 20), date(2026, 11, 23)),
    ("weeks", ["DURATION:P1W"], date(2026, 11, 20), date(2026, 11, 27)),
    ("end is the start", ["DTEND;VALUE=DATE:20261120"], date(2026, 11, 20), date(2026, 11, 21)),
    ("end before start", ["DTEND;VALUE=DATE:20261101"], date(2026, 11, 20), date(2026, 11, 21)),
    ("hours", ["DURATION:PT4H"], date(2026, 11, 20), date(2026, 11, 21)),
]


@pytest.mark.parametrize(("lines", "first", "after"), [case[1:] for case in DAYS], ids=[case[0] for case in DAYS])
def test_an_all_day_event_has_dates_and_local_midnights(lines: list[str], first: date, after: date) -> None:
    one = only(*lines, start="DTSTART;VALUE=DATE:20261120")
    assert one.all_day
    assert (one.start_date, one.end_date) == (first, after)
    assert one.start_at == datetime(2026, 11, 19, 20, tzinfo=UTC)  # midnight in Baku
    assert one.zone == ""


def test_a_day_on_which_the_clocks_change_is_one_day() -> None:
    one = only(start="DTSTART;VALUE=DATE:20261025", zone="Europe/Berlin")
    assert (one.start_date, one.end_date) == (date(2026, 10, 25), date(2026, 10, 26))
    assert (one.end_at - one.start_at).total_seconds() == 25 * 3600


def test_the_calendar_may_name_its_own_zone() -> None:
    one = only(start="DTSTART:20261120T100000", head="X-WR-TIMEZONE:Europe/Berlin")
    assert (one.start_at, one.zone) == (utc("2026-11-20T09:00"), "Europe/Berlin")


FIELDS = [
    # lines, field, value
    (["CLASS:PUBLIC"], "sensitivity", Sensitivity.NORMAL),
    (["CLASS:PRIVATE"], "sensitivity", Sensitivity.PRIVATE),
    (["CLASS:confidential"], "sensitivity", Sensitivity.CONFIDENTIAL),
    (["CLASS:PERSONAL"], "sensitivity", Sensitivity.PERSONAL),
    (["CLASS:X-SECRET"], "sensitivity", Sensitivity.PRIVATE),  # RFC 5545 3.8.1.3
    (["STATUS:CANCELLED"], "status", EventStatus.CANCELLED),
    (["STATUS:X-OTHER"], "status", EventStatus.CONFIRMED),
    (["TRANSP:TRANSPARENT"], "free", True),
    (["TRANSP:OPAQUE"], "free", False),
    (["X-MICROSOFT-CDO-BUSYSTATUS:FREE"], "free", True),
    (["SEQUENCE:many"], "sequence", 0),
    (["DTSTAMP:nonsense"], "stamp_at", None),
    (["SUMMARY: Görüş \\n sabah "], "subject", "Görüş sabah"),
    (["SUMMARY;LANGUAGE=az:Görüş: sabah"], "subject", "Görüş: sabah"),
    (["SUMMARY:Gör", " üş"], "subject", "Görüş"),
    (["SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:G=C3=B6r=C3=BC=C5=9F"], "subject", "Görüş"),
    # descriptions that are really HTML
    (["DESCRIPTION:<p>Gündəm</p><br>Qiymət"], "description", "Gündəm\n\nQiymət"),
    (["DESCRIPTION:5 < 6 və 7 > 6"], "description", "5 < 6 və 7 > 6"),
    (["X-ALT-DESC;FMTTYPE=text/html:<html><body><p>Gündəm</p></body></html>"], "description", "Gündəm"),
    (["DESCRIPTION:mətn", "X-ALT-DESC;FMTTYPE=text/html:<p>başqa</p>"], "description", "mətn"),
    # links of online meetings, the surest first
    (["X-GOOGLE-CONFERENCE:https://meet.example/a"], "online_url", "https://meet.example/a"),
    (["X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example/b"], "online_url", "https://teams.example/b"),
    (
        ["CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+994", "CONFERENCE;VALUE=URI:https://c.example/x"],
        "online_url",
        "https://c.example/x",
    ),
    (["LOCATION:Zoom https://zoom.example/j/1 (parol 5)"], "online_url", "https://zoom.example/j/1"),
    (["URL:https://firma.az/event", "LOCATION:https://zoom.example/j/1"], "online_url", "https://zoom.example/j/1"),
    (["URL:https://firma.az/event"], "online_url", "https://firma.az/event"),
    (["URL:javascript:alert(1)"], "online_url", ""),
]


@pytest.mark.parametrize(("lines", "field", "expected"), FIELDS)
def test_a_property_becomes_a_field(lines: list[str], field: str, expected: Any) -> None:
    assert getattr(only(*lines), field) == expected


PEOPLE = [
    ("ATTENDEE:mailto:a@b.az", Attendee(Address("a@b.az"))),
    ("ATTENDEE:MAILTO:A@B.az", Attendee(Address("a@b.az"))),
    ("ATTENDEE;CN=a@b.az:mailto:a@b.az", Attendee(Address("a@b.az"))),
    ("ATTENDEE;CN=O^'Neil ^^ Co:mailto:a@b.az", Attendee(Address("a@b.az", 'O"Neil ^ Co'))),  # RFC 6868
    ("ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.az", Attendee(Address("a@b.az"), Response.DECLINED)),
    ("ATTENDEE;PARTSTAT=tentative:mailto:a@b.az", Attendee(Address("a@b.az"), Response.TENTATIVE)),
    ("ATTENDEE;PARTSTAT=DELEGATED:mailto:a@b.az", Attendee(Address("a@b.az"), Response.DELEGATED)),
    ("ATTENDEE;PARTSTAT=X-LATER:mailto:a@b.az", Attendee(Address("a@b.az"), Response.NEEDS_ACTION)),
    ("ATTENDEE;CUTYPE=ROOM:mailto:a@b.az", Attendee(Address("a@b.az"), kind=AttendeeKind.ROOM)),
    ("ATTENDEE;CUTYPE=RESOURCE:mailto:a@b.az", Attendee(Address("a@b.az"), kind=AttendeeKind.RESOURCE)),
    ("ATTENDEE;CUTYPE=GROUP:mailto:a@b.az", Attendee(Address("a@b.az"), kind=AttendeeKind.GROUP)),
    ("ATTENDEE;CUTYPE=UNKNOWN:mailto:a@b.az", Attendee(Address("a@b.az"))),
    ("ATTENDEE;ROLE=OPT-PARTICIPANT:mailto:a@b.az", Attendee(Address("a@b.az"), optional=True)),
    ("ATTENDEE;ROLE=NON-PARTICIPANT:mailto:a@b.az", Attendee(Address("a@b.az"), optional=True)),
    ("ATTENDEE;EMAIL=a@b.az:urn:uuid:1234", Attendee(Address("a@b.az"))),  # RFC 7986 6.2
]


@pytest.mark.parametrize(("line", "expected"), PEOPLE)
def test_an_attendee_is_read(line: str, expected: Attendee) -> None:
    assert only(line).attendees == (expected,)


def test_who_has_no_address_is_left_out() -> None:
    one = only("ATTENDEE;CN=Anar:invalid:nomail", "ATTENDEE:urn:uuid:1234", "ORGANIZER;CN=Leyla:invalid:nomail")
    assert one.attendees == ()
    assert one.organizer is None


def test_attendees_without_end_are_cut() -> None:
    assert len(only(*[f"ATTENDEE:mailto:n{number}@b.az" for number in range(ATTENDEES + 50)]).attendees) == ATTENDEES


RESPONSES = [
    (["ATTENDEE;PARTSTAT=DECLINED:mailto:leyla@bizim.az"], Response.DECLINED),
    (["ATTENDEE:mailto:leyla@bizim.az"], Response.NEEDS_ACTION),
    (["ATTENDEE;PARTSTAT=ACCEPTED:mailto:anar@firma.az"], None),
    (["ORGANIZER:mailto:leyla@bizim.az", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:leyla@bizim.az"], Response.ACCEPTED),
    (["ORGANIZER:mailto:anar@firma.az"], None),
]


@pytest.mark.parametrize(("lines", "expected"), RESPONSES)
def test_the_owners_response_is_found(lines: list[str], expected: Response | None) -> None:
    assert only(*lines).own_response is expected


def test_a_published_event_is_information_unless_somebody_is_invited() -> None:
    assert only("SUMMARY:Bakı-Gəncə", head="METHOD:PUBLISH").information
    assert not only("ATTENDEE:mailto:anar@firma.az", head="METHOD:PUBLISH").information
    assert not only(head="METHOD:REQUEST").information
    assert not only().information


def test_a_cancellation_cancels() -> None:
    found = read(event(), head="METHOD:CANCEL")
    assert found.method == "CANCEL"
    assert [one.status for one in found.events] == [EventStatus.CANCELLED]
