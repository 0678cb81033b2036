"""Streams of events: series and their exceptions inside a window, broken entries beside good ones, hostile files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.errors import BadItem
from syncagent.formats.components import read_components
from syncagent.formats.ical import read_events
from syncagent.formats.limits import CALENDAR_BYTES, COMPONENT_DEPTH, COMPONENTS, LINE_CHARS
from syncagent.model import Span
from syncagent.vocabulary import EventStatus
from tests.unit.formats.calendars import WINDOW, calendar, event, read, when

WEEKLY = "RRULE:FREQ=WEEKLY"
FRIDAYS = "DTSTART;TZID=Asia/Baku:20261120T100000"  # at ten in Baku, six in UTC


def series(*lines: str, start: str = FRIDAYS) -> str:
    return event("SUMMARY:Müntəzəm", "DURATION:PT1H", *lines, start=start)


def override(recurrence_id: str, *lines: str, start: str) -> str:
    return event(f"RECURRENCE-ID{recurrence_id}", "DURATION:PT1H", *lines, start=start)


# --- what a series yields ------------------------------------------------------------------------------------------


def test_a_series_is_expanded_inside_the_window_alone() -> None:
    found = read(series(WEEKLY), window=Span(datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)))
    assert found.recurring
    assert when(found) == ["12-04 06:00", "12-11 06:00", "12-18 06:00"]
    assert [one.recurrence_id for one in found.events] == [
        "2026-12-04T06:00:00Z",
        "2026-12-11T06:00:00Z",
        "2026-12-18T06:00:00Z",
    ]
    assert {(one.uid, one.subject, one.zone) for one in found.events} == {("u1", "Müntəzəm", "Asia/Baku")}


def test_what_reaches_into_the_window_lies_in_it() -> None:
    window = Span(datetime(2026, 11, 27, 6, 30, tzinfo=UTC), datetime(2026, 12, 4, 6, 0, tzinfo=UTC))
    assert when(read(series(WEEKLY), window=window)) == ["11-27 06:00"]
    after = Span(datetime(2026, 11, 27, 7, 0, tzinfo=UTC), datetime(2026, 12, 4, 6, 1, tzinfo=UTC))
    assert when(read(series(WEEKLY), window=after)) == ["12-04 06:00"]


def test_a_series_keeps_its_wall_time_when_the_clocks_change() -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=2"
    berlin = series(rule, start="DTSTART;TZID=Europe/Berlin:20261023T100000")
    assert when(read(berlin)) == ["10-23 08:00", "10-30 09:00"]
    own = berlin.replace("Europe/Berlin", "Firma")
    definition = "\n".join(
        [
            *("BEGIN:VTIMEZONE", "TZID:Firma"),
            *("BEGIN:STANDARD", "DTSTART:19701025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
            *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD"),
            *("BEGIN:DAYLIGHT", "DTSTART:19700329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"),
            *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT"),
            "END:VTIMEZONE",
        ]
    )
    assert when(read(definition, own)) == ["10-23 08:00", "10-30 09:00"]


def test_an_all_day_series_has_dates() -> None:
    found = read(event("RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261121", start="DTSTART;VALUE=DATE:20261120"))
    assert [(one.recurrence_id, one.start_date, one.end_date) for one in found.events] == [
        ("2026-11-20", date(2026, 11, 20), date(2026, 11, 21)),
        ("2026-11-22", date(2026, 11, 22), date(2026, 11, 23)),
    ]
    assert all(one.all_day for one in found.events)


SERIES = [
    # name, lines of the series, starts in UTC
    ("count", ["RRULE:FREQ=WEEKLY;COUNT=2"], ["11-20 06:00", "11-27 06:00"]),
    ("until", ["RRULE:FREQ=WEEKLY;UNTIL=20261127T060000Z"], ["11-20 06:00", "11-27 06:00"]),
    (
        "two rules",
        ["RRULE:FREQ=WEEKLY;COUNT=2", "RRULE:FREQ=DAILY;COUNT=2"],
        ["11-20 06:00", "11-21 06:00", "11-27 06:00"],
    ),
    # the start is the first occurrence even when it does not fit the rule (RFC 5545 3.8.5.3)
    ("start beside the rule", ["RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"], ["11-20 06:00", "11-23 06:00"]),
    ("ended before it began", ["RRULE:FREQ=WEEKLY;UNTIL=20261101T060000Z"], []),
    # further dates
    ("rdate in utc", ["RDATE:20261122T090000Z"], ["11-20 06:00", "11-22 09:00"]),
    ("rdate in a zone", ["RDATE;TZID=Europe/Berlin:20261122T090000"], ["11-20 06:00", "11-22 08:00"]),
    ("rdate without zone", ["RDATE:20261122T090000"], ["11-20 06:00", "11-22 05:00"]),
    ("rdate is a date", ["RDATE;VALUE=DATE:20261122"], ["11-20 06:00", "11-22 06:00"]),
    ("rdates", ["RDATE:20261122T090000Z,,20261123T090000Z"], ["11-20 06:00", "11-22 09:00", "11-23 09:00"]),
    ("rdate of the rule", ["RRULE:FREQ=WEEKLY;COUNT=2", "RDATE:20261127T060000Z"], ["11-20 06:00", "11-27 06:00"]),
    # exceptions, written in any way
    ("exdate", ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Asia/Baku:20261127T100000"], ["11-20 06:00", "12-04 06:00"]),
    ("exdate in utc", ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261127T060000Z"], ["11-20 06:00", "12-04 06:00"]),
    ("exdate without zone", ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261127T100000"], ["11-20 06:00", "12-04 06:00"]),
    ("exdate is a date", ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20261127"], ["11-20 06:00", "12-04 06:00"]),
    ("exdate is the start", ["RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20261120T060000Z"], ["11-27 06:00"]),
    (
        "exdate at another time",
        ["RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20261127T070000Z"],
        ["11-20 06:00", "11-27 06:00"],
    ),
    ("exrule", ["RRULE:FREQ=DAILY;COUNT=4", "EXRULE:FREQ=DAILY;INTERVAL=2"], ["11-21 06:00", "11-23 06:00"]),
]


@pytest.mark.parametrize(("lines", "expected"), [case[1:] for case in SERIES], ids=[case[0] for case in SERIES])
def test_rules_dates_and_exceptions_come_together(lines: list[str], expected: list[str]) -> None:
    found = read(series(*lines))
    assert found.recurring
    assert when(found) == expected


def test_a_period_brings_its_own_length() -> None:
    periods = "RDATE;VALUE=PERIOD:20261121T060000Z/PT3H,20261122T060000Z/20261122T100000Z"
    hours = [(one.end_at - one.start_at).total_seconds() / 3600 for one in read(series(periods)).events]
    assert hours == [1, 3, 4]


# --- overrides -----------------------------------------------------------------------------------------------------

THREE = series("RRULE:FREQ=WEEKLY;COUNT=3")

OVERRIDES = [
    # name, RECURRENCE-ID, new start, starts in UTC
    (
        "moved",
        ";TZID=Asia/Baku:20261127T100000",
        "DTSTART:20261128T120000Z",
        ["11-20 06:00", "11-28 12:00", "12-04 06:00"],
    ),
    ("id in utc", ":20261127T060000Z", "DTSTART:20261128T120000Z", ["11-20 06:00", "11-28 12:00", "12-04 06:00"]),
    ("id without zone", ":20261127T100000", "DTSTART:20261128T120000Z", ["11-20 06:00", "11-28 12:00", "12-04 06:00"]),
    ("id is a date", ";VALUE=DATE:20261127", "DTSTART:20261128T120000Z", ["11-20 06:00", "11-28 12:00", "12-04 06:00"]),
    ("moved out", ":20261127T060000Z", "DTSTART:20280101T120000Z", ["11-20 06:00", "12-04 06:00"]),
    (
        "moved in",
        ":20280101T060000Z",
        "DTSTART:20261128T120000Z",
        ["11-20 06:00", "11-27 06:00", "11-28 12:00", "12-04 06:00"],
    ),
]


@pytest.mark.parametrize(
    ("recurrence_id", "start", "expected"), [case[1:] for case in OVERRIDES], ids=[case[0] for case in OVERRIDES]
)
def test_an_override_replaces_its_occurrence(recurrence_id: str, start: str, expected: list[str]) -> None:
    changed = override(recurrence_id, "SUMMARY:Başqa", start=start)
    # The order in the file makes no difference.
    assert when(read(THREE, changed)) == when(read(changed, THREE)) == expected


def test_an_override_keeps_the_place_that_its_series_had() -> None:
    changed = override(":20261127T060000Z", "SUMMARY:Başqa", start="DTSTART:20261128T120000Z")
    one = next(one for one in read(THREE, changed).events if one.subject == "Başqa")
    assert one.recurrence_id == "2026-11-27T06:00:00Z"
    assert one.start_at == datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_a_cancelled_occurrence_is_told_as_cancelled() -> None:
    changed = override(":20261127T060000Z", "STATUS:CANCELLED", start="DTSTART:20261127T060000Z")
    assert [one.status for one in read(THREE, changed).events] == [
        EventStatus.CONFIRMED,
        EventStatus.CANCELLED,
        EventStatus.CONFIRMED,
    ]


def test_an_excluded_override_is_gone() -> None:
    changed = override(":20261127T060000Z", start="DTSTART:20261128T120000Z")
    excluding = series("RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261127T060000Z")
    assert when(read(excluding, changed)) == ["11-20 06:00", "12-04 06:00"]


def test_of_two_overrides_the_newer_one_counts() -> None:
    first = override(":20261127T060000Z", "SEQUENCE:2", start="DTSTART:20261128T120000Z")
    second = override(":20261127T060000Z", "SEQUENCE:1", start="DTSTART:20261129T120000Z")
    assert when(read(THREE, first, second)) == when(read(THREE, second, first))
    assert "11-28 12:00" in when(read(THREE, first, second))


def test_a_change_for_the_future_moves_what_comes_after_it() -> None:
    changed = override(";RANGE=THISANDFUTURE:20261127T060000Z", "SUMMARY:Yeni", start="DTSTART:20261127T080000Z")
    found = read(THREE, changed)
    assert when(found) == ["11-20 06:00", "11-27 08:00", "12-04 08:00"]
    assert [one.subject for one in found.events] == ["Müntəzəm", "Yeni", "Yeni"]
    assert found.events[-1].recurrence_id == "2026-12-04T06:00:00Z"


def test_an_override_alone_is_an_event_of_its_series() -> None:
    found = read(override(":20251128T060000Z", start="DTSTART:20251128T080000Z"))
    assert not found.recurring
    assert [(one.uid, one.recurrence_id) for one in found.events] == [("u1", "2025-11-28T06:00:00Z")]


def test_a_broken_override_leaves_its_series_alone() -> None:
    broken = override(":20261127T060000Z", start="DTSTART:nonsense")
    found = read(THREE, broken)
    assert len(found.events) == 3
    assert found.unreadable == (("u1", "A date of the event cannot be read."),)


# --- streams -------------------------------------------------------------------------------------------------------


def test_single_events_are_returned_whatever_the_window() -> None:
    found = read(event(uid="old", start="DTSTART:20010101T060000Z"), event(uid="far", start="DTSTART:20400101T060000Z"))
    assert not found.recurring
    assert [(one.uid, one.recurrence_id) for one in found.events] == [("old", ""), ("far", "")]


def test_of_two_versions_of_an_event_the_newer_one_counts() -> None:
    versions = [
        event("SEQUENCE:1", "DTSTAMP:20260101T000000Z", "SUMMARY:bir"),
        event("SEQUENCE:2", "DTSTAMP:20260101T000000Z", "SUMMARY:iki"),
        event("SEQUENCE:1", "DTSTAMP:20260201T000000Z", "SUMMARY:üç"),
    ]
    assert [one.subject for one in read(*versions).events] == ["iki"]
    assert [one.subject for one in read(versions[0], versions[2]).events] == ["üç"]
    assert [one.subject for one in read(versions[0], versions[0].replace("bir", "son")).events] == ["son"]


def test_an_event_without_uid_has_one_that_stays() -> None:
    nameless = event("SUMMARY:Görüş").replace("UID:u1\n", "")
    [first], [second] = read(nameless).events, read(nameless).events
    assert first.uid == second.uid != ""
    assert read(nameless.replace("Görüş", "Başqa")).events[0].uid != first.uid


def test_a_broken_event_does_not_hinder_the_others() -> None:
    found = read(
        event(uid="good"),
        event(uid="no-start").replace("DTSTART:20261120T060000Z\n", ""),
        event("DTEND:tomorrow", uid="bad-end"),
        event("DURATION:long", uid="bad-length"),
        event("RRULE:FREQ=NEVER", uid="bad-rule"),
        event("RRULE:FREQ=WEEKLY", "EXDATE:sometimes", uid="bad-exception"),
        event("RRULE:FREQ=SECONDLY", uid="endless"),
        event("DTEND:99991231T235959Z", "RRULE:FREQ=YEARLY", uid="beyond", start="DTSTART:00010101T000000Z"),
        event(uid="last"),
    )
    assert [one.uid for one in found.events] == ["good", "last"]
    assert dict(found.unreadable).keys() == {
        *("no-start", "bad-end", "bad-length", "bad-rule", "bad-exception", "endless", "beyond")
    }
    assert all(reason.endswith(".") and "sometimes" not in reason for _, reason in found.unreadable)


def test_the_method_is_told() -> None:
    assert read(event(), head="METHOD:request").method == "REQUEST"
    assert read(event()).method == ""


STREAMS = [
    # name, change of a good stream
    ("line feeds", lambda raw: raw.replace(b"\r\n", b"\n")),
    ("byte order mark", lambda raw: b"\xef\xbb\xbf" + raw),
    ("utf-16", lambda raw: raw.decode().encode("utf-16")),
    ("windows-1254", lambda raw: raw.decode().encode("cp1254")),
    ("lower case", lambda raw: raw.replace(b"BEGIN:VEVENT", b"begin:vevent").replace(b"SUMMARY", b"summary")),
    ("no calendar around it", lambda raw: raw.replace(b"BEGIN:VCALENDAR\r\n", b"").replace(b"END:VCALENDAR\r\n", b"")),
    ("no end", lambda raw: raw.replace(b"END:VEVENT\r\nEND:VCALENDAR\r\n", b"")),
    ("surplus ends", lambda raw: raw.replace(b"END:VCALENDAR", b"END:VALARM\r\nEND:VCALENDAR\r\nEND:VCALENDAR")),
    ("broken lines", lambda raw: raw.replace(b"END:VEVENT", b"\r\nnonsense\r\nDESCRIPTION\r\n;x:y\r\nEND:VEVENT")),
    ("an alarm", lambda raw: raw.replace(b"END:VEVENT", b"BEGIN:VALARM\r\nSUMMARY:x\r\nEND:VALARM\r\nEND:VEVENT")),
    (
        "an endless line",
        lambda raw: raw.replace(b"END:VEVENT", b"DESCRIPTION:" + b"x" * (LINE_CHARS + 1) + b"\r\nEND:VEVENT"),
    ),
    ("spaces", lambda raw: raw.replace(b"BEGIN:VEVENT", b"BEGIN: VEVENT ")),
]


@pytest.mark.parametrize("change", [case[1] for case in STREAMS], ids=[case[0] for case in STREAMS])
def test_odd_streams_are_read_all_the_same(change: Callable[[bytes], bytes]) -> None:
    raw = calendar(event("SUMMARY:Görüş"))
    found = read_events(change(raw), window=WINDOW, zone="Asia/Baku")
    assert [(one.uid, one.subject, one.description) for one in found.events] == [("u1", "Görüş", "")]


def test_an_event_whose_end_is_missing_does_not_swallow_the_next() -> None:
    found = read(event(uid="a").removesuffix("END:VEVENT"), event(uid="b"))
    assert [one.uid for one in found.events] == ["a", "b"]


def test_several_calendars_in_one_stream_are_all_read() -> None:
    raw = calendar(event(uid="a")) + calendar(event(uid="b"), head="METHOD:PUBLISH")
    found = read_events(raw, window=WINDOW, zone="Asia/Baku")
    assert [(one.uid, one.information) for one in found.events] == [("a", False), ("b", True)]


NO_CALENDARS = [
    (b"", "no component"),
    (b"Salam", "no component"),
    (b"BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n", "no VCALENDAR"),
    (b"BEGIN:\r\n", "no VCALENDAR"),
    (b"BEGIN:VCALENDAR\r\n" + b" " * CALENDAR_BYTES, "too large"),
    (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * (COMPONENTS + 1), "too many entries"),
]


@pytest.mark.parametrize(("raw", "reason"), NO_CALENDARS, ids=["empty", "text", "vcard", "no name", "large", "many"])
def test_what_is_no_calendar_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(BadItem, match=reason):
        read_events(raw, window=WINDOW, zone="Asia/Baku")


def test_an_empty_calendar_has_no_events() -> None:
    found = read()
    assert found.events == ()
    assert not found.recurring


def test_components_do_not_nest_without_end() -> None:
    [top] = read_components(b"BEGIN:VCALENDAR\n" + b"BEGIN:A\nBEGIN:B\n" * 1000)
    depth = 1
    while top.children:
        top, depth = top.children[-1], depth + 1
    assert depth <= COMPONENT_DEPTH


def test_a_zone_that_nobody_knows_is_utc() -> None:
    found = read(event(start="DTSTART:20261120T100000"), zone="Nowhere")
    assert when(found) == ["11-20 10:00"]


# --- hostile files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;COUNT=999999999"],
)
def test_rules_that_never_end_cost_little(rule: str) -> None:
    found = read(*(event(f"RRULE:{rule}", uid=f"u{number}") for number in range(20)), event(uid="good"))
    assert "good" in {one.uid for one in found.events}


def test_an_endless_series_needs_a_window_that_ends() -> None:
    found = read(series("RRULE:FREQ=DAILY"), event(uid="good"), window=Span())
    assert [one.uid for one in found.events] == ["good"]
    assert found.unreadable == (("u1", "The series has more occurrences than are read at once."),)


LINES = st.sampled_from(
    [
        *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "TZID:x", "UID:a", "UID:b"),
        *("DTSTART:20261120T060000Z", "DTSTART;TZID=Europe/Berlin:20261120T100000", "DTSTART;VALUE=DATE:20261120"),
        *("DTSTART:99991231T235959Z", "DTSTART:00010101", "DTEND:20261120T070000Z", "DURATION:P1D"),
        *("RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=X", "RDATE:20261122T060000Z", "EXDATE:20261121"),
        *("RECURRENCE-ID:20261121T060000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261121"),
        *(":", ";", " x", "\0"),
    ]
)


@given(st.lists(LINES, max_size=40))
def test_no_stream_is_too_strange(lines: list[str]) -> None:
    found = read(*lines)
    for one in found.events:
        assert one.start_at <= one.end_at
        assert one.start_at.tzinfo is UTC
