"""Answers for what a rule does about a meeting now: one pure function from facts to a decision with its reasons.

The same facts, rule, settings and moment give the same decision; no clock, file or database is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from syncagent.model import TraceStep
from syncagent.rulebook.conditions import ALWAYS_UNLESS, ALWAYS_WHEN, PREDICATES, Case, Verdict, moment
from syncagent.rulebook.facts import MeetingFacts, Person
from syncagent.rulebook.languages import primary
from syncagent.rulebook.recipients import GROUPS, may_be_written_to
from syncagent.rulebook.rule import Condition, Rule, Trigger
from syncagent.rulebook.settings import RuleSettings


class Outcome(StrEnum):
    """What to do: make the draft, nothing, look again once more is known, or look again at a time."""

    DRAFT = "draft"
    NOTHING = "nothing"
    UNDECIDED = "undecided"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule decided about a meeting, and why.

    ``look_again_at`` is set for LATER only; UNDECIDED stays due and is decided anew when a stream has been read
    further. Recipients and language are filled whatever the outcome, so that a draft to come can be shown.
    """

    outcome: Outcome
    due_at: datetime
    look_again_at: datetime | None
    reason: str
    trace: tuple[TraceStep, ...]
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    language: str
    template: str


@dataclass(frozen=True, slots=True)
class _Judged:
    """A condition with its answer: what it wants, and what it got."""

    step: TraceStep
    verdict: Verdict
    wanted: Verdict


TRIGGERS: Mapping[Trigger, Callable[[MeetingFacts], datetime]] = {
    Trigger.MEETING_ENDED: lambda facts: facts.end_at,
}


def decide(rule: Rule, facts: MeetingFacts, *, now: datetime, settings: RuleSettings) -> Decision:
    """Decides ``rule`` over ``facts`` at ``now``.

    Guarantees: DRAFT only when every ``when`` of the rule and every safeguard hit and every ``unless`` missed; a
    condition that certainly fails outweighs one that is unknown; every condition looked at is in the trace.
    """
    triggered_at = TRIGGERS[rule.trigger](facts)
    opens_at = triggered_at + rule.wait
    due_at = triggered_at + timedelta(hours=rule.due_within_hours or settings.within_hours)
    to, cc = GROUPS[rule.draft.to](facts), GROUPS[rule.draft.cc](facts)
    language, chosen = _language(rule, facts, to, settings)
    choices = (*_recipient_steps(facts, to, cc), chosen)

    def decision(outcome: Outcome, reason: str, steps: Sequence[TraceStep]) -> Decision:
        again = opens_at if outcome is Outcome.LATER else None
        return Decision(outcome, due_at, again, reason, (*steps, *choices), to, cc, language, rule.draft.template)

    opened = _opened(rule, now, triggered_at, opens_at)
    if now < opens_at:
        return decision(Outcome.LATER, opened.why, [opened])
    judged = _judge(rule, Case(facts, settings, now, opens_at, to))
    steps = [opened, *(each.step for each in judged)]
    unmet = [each for each in judged if each.verdict is not each.wanted]
    certain = [each for each in unmet if each.verdict is not Verdict.UNKNOWN]
    for outcome, found in ((Outcome.NOTHING, certain), (Outcome.UNDECIDED, unmet)):
        if found:
            return decision(outcome, found[0].step.why, steps)
    reason = (
        f"{rule.title}: the meeting ended at {moment(triggered_at)}, all conditions are met, due by {moment(due_at)}."
    )
    return decision(Outcome.DRAFT, reason, steps)


def _opened(rule: Rule, now: datetime, triggered_at: datetime, opens_at: datetime) -> TraceStep:
    if now < opens_at:
        why = f"Too early: the meeting ends at {moment(triggered_at)}, and the first look is at {moment(opens_at)}."
        return TraceStep(f"trigger {rule.trigger}", moment(triggered_at), Verdict.MISS.value, why)
    why = f"The meeting ended at {moment(triggered_at)}."
    return TraceStep(f"trigger {rule.trigger}", moment(triggered_at), Verdict.HIT.value, why)


def _judge(rule: Rule, case: Case) -> list[_Judged]:
    """Every condition of the rule and every safeguard, each once, in the order of the file."""
    asked: dict[tuple[str, Condition], Verdict] = {}
    for group, wanted, conditions in (
        ("when", Verdict.HIT, (*rule.when, *ALWAYS_WHEN)),
        ("unless", Verdict.MISS, (*rule.unless, *ALWAYS_UNLESS)),
    ):
        asked.update({(group, condition): wanted for condition in conditions})
    judged = []
    for (group, condition), wanted in asked.items():
        answer = PREDICATES[condition.name].look(case, condition.options)
        step = TraceStep(f"{group} {condition.name}", answer.value, answer.verdict.value, answer.why)
        judged.append(_Judged(step, answer.verdict, wanted))
    return judged


def _recipient_steps(facts: MeetingFacts, to: tuple[Person, ...], cc: tuple[Person, ...]) -> list[TraceStep]:
    steps = [
        TraceStep(field, ", ".join(person.email for person in people), "chosen", why)
        for field, people, why in (
            ("to", to, "Those who took part and may be written to, the contact person first."),
            ("cc", cc, "Chosen by the rule."),
        )
        if people
    ]
    for person in facts.took_part:
        if not may_be_written_to(person):
            why = "Has opted out." if person.opted_out else "Has no address."
            steps.append(TraceStep("to", person.email or person.name, "left_out", why))
    return steps


def _language(rule: Rule, facts: MeetingFacts, to: tuple[Person, ...], settings: RuleSettings) -> tuple[str, TraceStep]:
    """The recipient's language; with several the contact person's, else the first in To, else the mailbox's.

    Contact persons stand first in To, so the first recipient answers for both. Without a template in that language the
    next candidate that has one is taken, and English before any other.
    """
    ours = facts.actor.language if facts.actor else ""
    ranked = [
        (primary(to[0].language) if to else "", "The language of the first recipient."),
        (primary(ours or settings.default_language), "The language of the mailbox that the letter is written from."),
        ("en", "English, as the last resort."),
        *((language, "The only language there is a template in.") for language in sorted(rule.templates)),
    ]
    named = [(language, why) for language, why in ranked if language]
    language, why = next(each for each in named if each[0] in rule.templates)
    missing = [each for each, _ in named[: named.index((language, why))]]
    note = f" There is no template in {', '.join(dict.fromkeys(missing))}." if missing else ""
    return language, TraceStep("language", language, "chosen", why + note)
