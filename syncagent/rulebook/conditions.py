"""Answers for what a rule can ask: one explicit table of pure predicates, each with its answer in a sentence.

A predicate looks at a ``Case`` and at nothing else. It answers hit or miss; one that speaks of an *absence* answers
unknown as long as a stream in which the missing thing would be seen is not complete past the moment in question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from syncagent.rulebook.facts import MeetingFacts, Person, StreamState
from syncagent.rulebook.rule import Condition
from syncagent.rulebook.settings import RuleSettings
from syncagent.vocabulary import InteractionState


class Verdict(StrEnum):
    """How a predicate answered."""

    HIT = "hit"
    MISS = "miss"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Case:
    """All that a predicate may look at. ``opens_at`` is the trigger plus the rule's wait: the first moment to look."""

    facts: MeetingFacts
    settings: RuleSettings
    now: datetime
    opens_at: datetime
    to: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict, the value that it rests on, and why in one English sentence."""

    verdict: Verdict
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """A row of the table. With ``choices`` a rule lists the accepted ones, without it writes ``true``."""

    look: Callable[[Case, tuple[str, ...]], Answer]
    meaning: str
    choices: tuple[str, ...] = ()


MEETING_KINDS = ("meeting", "call", "meal", "other")

_NOT_HELD: Mapping[InteractionState, str] = {
    InteractionState.CANCELLED: "The meeting was cancelled.",
    InteractionState.DECLINED: "The meeting was declined.",
}


def moment(at: datetime) -> str:
    """A moment as traces write it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _answer(hit: bool, value: str, yes: str, no: str) -> Answer:
    return Answer(Verdict.HIT, value, yes) if hit else Answer(Verdict.MISS, value, no)


def _held(case: Case, options: tuple[str, ...]) -> Answer:
    facts = case.facts
    if facts.state in _NOT_HELD:
        return Answer(Verdict.MISS, facts.state.value, _NOT_HELD[facts.state])
    names = ", ".join(colleague.name or colleague.email for colleague in facts.ours)
    return _answer(
        bool(facts.ours),
        f"{facts.state}; {names}",
        "The meeting was neither cancelled nor declined, and at least one of ours took part.",
        "None of ours took part in the meeting.",
    )


def _recent(case: Case, options: tuple[str, ...]) -> Answer:
    days = case.settings.give_up_after_days
    return _answer(
        case.now - case.facts.end_at <= timedelta(days=days),
        moment(case.facts.end_at),
        f"The meeting ended no more than {days} days ago.",
        f"The meeting ended more than {days} days ago, which is too late for a letter.",
    )


def _key_account(case: Case, options: tuple[str, ...]) -> Answer:
    return _answer(
        case.facts.key_account,
        ", ".join(case.facts.accounts),
        "The meeting was with a key account.",
        "The meeting was not with a key account.",
    )


def _stakeholder_took_part(case: Case, options: tuple[str, ...]) -> Answer:
    known = [person for person in case.facts.took_part if person.stakeholder_id is not None]
    return _answer(
        bool(known),
        ", ".join(person.email for person in known),
        "At least one stakeholder took part.",
        "No stakeholder took part: none was invited, or all of them declined.",
    )


def _meeting_kind(case: Case, options: tuple[str, ...]) -> Answer:
    kind = case.facts.meeting_kind
    wanted = " or ".join(options)
    return _answer(
        kind in options,
        kind,
        f"It was of the kind {kind}, and the rule is for {wanted}.",
        f"It was of the kind {kind or 'unknown'}, but the rule is for {wanted}.",
    )


def _someone_acts(case: Case, options: tuple[str, ...]) -> Answer:
    actor = case.facts.actor
    return _answer(
        actor is not None,
        case.facts.actor_mailbox if actor else "",
        "One of ours who took part can write the letter.",
        "Nobody of ours who took part has a mailbox here to write the letter from.",
    )


def _has_recipient(case: Case, options: tuple[str, ...]) -> Answer:
    return _answer(
        bool(case.to),
        ", ".join(person.email for person in case.to),
        "There is at least one person to write to.",
        "There is nobody to write to: nobody took part who has an address and has not opted out.",
    )


def _all_day(case: Case, options: tuple[str, ...]) -> Answer:
    return _answer(
        case.facts.all_day,
        "all day" if case.facts.all_day else moment(case.facts.start_at),
        "It is an all-day entry, a block in the calendar rather than a meeting.",
        "It has a time of its own.",
    )


def _internal(case: Case, options: tuple[str, ...]) -> Answer:
    return _answer(
        case.facts.internal,
        f"{len(case.facts.took_part)} from outside",
        "It was an internal meeting.",
        "People from outside were invited.",
    )


def _private(case: Case, options: tuple[str, ...]) -> Answer:
    return _answer(
        case.facts.private,
        "private" if case.facts.private else "normal",
        "The meeting is marked private, personal or confidential.",
        "The meeting is not marked private.",
    )


def _already_written(case: Case, options: tuple[str, ...]) -> Answer:
    facts = case.facts
    after = [mail for mail in facts.written if mail.at > facts.end_at]
    if after:
        first = min(after, key=lambda mail: (mail.at, mail.message_id))
        why = f"{first.by} already wrote to {first.to} at {moment(first.at)}, after the meeting."
        return Answer(Verdict.HIT, first.message_id, why)
    if not facts.rests_on:
        return Answer(
            Verdict.UNKNOWN, "no stream", "No mail is read in which a letter written meanwhile would be seen."
        )
    # What was read long ago proves nothing about the hours since, e.g. when an account became a key account today.
    needed = max(case.opens_at, case.now - case.settings.fresh_within)
    stale = [stream for stream in facts.rests_on if stream.complete_to is None or stream.complete_to < needed]
    value = "; ".join(_stream(stream) for stream in stale or facts.rests_on)
    if stale:
        why = f"Whether somebody wrote after it is not known until these are read past {moment(needed)}: {value}."
        return Answer(Verdict.UNKNOWN, value, why)
    return Answer(Verdict.MISS, value, "Nobody of ours who took part has written to them since the meeting ended.")


def _stream(state: StreamState) -> str:
    complete = f"complete to {moment(state.complete_to)}" if state.complete_to else "never complete"
    return f"{state.mailbox}/{state.stream} {complete}"


PREDICATES: Mapping[str, Predicate] = {
    "all_day": Predicate(_all_day, "the entry covers whole days"),
    "already_written": Predicate(
        _already_written, "one of ours who took part wrote to one of those who took part after the end (an absence)"
    ),
    "has_recipient": Predicate(_has_recipient, "somebody is left to write to: has an address, has not opted out"),
    "held": Predicate(_held, "neither cancelled nor declined, and one of ours took part"),
    "internal": Predicate(_internal, "nobody from outside was invited"),
    "key_account": Predicate(_key_account, "one of its accounts is a key account"),
    "meeting_kind": Predicate(_meeting_kind, "it was one of the kinds listed", MEETING_KINDS),
    "private": Predicate(_private, "a copy of it is private, personal or confidential"),
    "recent": Predicate(_recent, "it ended no more than [follow_up].give_up_after_days ago"),
    "someone_acts": Predicate(_someone_acts, "one of ours who took part has a mailbox here"),
    "stakeholder_took_part": Predicate(_stakeholder_took_part, "a stakeholder did not decline"),
}

#: Hold for every rule whatever its file says: key accounts only, nothing private, never to somebody who opted out.
ALWAYS_WHEN = (Condition("key_account"), Condition("someone_acts"), Condition("has_recipient"))
ALWAYS_UNLESS = (Condition("private"),)
