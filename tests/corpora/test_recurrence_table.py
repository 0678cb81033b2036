"""Recurrence rules against the table of libical's own tests: rule, start, and exactly the instances that it yields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from syncagent.errors import BadItem
from syncagent.formats.recurrence import expand
from syncagent.formats.rules import Rule, read_rule

pytestmark = pytest.mark.corpora

#: Rules on which we differ, by rule and start, and why. Each must really fail: an exception that holds is taken out.
EXCEPTIONS = {
    (rule, "20270103T000000Z"): (
        "the start fits no day of the rule, which RFC 5545 3.8.5.3 leaves open: libical then counts INTERVAL from the "
        "calendar year 2027, although 3 January 2027 lies in a week of 2026, and for starts that fit it counts weeks"
    )
    for rule in (
        "FREQ=YEARLY;BYWEEKNO=53;INTERVAL=6;BYDAY=TH;COUNT=1",
        "FREQ=YEARLY;BYWEEKNO=53;INTERVAL=5;BYDAY=TH;COUNT=1",
    )
}
MOST_EXCEPTIONS = 10


@dataclass(frozen=True)
class Case:
    """One entry of the table. ``look_from`` is a moment from which libical begins to look, mostly the start."""

    rule: str
    start: str
    instances: tuple[str, ...]
    look_from: str

    @property
    def has_instances(self) -> bool:
        return all(re.fullmatch(r"\d{8}(T\d{6}Z?)?", instance) for instance in self.instances)

    @property
    def is_gregorian(self) -> bool:
        return "RSCALE=" not in self.rule

    @property
    def expected(self) -> list[datetime]:
        return [wall(instance) for instance in self.instances]

    def read(self) -> Rule:
        return read_rule(self.rule, wall(self.start), dates_only="T" not in self.start)


def wall(text: str) -> datetime:
    """The table counts in one zone: a Z changes nothing."""
    return datetime.fromisoformat(text.removesuffix("Z"))


def cases_of(path: Path) -> Iterator[Case]:
    for block in path.read_text("utf-8").split("\n\n"):
        lines = (line.partition(":") for line in block.splitlines() if line and not line.startswith("#"))
        fields = {name: value.strip() for name, _, value in lines}
        if "RRULE" in fields:
            instances = tuple(fields.get("INSTANCES", "").split(","))
            yield Case(fields["RRULE"], fields["DTSTART"], instances, fields.get("START-AT", fields["DTSTART"]))


@pytest.fixture(scope="module")
def table(corpora: Path) -> list[Case]:
    paths = sorted((corpora / "libical" / "src" / "test").glob("icalrecur_test*.txt"))
    return [case for path in paths for case in cases_of(path)]


@pytest.fixture(scope="module")
def gregorian(table: list[Case]) -> list[Case]:
    return [case for case in table if case.is_gregorian and case.has_instances]


def test_the_table_is_whole(table: list[Case], gregorian: list[Case]) -> None:
    assert len(table) == 180
    assert sum(not case.is_gregorian for case in table) == 34
    assert [case.rule for case in table if case.is_gregorian and not case.has_instances] == [
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;BYWEEKNO=1;UNTIL=20320101"  # libical itself has not implemented it
    ]
    assert len(gregorian) == 145


def test_every_rule_yields_its_instances(gregorian: list[Case]) -> None:
    wrong = [
        (case.rule, case.start) for case in gregorian if list(expand(case.read(), wall(case.start))) != case.expected
    ]
    assert len(EXCEPTIONS) <= MOST_EXCEPTIONS
    assert set(wrong) == set(EXCEPTIONS)


def test_it_makes_no_difference_where_one_begins_to_look(gregorian: list[Case]) -> None:
    for case in gregorian:
        if (case.rule, case.start) in EXCEPTIONS:
            continue
        rule, start, expected = case.read(), wall(case.start), case.expected
        for since in {wall(case.look_from), expected[len(expected) // 2], expected[-1]}:
            found = list(expand(rule, start, since=since))
            assert found == [instance for instance in expected if instance >= since], case
        until = expected[len(expected) // 2]
        assert list(expand(rule, start, until=until)) == [one for one in expected if one <= until], case


def test_other_calendars_are_refused_by_name(table: list[Case]) -> None:
    refused = 0
    for case in table:
        if case.is_gregorian:
            continue
        try:
            rule = case.read()
        except BadItem as error:
            refused += 1
            assert "RFC 7529" in error.message
        else:  # RSCALE=GREGORIAN without SKIP says nothing new
            assert list(expand(rule, wall(case.start))) == case.expected
    assert refused == 33
