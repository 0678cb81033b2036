"""Answers for placing a draft once: look for its marker, decide again, place, store where it lies; and for its fate.

A missing draft is better than two (promise 3). Whatever ends the process between two of these steps, the next pass
finds the draft by its marker; where the mailbox cannot tell, the draft is ``uncertain`` and waits.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from syncagent.crm import drafts, occasions
from syncagent.crm.drafts import DraftRow
from syncagent.crm.mailboxes import MailboxRow
from syncagent.crm.occasions import Occasion
from syncagent.drafting.due import Bench
from syncagent.drafting.facts import facts_of
from syncagent.errors import Retry, Scope, SyncAgentError
from syncagent.model import Absent, Address, CannotTell, DraftMail, Event, Placed, Present, Upsert
from syncagent.ports import DraftBox, Glimpse, Observer, Point, Source
from syncagent.reading.content import agenda
from syncagent.rulebook.decide import Decision, Outcome, decide
from syncagent.rulebook.rule import Rule
from syncagent.rulebook.templates import render
from syncagent.vocabulary import DraftState, Role

log = logging.getLogger(__name__)

#: How long a placing whose end is not known waits before its marker is looked for again: indexes lag.
DOUBT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Outbox:
    """The way into one mailbox for drafts."""

    bench: Bench
    mailbox: MailboxRow
    box: DraftBox
    source: Source
    observer: Observer

    def saw(self, point: Point) -> None:
        """Tells the observer."""
        self.observer.saw(Glimpse(point, self.mailbox.settings.name))


def place_all(outbox: Outbox) -> int:
    """Places what is planned for this mailbox; returns how many were placed. One's trouble does not stop the others.

    Raises errors of the whole process; a mailbox that cannot be written to ends its own turn and the rest
    stays planned.
    """
    bench = outbox.bench
    with bench.database.read() as connection:
        waiting = drafts.to_place(connection, outbox.mailbox.id, now=bench.clocks.system.now())
        known = occasions.load(connection, [draft.interaction_id for draft in waiting], now=bench.clocks.domain.now())
    placed = 0
    for draft in waiting:
        try:
            placed += _place(outbox, draft, known)
        except SyncAgentError as error:
            if error.scope is Scope.PROCESS:
                raise
            log.warning("draft not placed", extra={"action": "draft_not_placed", "error": error.code})
            if error.scope is not Scope.ITEM:
                break
    return placed


def _place(outbox: Outbox, draft: DraftRow, known: Mapping[int, Occasion]) -> bool:
    where = outbox.box.find(draft.marker)
    if isinstance(where, Present):
        _adopt(outbox, draft, where)
        return False
    if isinstance(where, CannotTell):
        _became(outbox, draft, DraftState.UNCERTAIN, f"Whether it was placed is not known: {where.reason}", doubt=True)
        return False
    rule = outbox.bench.rulebook.rules.get(draft.rule)
    occasion = known.get(draft.interaction_id)
    if rule is None or occasion is None or occasion.actor is None:
        _became(outbox, draft, DraftState.OBSOLETE, "Its rule, or its meeting, no longer exists.")
        return False
    now = outbox.bench.clocks.domain.now()
    facts = facts_of(occasion, now=now, shift=outbox.bench.clocks.shift)
    decision = decide(rule, facts, now=now, settings=outbox.bench.settings)
    if decision.outcome is Outcome.NOTHING:
        _became(outbox, draft, DraftState.OBSOLETE, decision.reason)
        return False
    if decision.outcome is not Outcome.DRAFT:
        return False  # undecided: a stream that it rests on is not read far enough; it stays planned
    _write(outbox, draft, _composed(outbox, draft, rule, occasion, decision))
    return True


def _composed(outbox: Outbox, draft: DraftRow, rule: Rule, occasion: Occasion, decision: Decision) -> DraftMail:
    now = outbox.bench.clocks.domain.now()
    facts = facts_of(occasion, now=now, shift=outbox.bench.clocks.shift)
    if not occasion.agenda_kept:
        facts = replace(facts, agenda=_fetched_agenda(outbox, occasion))
    letter = render(rule, facts, decision, now=now)
    assert facts.actor is not None
    return DraftMail(
        marker=draft.marker,
        message_id=draft.message_id,
        from_=Address(facts.actor.email, facts.actor.name),
        to=tuple(Address(person.email, person.name) for person in decision.to),
        cc=tuple(Address(person.email, person.name) for person in decision.cc),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        at=now,
        language=letter.language,
    )


def _fetched_agenda(outbox: Outbox, occasion: Occasion) -> tuple[str, ...]:
    """At store level metadata nothing is kept: what a draft needs is fetched when it is made."""
    for change in outbox.source.revisit(occasion.refs):
        if isinstance(change, Upsert) and isinstance(change.item, Event):
            return agenda(change.item.description)
    return ()


def _write(outbox: Outbox, draft: DraftRow, mail: DraftMail) -> None:
    database = outbox.bench.database
    database.retrying(partial(drafts.trying, draft_id=draft.id))
    outbox.saw(Point.PLACING)
    try:
        placed = outbox.box.place(mail, None)
    except SyncAgentError as error:
        if error.retry is Retry.NEVER:
            _became(outbox, draft, DraftState.FAILED, error.sentence)
        else:
            _became(outbox, draft, DraftState.UNCERTAIN, f"Placing it broke off: {error.message}", doubt=True)
        raise
    outbox.saw(Point.PLACED)
    _store(outbox, draft, placed, mail.subject)
    outbox.saw(Point.PLACE_STORED)


def _store(outbox: Outbox, draft: DraftRow, placed: Placed, subject: str) -> None:
    now = outbox.bench.clocks.system.now()
    outbox.bench.database.retrying(partial(drafts.placed, draft_id=draft.id, where=placed, subject=subject, now=now))


def _adopt(outbox: Outbox, draft: DraftRow, where: Present) -> None:
    """The draft was placed before a crash; its ids were never stored."""
    if where.role is Role.DRAFTS:
        # No version: whether a person touched it meanwhile is not known, so it is never changed or removed by us.
        _store(outbox, draft, Placed(where.ref, "", draft.message_id), draft.subject)
    elif where.role is Role.TRASH:
        _became(outbox, draft, DraftState.DISCARDED, "It was moved to the trash.")
    else:
        _became(outbox, draft, DraftState.SENT, "It was sent.", sent_match="certain")


def settle_vanished(outbox: Outbox) -> None:
    """Learns what became of drafts that left the Drafts folder without being seen elsewhere in the round."""
    database = outbox.bench.database
    with database.read() as connection:
        missing = drafts.vanished(connection, outbox.mailbox.id)
    for draft in missing:
        where = outbox.box.find(draft.marker)
        if isinstance(where, Present) and where.role is Role.DRAFTS:
            now = outbox.bench.clocks.system.now()
            database.retrying(partial(drafts.found_again, draft_id=draft.id, ref=where.ref, now=now))
        elif isinstance(where, Present):
            _adopt(outbox, draft, where)
        elif isinstance(where, Absent):
            with database.read() as connection:
                sent = drafts.probably_sent(connection, draft)
            if sent:
                _became(
                    outbox,
                    draft,
                    DraftState.SENT,
                    "A mail with its subject went to its recipients.",
                    sent_match="probable",
                )
            else:
                _became(outbox, draft, DraftState.DISCARDED, "deleted or sent elsewhere")


def _became(
    outbox: Outbox, draft: DraftRow, state: DraftState, reason: str, *, sent_match: str = "", doubt: bool = False
) -> None:
    now = outbox.bench.clocks.system.now()
    outbox.bench.database.retrying(
        partial(
            drafts.became,
            draft_id=draft.id,
            state=state,
            reason=reason,
            now=now,
            sent_match=sent_match,
            next_at=now + DOUBT if doubt else None,
        )
    )
