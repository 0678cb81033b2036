"""Recurrence rules: what each part does, what the start fills in, and that no rule costs more than it may.

``tests/corpora`` holds the same expansion to the 145 rules of libical's own tests.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.errors import BadItem
from syncagent.formats.limits import RULE_STEPS
from syncagent.formats.recurrence import Effort, expand
from syncagent.formats.rules import Frequency, read_rule

FRIDAY = "20261120T0900"  # 20 November 2026


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def starts(rule: str, start: str = FRIDAY, *, dates_only: bool = False, first: int = 100) -> list[str]:
    """The first occurrences as month-day, with the time where it is not nine o'clock."""
    begin = at(start)
    found = islice(expand(read_rule(rule, begin, dates_only=dates_only), begin), first)
    return [f"{one:%m-%d}" if one.time() == begin.time() else f"{one:%m-%d %H:%M}" for one in found]


RULES = [
    # rule, first occurrences from Friday, 20 November 2026 at nine
    ("FREQ=DAILY;COUNT=3", ["11-20", "11-21", "11-22"]),
    ("FREQ=DAILY;INTERVAL=10;COUNT=3", ["11-20", "11-30", "12-10"]),
    ("FREQ=DAILY;BYDAY=MO,FR;COUNT=3", ["11-20", "11-23", "11-27"]),
    ("FREQ=DAILY;BYHOUR=9,15;COUNT=3", ["11-20", "11-20 15:00", "11-21"]),
    ("FREQ=WEEKLY;COUNT=3", ["11-20", "11-27", "12-04"]),
    ("FREQ=WEEKLY;BYDAY=TU,FR;COUNT=3", ["11-20", "11-24", "11-27"]),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,FR;COUNT=4", ["11-20", "11-22", "12-04", "12-06"]),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,FR;WKST=SU;COUNT=4", ["11-20", "11-29", "12-04", "12-13"]),
    ("FREQ=MONTHLY;COUNT=3", ["11-20", "12-20", "01-20"]),
    ("FREQ=MONTHLY;BYDAY=3FR;COUNT=3", ["11-20", "12-18", "01-15"]),
    ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["11-27", "12-25"]),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", ["11-30", "12-31", "01-29"]),
    ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["11-30", "12-31", "01-31"]),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2", ["08-13", "10-13"]),  # Friday the 13th is not before August 2027
    ("FREQ=YEARLY;COUNT=2", ["11-20", "11-20"]),
    ("FREQ=YEARLY;BYMONTH=1,3;COUNT=2", ["01-20", "03-20"]),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=2", ["03-28", "03-26"]),
    ("FREQ=YEARLY;BYDAY=1MO;COUNT=2", ["01-04", "01-03"]),
    ("FREQ=YEARLY;BYYEARDAY=1,-1;COUNT=3", ["12-31", "01-01", "12-31"]),
    ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;COUNT=2", ["01-04", "01-03"]),
    ("FREQ=HOURLY;INTERVAL=6;COUNT=3", ["11-20", "11-20 15:00", "11-20 21:00"]),
    ("FREQ=MINUTELY;INTERVAL=90;COUNT=2", ["11-20", "11-20 10:30"]),
    # ends
    ("FREQ=DAILY;UNTIL=20261121T090000", ["11-20", "11-21"]),
    ("FREQ=DAILY;UNTIL=20261121T085959", ["11-20"]),
    ("FREQ=DAILY;UNTIL=20261121", ["11-20", "11-21"]),
    ("FREQ=DAILY;UNTIL=20261119", []),
    # as people's programs write it
    ("freq=daily;count=2", ["11-20", "11-21"]),
    ("FREQ=DAILY;COUNT=2;", ["11-20", "11-21"]),
    ("COUNT=2;FREQ=DAILY;X-SOMETHING=1", ["11-20", "11-21"]),
    ("FREQ=DAILY;COUNT=2;RSCALE=GREGORIAN;SKIP=OMIT", ["11-20", "11-21"]),
    ("FREQ=WEEKLY;BYDAY=1FR;COUNT=2", ["11-20", "11-27"]),  # an ordinal has no meaning in a week
    # a start that does not fit is none of the rule's
    ("FREQ=WEEKLY;BYDAY=MO;COUNT=2", ["11-23", "11-30"]),
]


@pytest.mark.parametrize(("rule", "expected"), RULES)
def test_a_rule_yields_its_starts(rule: str, expected: list[str]) -> None:
    assert starts(rule) == expected


def test_what_a_rule_leaves_out_comes_from_its_start() -> None:
    assert starts("FREQ=YEARLY;BYMONTHDAY=20;COUNT=2") == ["11-20", "11-20"]  # not the 20th of every month
    assert starts("FREQ=YEARLY;BYWEEKNO=47;COUNT=2") == ["11-20", "11-26"]  # Fridays, not every day of the week
    assert starts("FREQ=MONTHLY;COUNT=3", "20270131T0900") == ["01-31", "03-31", "05-31"]
    assert starts("FREQ=YEARLY;COUNT=2", "20280229T0900") == ["02-29", "02-29"]


def test_dates_know_no_hours() -> None:
    assert starts("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=5;COUNT=2", "20261120", dates_only=True) == ["11-20", "11-21"]
    assert starts("FREQ=DAILY;UNTIL=20261121T000000Z", "20261120", dates_only=True) == ["11-20", "11-21"]


def test_until_in_utc_is_turned_into_local_time() -> None:
    begin = at(FRIDAY)
    baku = ZoneInfo("Asia/Baku")
    last = read_rule("FREQ=DAILY;UNTIL=20261121T050000Z", begin, zone=baku).until
    assert last == at("20261121T0900")
    # Exchange ends a series of dates at the local midnight, said in UTC.
    last = read_rule("FREQ=DAILY;UNTIL=20261120T200000Z", at("20261120"), dates_only=True, zone=baku).until
    assert last == at("20261121")


BROKEN = [
    ("", "FREQ"),
    ("FREQ=FORTNIGHTLY", "FREQ"),
    ("COUNT=3", "FREQ"),
    ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
    ("FREQ=DAILY;INTERVAL=x", "INTERVAL"),
    ("FREQ=DAILY;COUNT=0", "COUNT"),
    ("FREQ=DAILY;COUNT=99999999999", "COUNT"),
    ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL"),
    ("FREQ=DAILY;UNTIL=20261301", "UNTIL"),
    ("FREQ=DAILY;UNTIL=", "UNTIL"),
    ("FREQ=MONTHLY;BYDAY=XX", "BYDAY"),
    ("FREQ=MONTHLY;BYDAY=54MO", "BYDAY"),
    ("FREQ=MONTHLY;BYDAY=" + ",".join(["MO"] * 1000), "BYDAY"),
    ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
    ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
    ("FREQ=MONTHLY;BYMONTHDAY=1,,2", "BYMONTHDAY"),
    ("FREQ=YEARLY;BYMONTH=13", "BYMONTH"),
    ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH"),
    ("FREQ=DAILY;BYHOUR=24", "BYHOUR"),
    ("FREQ=YEARLY;BYYEARDAY=" + ",".join(["1"] * 1000), "BYYEARDAY"),
    ("FREQ=MONTHLY;SKIP=FORWARD;RSCALE=GREGORIAN", "SKIP"),
    ("FREQ=YEARLY;RSCALE=HEBREW", "another calendar"),
]


@pytest.mark.parametrize(("rule", "named"), BROKEN)
def test_a_broken_rule_is_refused_by_name(rule: str, named: str) -> None:
    with pytest.raises(BadItem, match=named) as refused:
        read_rule(rule, at(FRIDAY))
    assert "tomorrow" not in str(refused.value)  # a reason never quotes


def test_a_negative_count_is_no_count() -> None:
    assert read_rule("FREQ=DAILY;COUNT=-1", at(FRIDAY)).count is None


def test_a_leap_second_is_the_second_before_it() -> None:
    assert read_rule("FREQ=MINUTELY;BYSECOND=60", at(FRIDAY)).by_second == {59}


def test_a_start_that_does_not_fit_uses_up_one_of_count() -> None:
    rule = read_rule("FREQ=WEEKLY;BYDAY=MO;COUNT=2", at(FRIDAY))
    assert len(list(expand(rule, at(FRIDAY)))) == 2
    assert list(expand(rule, at(FRIDAY), start_counts=True)) == [at("20261123T0900")]
    fitting = read_rule("FREQ=WEEKLY;COUNT=2", at(FRIDAY))
    assert len(list(expand(fitting, at(FRIDAY), start_counts=True))) == 2


def test_a_rule_without_count_begins_at_the_window() -> None:
    start = at("19000101T0900")
    rule = read_rule("FREQ=DAILY", start)
    effort = Effort()
    found = list(expand(rule, start, since=at("20261120T0000"), until=at("20261122T0000"), effort=effort))
    assert found == [at("20261120T0900"), at("20261121T0900")]
    assert RULE_STEPS - effort.rule_left < 20


NEVER_OR_ALWAYS = [
    "FREQ=SECONDLY",
    "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MINUTELY",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;COUNT=999999999",
    "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
    f"FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))};BYSECOND=0,1,2,3",
]


@pytest.mark.parametrize("rule", NEVER_OR_ALWAYS)
def test_no_rule_costs_more_than_it_may(rule: str) -> None:
    with pytest.raises(BadItem, match="more dates than can be worked out"):
        list(expand(read_rule(rule, at(FRIDAY)), at(FRIDAY)))


def test_all_rules_of_a_file_share_one_effort() -> None:
    effort = Effort(file_left=1000)
    rule = read_rule("FREQ=DAILY;COUNT=400", at(FRIDAY))
    assert len(list(expand(rule, at(FRIDAY), effort=effort))) == 400
    with pytest.raises(BadItem):
        list(expand(rule, at(FRIDAY), effort=effort))


def test_the_end_of_the_calendar_is_no_error() -> None:
    start = at("99981231T0900")
    assert list(expand(read_rule("FREQ=YEARLY", start), start)) == [start]
    assert list(expand(read_rule("FREQ=YEARLY;INTERVAL=999999999", start), start)) == [start]
    assert start in list(expand(read_rule("FREQ=DAILY;COUNT=3", start), start))
    assert start in list(expand(read_rule("FREQ=HOURLY;INTERVAL=9000", start), start))


PARTS = {
    "INTERVAL": st.integers(1, 5).map(str),
    "BYMONTH": st.sampled_from(["1", "2,6", "11,12"]),
    "BYMONTHDAY": st.sampled_from(["1", "-1", "13,20"]),
    "BYDAY": st.sampled_from(["MO", "FR,SU", "MO,TU,WE,TH,FR"]),
    "BYSETPOS": st.sampled_from(["1", "-1", "1,2"]),
    "BYHOUR": st.sampled_from(["9", "9,18"]),
    "WKST": st.sampled_from(["SU", "MO"]),
}
FREQUENCIES = st.sampled_from([frequency.name for frequency in Frequency if frequency >= Frequency.HOURLY])
MADE = st.builds(
    lambda frequency, parts: ";".join([f"FREQ={frequency}", *(f"{name}={value}" for name, value in parts.items())]),
    FREQUENCIES,
    st.fixed_dictionaries({}, optional=PARTS),
)


@given(MADE, st.integers(0, 500))
def test_it_makes_no_difference_where_one_begins_to_look(made: str, days: int) -> None:
    start, end = at(FRIDAY), at("20280601")
    rule = read_rule(made, start)
    since = start + timedelta(days=days)
    whole = list(expand(rule, start, until=end))
    assert whole == sorted(set(whole))
    assert list(expand(rule, start, since=since, until=end)) == [one for one in whole if one >= since]
