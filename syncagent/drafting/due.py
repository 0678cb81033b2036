"""Answers for what is due: looks that are due become decisions, and decisions to write become stored intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from syncagent.clock import Clocks
from syncagent.crm import drafts, occasions, wake_ups
from syncagent.crm.database import Connection, Database
from syncagent.crm.drafts import Intent
from syncagent.crm.marks import keyed_hash
from syncagent.crm.occasions import Occasion
from syncagent.drafting.facts import facts_of
from syncagent.model import TraceStep
from syncagent.rulebook.decide import Decision, Outcome, decide
from syncagent.rulebook.rule import Rule, Rulebook
from syncagent.rulebook.settings import RuleSettings

#: Looks decided at a time, and written in one transaction.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that deciding needs."""

    database: Database
    rulebook: Rulebook
    settings: RuleSettings
    clocks: Clocks
    secret: bytes


@dataclass(frozen=True, slots=True)
class _Look:
    """One look with its decision; ``rule`` None: the rulebook no longer has it."""

    due: wake_ups.Due
    rule: Rule | None
    occasion: Occasion | None
    decision: Decision | None


def decide_due(bench: Bench) -> int:
    """Decides every look that is due at the domain's time and stores the intents; returns how many are new."""
    now = bench.clocks.domain.now()
    _look_with_changed_rules(bench, now)
    planned, after = 0, 0
    while True:
        with bench.database.read() as connection:
            due = wake_ups.due(connection, now=now, limit=BATCH, after=after)
            known = occasions.load(connection, [one.interaction_id for one in due], now=now)
        if not due:
            return planned
        looks = [_look(bench, one, known, now) for one in due]
        planned += bench.database.retrying(partial(_store, looks=looks, bench=bench, now=now))
        after = due[-1].id


def _look_with_changed_rules(bench: Bench, now: datetime) -> None:
    since = now - timedelta(days=bench.settings.give_up_after_days)
    rules = [(rule.name, rule.hash, rule.wait) for rule in bench.rulebook.rules.values()]
    bench.database.retrying(partial(wake_ups.leave_for_new_rules, rules=rules, since=since))


def _look(bench: Bench, due: wake_ups.Due, known: Mapping[int, Occasion], now: datetime) -> _Look:
    rule = bench.rulebook.rules.get(due.rule)
    occasion = known.get(due.interaction_id)
    if rule is None or occasion is None:
        return _Look(due, rule, occasion, None)
    facts = facts_of(occasion, now=now, shift=bench.clocks.shift)
    return _Look(due, rule, occasion, decide(rule, facts, now=now, settings=bench.settings))


def _store(connection: Connection, looks: Sequence[_Look], bench: Bench, now: datetime) -> int:
    written_at = bench.clocks.system.now()
    wanted = [_intent(look, bench) for look in looks if look.decision and look.decision.outcome is Outcome.DRAFT]
    planned = drafts.plan(connection, wanted, now=written_at)
    for look in looks:
        again = None
        if look.decision is not None and look.decision.outcome is Outcome.LATER:
            again = look.decision.look_again_at
        elif look.decision is not None and look.decision.outcome is Outcome.UNDECIDED:
            again = now
        wake_ups.settle(
            connection,
            look.due.id,
            outcome=look.decision.outcome.value if look.decision else "nothing",
            reason=look.decision.reason if look.decision else "The rule is switched off.",
            trace=told(look.decision.trace) if look.decision else [],
            rule_hash=look.rule.hash if look.rule else "",
            again_at=again,
            now=written_at,
        )
    return len(planned)


def _intent(look: _Look, bench: Bench) -> Intent:
    rule, occasion, decision = look.rule, look.occasion, look.decision
    assert rule is not None and occasion is not None and decision is not None and occasion.actor is not None
    actor = occasion.actor
    name = f"{rule.name}|{occasion.row.natural_key}"
    # Made from the occasion and not by chance: after a restored backup the draft that lies in the mailbox is found
    # again.
    marker = keyed_hash(bench.secret, "draft", name)
    return Intent(
        occasion=name,
        rule=rule.name,
        rule_hash=rule.hash,
        kind=rule.kind.value,
        interaction_id=occasion.row.id,
        our_person_id=actor.our_person_id,
        mailbox_id=actor.mailbox.id,
        recipients=tuple(person.email for person in decision.to),
        copies=tuple(person.email for person in decision.cc),
        language=decision.language,
        due_at=decision.due_at,
        marker=marker,
        message_id=f"{marker}.draft@{actor.email.rpartition('@')[2]}",
        reason=decision.reason,
        trace=told(decision.trace),
    )


def told(trace: Sequence[TraceStep]) -> list[dict[str, Any]]:
    """A trace as it is stored and as ``explain`` shows it."""
    return [asdict(step) for step in trace]
