"""Time zones of calendars: known names, other names for them, and zones that a file defines itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from syncagent.formats.components import read_components
from syncagent.formats.recurrence import Effort
from syncagent.formats.zones import UTC_ZONE, Zone, Zones, named_zone

NAMED = [
    ("Asia/Baku", "Asia/Baku"),
    ("Azerbaijan Standard Time", "Asia/Baku"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ('"Asia/Baku"', "Asia/Baku"),
    ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
    ("/example.com/20260101/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ("UTC", ""),
    ("Etc/UTC", ""),
    ("GMT", ""),
]


@pytest.mark.parametrize(("tzid", "name"), NAMED)
def test_a_zone_is_known_by_many_names(tzid: str, name: str) -> None:
    zone = named_zone(tzid)
    assert zone is not None
    assert zone.name == name


@pytest.mark.parametrize("tzid", ["", "Nowhere/City", "Europe", "../../etc/passwd", "/", "/a/b", "x\0y", "ə" * 300])
def test_what_nobody_knows_is_no_zone(tzid: str) -> None:
    assert named_zone(tzid) is None


BERLIN = """\
BEGIN:VTIMEZONE
TZID:Firma
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def zones(definition: str, default: Zone = UTC_ZONE) -> Zones:
    return Zones(read_components(definition.encode()), default, Effort())


@pytest.mark.parametrize("month", range(1, 13))
def test_a_zone_that_the_file_defines_changes_its_clocks(month: int) -> None:
    zone = zones(BERLIN).find("Firma")
    assert zone.name == ""
    wall = datetime(2026, month, 15, 12, tzinfo=zone.tz)
    assert wall.utcoffset() == datetime(2026, month, 15, 12, tzinfo=ZoneInfo("Europe/Berlin")).utcoffset()


def test_the_hours_around_a_change_are_those_of_the_real_zone() -> None:
    own, real = zones(BERLIN).find("Firma").tz, ZoneInfo("Europe/Berlin")
    for day in (datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)):
        for quarter in range(60):
            moment = day + timedelta(minutes=15 * quarter)
            local = moment.astimezone(own)
            assert local.replace(tzinfo=None) == moment.astimezone(real).replace(tzinfo=None)
            assert local.astimezone(UTC) == moment
            # walls that never come, and both readings of those that come twice
            for fold in (0, 1):
                wall = moment.replace(tzinfo=None, fold=fold)
                assert wall.replace(tzinfo=own).utcoffset() == wall.replace(tzinfo=real).utcoffset()


def test_a_rule_that_has_ended_leaves_its_last_change_in_force() -> None:
    ended = """\
BEGIN:VTIMEZONE
TZID:Firma
BEGIN:DAYLIGHT
DTSTART:20150329T040000
TZOFFSETFROM:+0400
TZOFFSETTO:+0500
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20101031T050000
TZOFFSETFROM:+0500
TZOFFSETTO:+0400
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10;UNTIL=20151025T000000Z
END:STANDARD
END:VTIMEZONE
"""
    tz = zones(ended).find("Firma").tz
    assert datetime(2015, 7, 1, tzinfo=tz).utcoffset() == timedelta(hours=5)
    # UNTIL is the last change itself, told in UTC: 05:00 on 25 October 2015 at +05:00
    assert datetime(2015, 12, 1, tzinfo=tz).utcoffset() == timedelta(hours=4)
    assert datetime(2026, 7, 1, tzinfo=tz).utcoffset() == timedelta(hours=4)
    assert datetime(1990, 7, 1, tzinfo=tz).utcoffset() == timedelta(hours=5)  # before the first change


def test_a_known_name_is_not_taken_from_the_file() -> None:
    # Baku has had no summer time since 2016; old programs still write it along.
    old = BERLIN.replace("TZID:Firma", "TZID:Asia/Baku")
    zone = zones(old).find("Asia/Baku")
    assert zone.name == "Asia/Baku"
    assert datetime(2026, 7, 1, tzinfo=zone.tz).utcoffset() == timedelta(hours=4)


def test_a_definition_may_say_which_known_zone_it_is() -> None:
    assert zones(BERLIN.replace("TZID:Firma", "TZID:Firma\nX-LIC-LOCATION:Asia/Baku")).find("Firma").name == "Asia/Baku"


@pytest.mark.parametrize(
    ("old", "new"),
    [("TZOFFSETTO:+0", "TZOFFSETTO:zero"), ("DTSTART:1601", "DTSTART:x"), ("FREQ=YEARLY", "FREQ=NEVER"), ("+0", "+99")],
)
def test_a_broken_definition_is_the_default(old: str, new: str) -> None:
    default = Zone("Asia/Baku", ZoneInfo("Asia/Baku"))
    assert zones(BERLIN.replace(old, new), default).find("Firma") == default


def test_a_zone_that_nobody_defines_is_the_default() -> None:
    default = Zone("Asia/Baku", ZoneInfo("Asia/Baku"))
    assert zones(BERLIN, default).find("Elsewhere") == default


def test_dates_of_change_may_be_listed() -> None:
    listed = BERLIN.replace("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "RDATE:20260329T020000,20270328T020000,x,")
    tz = zones(listed).find("Firma").tz
    assert datetime(2026, 7, 1, tzinfo=tz).utcoffset() == timedelta(hours=2)
    assert datetime(2028, 7, 1, tzinfo=tz).utcoffset() == timedelta(hours=1)
    assert tz.utcoffset(None) is not None
    assert tz.tzname(None) == ""
    assert tz.dst(None) == timedelta(0)
