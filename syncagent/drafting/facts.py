"""Answers for turning what the database knows of a meeting into what a rule may ask; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from syncagent.crm.occasions import Guest, Host, Occasion
from syncagent.rulebook.facts import Colleague, MeetingFacts, Person, StreamState, Written
from syncagent.vocabulary import InteractionState

_STATES = {"cancelled": InteractionState.CANCELLED, "declined": InteractionState.DECLINED}


def facts_of(occasion: Occasion, *, now: datetime, shift: timedelta) -> MeetingFacts:
    """The facts at the domain's ``now``, which runs ``shift`` ahead of the system's time that the ledger is in."""
    row = occasion.row
    upcoming = occasion.next_meeting
    return MeetingFacts(
        interaction_id=row.id,
        subject=row.subject,
        start_at=row.at,
        end_at=row.ended_at,
        all_day=row.all_day,
        zone=row.zone,
        state=_state(occasion, now),
        meeting_kind=row.meeting_kind,
        private=occasion.closed,
        internal=not occasion.guests,
        accounts=tuple(account.name for account in occasion.accounts),
        key_account=any(account.is_key for account in occasion.accounts),
        took_part=tuple(_person(guest) for guest in occasion.guests),
        ours=tuple(_colleague(host) for host in occasion.hosts),
        actor=_colleague(occasion.actor) if occasion.actor else None,
        actor_mailbox=occasion.actor.mailbox.name if occasion.actor else "",
        agenda=tuple(occasion.agenda),
        documents=tuple(occasion.documents),
        next_meeting_at=upcoming.at if upcoming else None,
        next_meeting_subject=upcoming.subject if upcoming else "",
        written=tuple(Written(letter.at, letter.author, letter.to, letter.message_id) for letter in occasion.written),
        rests_on=tuple(
            StreamState(mailbox, stream, complete_to + shift if complete_to else None)
            for mailbox, stream, complete_to in occasion.streams
        ),
    )


def _state(occasion: Occasion, now: datetime) -> InteractionState:
    """How the meeting stands. One that left every calendar counts as cancelled: better no letter than a wrong one."""
    row = occasion.row
    if row.gone_at is not None:
        return InteractionState.CANCELLED
    if row.outcome in _STATES:
        return _STATES[row.outcome]
    if now >= row.ended_at:
        return InteractionState.DONE
    return InteractionState.TENTATIVE if row.outcome == "tentative" else InteractionState.PLANNED


def _person(guest: Guest) -> Person:
    known = guest.stakeholder
    if known is None:
        return Person(name=guest.name, email=guest.email, language="")
    return Person(
        name=known.name,
        email=guest.email,
        language=known.language,
        title=known.title,
        formality=known.formality,
        salutation=known.salutation,
        contact_person=known.contact_person,
        opted_out=known.opted_out,
        stakeholder_id=known.id,
    )


def _colleague(host: Host) -> Colleague:
    mailbox = host.mailbox
    return Colleague(
        name=host.name,
        email=host.email,
        language=mailbox.language if mailbox else host.language,
        zone=mailbox.zone if mailbox else host.zone,
        signature=mailbox.signature if mailbox else "",
    )
