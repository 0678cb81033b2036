"""Answers for everything that a rule may know about a meeting, read for many meetings in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from syncagent.crm.tables.interactions import Contact, Document, Interaction, Location, OurPart, Participant, Sighting
from syncagent.crm.tables.mailboxes import Mailbox
from syncagent.crm.tables.mailboxes import Stream as StreamRow
from syncagent.crm.tables.people import Account, OurAddress, OurPerson, Stakeholder, Team
from syncagent.crm.types import chunks
from syncagent.model import Ref
from syncagent.vocabulary import CONTACT_ROLES, AttendeeKind, InteractionKind, Response, Role, Sensitivity, StoreLevel

#: Store levels, the one that keeps least first.
_STRICTEST_FIRST = (StoreLevel.METADATA.value, StoreLevel.EXCERPT.value, StoreLevel.BODY.value)

#: Meetings read at a time.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of theirs who took part: did not decline, is no room."""

    email: str
    name: str
    stakeholder: Any  # the stakeholder's row; None for somebody who is not known


@dataclass(frozen=True, slots=True)
class Host:
    """One of us who took part, with the mailbox in which a draft would lie (None: they have none here)."""

    our_person_id: int
    name: str
    email: str
    language: str
    zone: str
    organizer: bool
    mailbox: Any


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of one of us to one of theirs."""

    at: datetime
    author: str
    to: str
    message_id: str


@dataclass(slots=True)
class Occasion:
    """A meeting with all that a rule may ask about it."""

    row: Any
    guests: list[Guest] = field(default_factory=list)
    hosts: list[Host] = field(default_factory=list)
    actor: Host | None = None
    accounts: list[Any] = field(default_factory=list)
    closed: bool = False  # private elsewhere, and nobody of ours who took part has an open copy
    agenda: list[str] = field(default_factory=list)
    agenda_kept: bool = True  # False: the store level keeps none, it is to be fetched
    refs: list[Ref] = field(default_factory=list)  # where the actor's own copy lies
    documents: list[str] = field(default_factory=list)
    written: list[Letter] = field(default_factory=list)
    next_meeting: Any = None
    streams: list[Any] = field(default_factory=list)


def load(connection: Connection, interaction_ids: Sequence[int], *, now: datetime) -> dict[int, Occasion]:
    """The occasions by interaction id; an id that is gone is missing."""
    found: dict[int, Occasion] = {}
    for some in chunks(interaction_ids, BATCH):
        batch = {
            row.id: Occasion(row)
            for row in connection.execute(select(Interaction.__table__).where(Interaction.id.in_(some)))
        }
        sightings = _sightings(connection, batch)
        _guests(connection, batch)
        _accounts(connection, batch)
        _hosts(connection, batch)
        _actors(connection, batch, sightings)
        _texts(connection, batch, sightings)
        _written(connection, batch)
        _next_meetings(connection, batch, now)
        _streams(connection, batch)
        found |= batch
    return found


def _sightings(connection: Connection, batch: dict[int, Occasion]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in connection.execute(
        select(Sighting.__table__, Mailbox.our_person_id)
        .join(Mailbox, Mailbox.id == Sighting.mailbox_id)
        .where(Sighting.interaction_id.in_(batch))
        .order_by(Sighting.id)
    ):
        found.setdefault(row.interaction_id, []).append(row)
    return found


def _guests(connection: Connection, batch: dict[int, Occasion]) -> None:
    """Took part: did not decline in any copy, no rooms, not our own people; unanswered counts."""
    stakeholders: dict[tuple[int, str], Any] = {
        (row.interaction_id, row.email): row
        for row in connection.execute(
            select(Contact.interaction_id, Contact.email, Stakeholder.__table__)
            .join(Stakeholder, Stakeholder.id == Contact.stakeholder_id)
            .where(Contact.interaction_id.in_(batch))
        )
    }
    people: dict[tuple[int, str], str] = {}
    declined: set[tuple[int, str]] = set()
    for row in connection.execute(
        select(Sighting.interaction_id, Participant.__table__)
        .join(Participant, Participant.sighting_id == Sighting.id)
        .where(Sighting.interaction_id.in_(batch))
        .order_by(Sighting.interaction_id, Sighting.id, Participant.position)
    ):
        key = (row.interaction_id, row.email)
        if row.ours or row.kind != AttendeeKind.PERSON.value:
            continue
        people[key] = people.get(key) or row.name
        if row.response == Response.DECLINED.value:
            declined.add(key)
    for key, name in people.items():
        if key not in declined:
            stakeholder = stakeholders.get(key)
            batch[key[0]].guests.append(Guest(key[1], stakeholder.name if stakeholder else name, stakeholder))


def _accounts(connection: Connection, batch: dict[int, Occasion]) -> None:
    for row in connection.execute(
        select(Contact.interaction_id, Account.__table__)
        .join(Account, Account.id == Contact.account_id)
        .where(Contact.interaction_id.in_(batch))
        .distinct()
        .order_by(Contact.interaction_id, Account.name_key)
    ):
        batch[row.interaction_id].accounts.append(row)


def _hosts(connection: Connection, batch: dict[int, Occasion]) -> None:
    parts = connection.execute(
        select(OurPart.interaction_id, OurPart.organizer, OurPerson.__table__)
        .join(OurPerson, OurPerson.id == OurPart.our_person_id)
        .where(OurPart.interaction_id.in_(batch), OurPart.declined.is_(False))
        .order_by(OurPart.interaction_id, OurPerson.email)
    ).all()
    mailboxes: dict[int, Any] = {}
    for row in connection.execute(
        select(Mailbox.__table__)
        .where(Mailbox.our_person_id.in_({row.id for row in parts}), Mailbox.removed_at.is_(None))
        .order_by(Mailbox.id.desc())
    ):
        mailboxes[row.our_person_id] = row
    for row in parts:
        batch[row.interaction_id].hosts.append(
            Host(row.id, row.name, row.email, row.language, row.zone, row.organizer, mailboxes.get(row.id))
        )


def _actors(connection: Connection, batch: dict[int, Occasion], sightings: dict[int, list[Any]]) -> None:
    """Our organiser who took part, else the account's owner who did, else the first of us by address."""
    owners: set[tuple[int, int]] = {
        (row.account_id, row.our_person_id)
        for row in connection.execute(
            select(Team.account_id, Team.our_person_id).where(
                Team.account_id.in_({account.id for one in batch.values() for account in one.accounts}),
                Team.is_owner,
                Team.until_at.is_(None),
            )
        )
    }
    for interaction_id, one in batch.items():
        able = [host for host in one.hosts if host.mailbox is not None]
        if one.row.private:
            open_to = {
                row.our_person_id
                for row in sightings.get(interaction_id, ())
                if row.sensitivity == Sensitivity.NORMAL.value
            }
            able = [host for host in able if host.our_person_id in open_to]
            one.closed = not able
        accounts = {account.id for account in one.accounts}
        owning = [host for host in able if any((account, host.our_person_id) in owners for account in accounts)]
        organising = [host for host in able if host.organizer]
        one.actor = next(iter((*organising, *owning, *able)), None)


def _texts(connection: Connection, batch: dict[int, Occasion], sightings: dict[int, list[Any]]) -> None:
    """The agenda as the actor's own copy shows it, else the strictest of the others; documents likewise."""
    chosen: dict[int, int] = {}
    for interaction_id, one in batch.items():
        copies = sightings.get(interaction_id, [])
        own = [row for row in copies if one.actor and row.our_person_id == one.actor.our_person_id]
        for row in own or sorted(copies, key=lambda copy: _STRICTEST_FIRST.index(copy.store))[:1]:
            one.agenda = list(row.agenda)
            one.agenda_kept = row.store != StoreLevel.METADATA.value
            chosen[row.id] = interaction_id
    for row in connection.execute(
        select(Location.sighting_id, StreamRow.remote_id.label("stream"), Location.remote_id)
        .join(StreamRow, StreamRow.id == Location.stream_id)
        .where(Location.sighting_id.in_(chosen), Location.gone_at.is_(None))
    ):
        batch[chosen[row.sighting_id]].refs.append(Ref(row.stream, row.remote_id))
    for row in connection.execute(
        select(Document.sighting_id, Document.name).where(Document.sighting_id.in_(chosen)).order_by(Document.position)
    ):
        batch[chosen[row.sighting_id]].documents.append(row.name)


def _written(connection: Connection, batch: dict[int, Occasion]) -> None:
    """Mail of one of us who took part to one of theirs who did, after the meeting's end."""
    hosts = {host.our_person_id for one in batch.values() for host in one.hosts}
    emails: dict[int, set[str]] = {}
    for person_id, email in connection.execute(
        select(OurAddress.our_person_id, OurAddress.email).where(OurAddress.our_person_id.in_(hosts))
    ):
        emails.setdefault(person_id, set()).add(email)
    guests = sorted({guest.email for one in batch.values() for guest in one.guests})
    ends = [one.row.ended_at for one in batch.values() if one.row.ended_at]
    if not guests or not ends:
        return
    letters: dict[str, list[Letter]] = {}
    for some in chunks(guests):
        for row in connection.execute(
            select(Interaction.at, Interaction.author, Interaction.message_id, Participant.email)
            .join(Sighting, Sighting.interaction_id == Interaction.id)
            .join(Participant, Participant.sighting_id == Sighting.id)
            .where(
                Interaction.kind == InteractionKind.MAIL_OUT.value,
                Interaction.at > min(ends),
                Participant.email.in_(some),
                Participant.role.in_(["to", "cc"]),
            )
            .distinct()
            .order_by(Interaction.at)
        ):
            letters.setdefault(row.email, []).append(Letter(row.at, row.author, row.email, row.message_id))
    for one in batch.values():
        authors = set().union(*(emails.get(host.our_person_id, set()) for host in one.hosts))
        one.written = [
            letter
            for guest in one.guests
            for letter in letters.get(guest.email, ())
            if letter.at > one.row.ended_at and letter.author in authors
        ]


def _next_meetings(connection: Connection, batch: dict[int, Occasion], now: datetime) -> None:
    guests = {guest.stakeholder.id for one in batch.values() for guest in one.guests if guest.stakeholder}
    upcoming: dict[int, Any] = {}
    for row in connection.execute(
        select(Contact.stakeholder_id, Interaction.id, Interaction.at, Interaction.subject)
        .join(Interaction, Interaction.id == Contact.interaction_id)
        .where(
            Contact.stakeholder_id.in_(guests),
            Interaction.kind == InteractionKind.MEETING.value,
            Contact.at > now,
            Interaction.outcome == "open",
            Interaction.private.is_(False),
            Interaction.gone_at.is_(None),
        )
        .order_by(Interaction.at.desc())
    ):
        upcoming[row.stakeholder_id] = row
    for one in batch.values():
        meetings = [
            upcoming[guest.stakeholder.id]
            for guest in one.guests
            if guest.stakeholder and guest.stakeholder.id in upcoming
        ]
        one.next_meeting = min(meetings, key=lambda row: row.at, default=None)


def _streams(connection: Connection, batch: dict[int, Occasion]) -> None:
    """Where a mail of ours after the meeting, or a late change of it, would show: the Sent folders and calendars.

    A mailbox without a Sent folder answers with all its folders that can hold a contact.
    """
    mailboxes = {host.mailbox.id: host.mailbox.name for one in batch.values() for host in one.hosts if host.mailbox}
    rows = connection.execute(
        select(StreamRow.mailbox_id, StreamRow.name, StreamRow.role, StreamRow.complete_to_at)
        .where(StreamRow.mailbox_id.in_(mailboxes), StreamRow.gone_at.is_(None))
        .order_by(StreamRow.id)
    ).all()
    with_sent = {row.mailbox_id for row in rows if row.role == Role.SENT.value}
    telling = {
        mailbox_id: {Role.CALENDAR, *({Role.SENT} if mailbox_id in with_sent else CONTACT_ROLES)}
        for mailbox_id in mailboxes
    }
    for one in batch.values():
        mine = {host.mailbox.id for host in one.hosts if host.mailbox}
        one.streams = [
            (mailboxes[row.mailbox_id], row.name, row.complete_to_at)
            for row in rows
            if row.mailbox_id in mine and Role(row.role) in telling[row.mailbox_id]
        ]
