"""Decisions: outcome, times, recipients, language and the trace. The table of outcomes is in test_rule_page."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from syncagent.rulebook.decide import Decision, Outcome, decide
from syncagent.rulebook.facts import MeetingFacts, Person, StreamState, Written
from syncagent.rulebook.rule import Condition, Rule
from syncagent.rulebook.settings import RuleSettings
from syncagent.vocabulary import InteractionState
from tests.unit.rulebook.builders import (
    AYSEL,
    ELIF,
    EMMA,
    END,
    KAMRAN,
    NIGAR,
    NOW,
    OLGA,
    RASHAD,
    SEVDA,
    START,
    THANKS,
    formal,
    meeting,
)


def decided(facts: MeetingFacts, now: datetime = NOW, rule: Rule | None = None, **settings: Any) -> Decision:
    return decide(rule or formal(), facts, now=now, settings=RuleSettings(**settings))


def test_a_draft_is_due_48_hours_after_the_end() -> None:
    decision = decided(meeting())
    assert decision.outcome is Outcome.DRAFT
    assert decision.due_at == END + timedelta(hours=48)
    assert decision.look_again_at is None
    assert decision.template == "follow_up/formal"
    assert decision.reason == (
        "Formal follow-up: the meeting ended at 2026-11-20 12:00 UTC, all conditions are met, "
        "due by 2026-11-22 12:00 UTC."
    )


def test_the_deadline_is_the_rules_own_else_the_setting() -> None:
    own = dataclasses.replace(formal(), due_within_hours=3)
    assert decided(meeting(), within_hours=24).due_at == END + timedelta(hours=24)
    assert decided(meeting(), rule=own, within_hours=24).due_at == END + timedelta(hours=3)


@pytest.mark.parametrize("wait", [timedelta(), timedelta(minutes=15)])
def test_before_the_end_and_the_wait_it_is_looked_at_later(wait: timedelta) -> None:
    rule = dataclasses.replace(formal(), wait=wait)
    opens_at = END + wait
    early = decided(meeting(), opens_at - timedelta(seconds=1), rule)
    assert (early.outcome, early.look_again_at) == (Outcome.LATER, opens_at)
    assert [step.verdict for step in early.trace if step.step == "trigger meeting_ended"] == ["miss"]
    assert decided(meeting(), opens_at, rule).outcome is Outcome.DRAFT


def test_a_moved_meeting_is_decided_after_its_new_end() -> None:
    moved = meeting(start_at=START + timedelta(days=7), end_at=END + timedelta(days=7))
    decision = decided(moved)
    assert (decision.outcome, decision.look_again_at) == (Outcome.LATER, END + timedelta(days=7))
    assert decision.due_at == END + timedelta(days=9)


def test_the_trace_keeps_hits_and_misses_in_the_order_of_the_file() -> None:
    decision = decided(meeting(state=InteractionState.CANCELLED, private=True))
    assert decision.outcome is Outcome.NOTHING
    assert decision.reason == "The meeting was cancelled."
    assert [(step.step, step.verdict) for step in decision.trace] == [
        ("trigger meeting_ended", "hit"),
        ("when held", "miss"),
        ("when recent", "hit"),
        ("when key_account", "hit"),
        ("when stakeholder_took_part", "hit"),
        ("when meeting_kind", "hit"),
        ("when someone_acts", "hit"),
        ("when has_recipient", "hit"),
        ("unless all_day", "miss"),
        ("unless internal", "miss"),
        ("unless private", "hit"),
        ("unless already_written", "miss"),
        ("to", "chosen"),
        ("language", "chosen"),
    ]
    assert all(step.why.endswith((".", ". ")) for step in decision.trace)


@pytest.mark.parametrize("changes", [{"key_account": False}, {"private": True}, {"actor": None}, {"took_part": ()}])
def test_no_rule_can_leave_out_the_safeguards(changes: dict[str, Any]) -> None:
    lax = dataclasses.replace(formal(), when=(), unless=())
    assert decided(meeting(), rule=lax).outcome is Outcome.DRAFT
    assert decided(meeting(**changes), rule=lax).outcome is Outcome.NOTHING


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("complete_to", "now", "outcome"),
    [
        ([NOW], NOW, Outcome.DRAFT),
        ([END], END, Outcome.DRAFT),
        ([END - timedelta(seconds=1)], END, Outcome.UNDECIDED),
        ([NOW, END - HOUR], NOW, Outcome.UNDECIDED),
        ([NOW, None], NOW, Outcome.UNDECIDED),
        ([], NOW, Outcome.UNDECIDED),
        # read after the meeting, but long before the decision
        ([END + HOUR], END + 30 * HOUR, Outcome.UNDECIDED),
        ([END + 29 * HOUR], END + 30 * HOUR, Outcome.DRAFT),
        # the real reading is ahead of a domain clock that was set back: a rehearsal
        ([END + 500 * HOUR], END + 30 * HOUR, Outcome.DRAFT),
        # too late whatever the stream says
        ([None], END + timedelta(days=14, seconds=1), Outcome.NOTHING),
    ],
)
def test_an_absence_rests_on_complete_streams(
    complete_to: list[datetime | None], now: datetime, outcome: Outcome
) -> None:
    streams = tuple(StreamState("kamran", f"s{number}", at) for number, at in enumerate(complete_to))
    decision = decided(meeting(rests_on=streams), now)
    assert decision.outcome is outcome
    assert decision.look_again_at is None


def test_an_undecided_trace_names_the_stale_stream() -> None:
    streams = (StreamState("kamran", "INBOX", NOW), StreamState("kamran", "Sent", None))
    decision = decided(meeting(rests_on=streams))
    step = next(step for step in decision.trace if step.step == "unless already_written")
    assert (step.value, step.verdict) == ("kamran/Sent never complete", "unknown")
    assert decision.reason == step.why
    assert "kamran/Sent" in decision.reason


@pytest.mark.parametrize(
    ("after_end", "outcome"),
    [(timedelta(seconds=1), Outcome.NOTHING), (timedelta(), Outcome.DRAFT), (-HOUR, Outcome.DRAFT)],
)
def test_only_what_was_written_after_the_end_counts(after_end: timedelta, outcome: Outcome) -> None:
    mail = Written(END + after_end, SEVDA.email, NIGAR.email, "m@bizim.example")
    assert decided(meeting(written=(mail,))).outcome is outcome


def test_the_first_letter_after_the_meeting_is_the_reason() -> None:
    later = dataclasses.replace(THANKS, at=THANKS.at + HOUR, message_id="later@bizim.example")
    decision = decided(meeting(written=(later, THANKS)))
    assert decision.reason == (
        "kamran@bizim.example already wrote to nigar@musteri.example at 2026-11-20 12:10 UTC, after the meeting."
    )


def person(base: Person, **changes: Any) -> Person:
    return dataclasses.replace(base, **changes)


@pytest.mark.parametrize(
    ("took_part", "expected"),
    [
        ((NIGAR, RASHAD), (NIGAR, RASHAD)),
        ((NIGAR, person(RASHAD, contact_person=True), AYSEL), (person(RASHAD, contact_person=True), NIGAR, AYSEL)),
        ((person(NIGAR, opted_out=True), RASHAD), (RASHAD,)),
        ((person(NIGAR, email=""), RASHAD), (RASHAD,)),
        ((NIGAR, RASHAD, person(NIGAR, name="Nigar Q.")), (NIGAR, RASHAD)),
        ((NIGAR, RASHAD, person(NIGAR, opted_out=True)), (RASHAD,)),
        ((NIGAR, RASHAD, person(NIGAR, email="nigar@home.example")), (NIGAR, RASHAD)),
        ((NIGAR, person(EMMA, stakeholder_id=None)), (NIGAR, person(EMMA, stakeholder_id=None))),
    ],
)
def test_recipients(took_part: tuple[Person, ...], expected: tuple[Person, ...]) -> None:
    decision = decided(meeting(took_part=took_part))
    assert decision.to == expected
    assert decision.cc == ()


def test_who_is_left_out_is_in_the_trace() -> None:
    decision = decided(meeting(took_part=(person(NIGAR, opted_out=True), person(RASHAD, email=""), EMMA)))
    left_out = [(step.value, step.why) for step in decision.trace if step.verdict == "left_out"]
    assert left_out == [(NIGAR.email, "Has opted out."), (RASHAD.name, "Has no address.")]


GERMAN = person(EMMA, language="de")


@pytest.mark.parametrize(
    ("took_part", "mailbox", "default", "expected"),
    [
        ((EMMA,), "az", "az", "en"),
        ((EMMA, NIGAR), "az", "az", "en"),
        ((EMMA, person(NIGAR, contact_person=True)), "en", "en", "az"),
        ((person(NIGAR, language=""), EMMA), "ru", "az", "ru"),
        ((person(NIGAR, language="AZ-Latn"),), "en", "en", "az"),
        ((OLGA,), "az", "az", "ru"),
        ((ELIF,), "az", "az", "tr"),
        ((GERMAN,), "az", "en", "az"),
        ((GERMAN,), "de", "az", "en"),
        ((person(NIGAR, language=""),), "", "az", "az"),
        ((person(NIGAR, language=""),), "", "", "en"),
    ],
)
def test_language(took_part: tuple[Person, ...], mailbox: str, default: str, expected: str) -> None:
    actor = dataclasses.replace(KAMRAN, language=mailbox)
    decision = decided(meeting(took_part=took_part, actor=actor), default_language=default)
    assert decision.language == expected


def test_a_language_without_template_is_explained() -> None:
    step = next(step for step in decided(meeting(took_part=(GERMAN,))).trace if step.step == "language")
    assert step.why == "The language of the mailbox that the letter is written from. There is no template in de."


def test_the_only_template_is_taken_whatever_its_language() -> None:
    rule = dataclasses.replace(formal(), templates={"tr": formal().templates["tr"]})
    assert decided(meeting(), rule=rule).language == "tr"


def test_kinds_are_data_of_the_rule() -> None:
    rule = dataclasses.replace(formal(), when=(Condition("meeting_kind", ("meal",)),))
    assert decided(meeting(meeting_kind="meal"), rule=rule).outcome is Outcome.DRAFT
    assert decided(meeting(), rule=rule).reason == "It was of the kind meeting, but the rule is for meal."


def test_a_decision_does_not_depend_on_the_zone_of_the_clock() -> None:
    elsewhere = NOW.astimezone(ZoneInfo(KAMRAN.zone))
    assert decided(meeting(), elsewhere) == decided(meeting(), NOW.astimezone(UTC))
