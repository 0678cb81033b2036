"""Answers for what all copies of a meeting say together: who of us took part, and whether it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from syncagent.crm.contacts import our_people
from syncagent.crm.resolve import Resolved
from syncagent.crm.tables.interactions import Contact, Interaction, OurPart, Participant, Sighting
from syncagent.crm.tables.mailboxes import Mailbox
from syncagent.crm.types import chunks
from syncagent.vocabulary import EventStatus, Response

_DECLINED = Response.DECLINED.value
_UNANSWERED = ("", Response.NEEDS_ACTION.value)


@dataclass(slots=True)
class _Meeting:
    """Every copy of one meeting, gathered."""

    row: Any
    contacts: set[str] = field(default_factory=set)
    owners: dict[int, str] = field(default_factory=dict)  # our person -> own answer
    people: list[Any] = field(default_factory=list)  # participants of all copies, the organiser's copy first
    names: dict[str, str] = field(default_factory=dict)


def settle(connection: Connection, affected: Iterable[Resolved]) -> None:
    """Works out anew, for each meeting that changed, our part in it, its outcome, and who is no longer invited."""
    ids = sorted({one.interaction_id for one in affected if one.changed})
    for some in chunks(ids):
        meetings = _gather(connection, some)
        persons = our_people(
            connection, {email: name for meeting in meetings.values() for email, name in meeting.names.items()}
        )
        parts: list[dict[str, Any]] = []
        outcomes: list[dict[str, Any]] = []
        for interaction_id, meeting in meetings.items():
            responses = _responses(meeting.people)
            ours = _ours(meeting, persons, responses)
            outcomes.append({"key": interaction_id, "new_outcome": _outcome(meeting, ours, responses)})
            parts.extend(
                {
                    "interaction_id": interaction_id,
                    "our_person_id": person_id,
                    "organizer": organizer,
                    "declined": declined,
                    "at": meeting.row.at,
                }
                for person_id, (organizer, declined) in sorted(ours.items())
            )
        connection.execute(delete(OurPart).where(OurPart.interaction_id.in_(some)))
        if parts:
            connection.execute(insert(OurPart), parts)
        connection.execute(
            update(Interaction).where(Interaction.id == bindparam("key")).values(outcome=bindparam("new_outcome")),
            outcomes,
        )
        _uninvite(connection, some)


def _gather(connection: Connection, ids: Sequence[int]) -> dict[int, _Meeting]:
    meetings = {
        row.id: _Meeting(row)
        for row in connection.execute(
            select(Interaction.id, Interaction.at, Interaction.status, Interaction.author).where(
                Interaction.id.in_(ids)
            )
        )
    }
    for interaction_id, email in connection.execute(
        select(Contact.interaction_id, Contact.email).where(Contact.interaction_id.in_(ids))
    ):
        meetings[interaction_id].contacts.add(email)
    organisers_first = (Sighting.own_response == Response.ACCEPTED.value).desc()
    for interaction_id, own_response, person_id in connection.execute(
        select(Sighting.interaction_id, Sighting.own_response, Mailbox.our_person_id)
        .join(Mailbox, Mailbox.id == Sighting.mailbox_id)
        .where(Sighting.interaction_id.in_(ids))
    ):
        meetings[interaction_id].owners[person_id] = own_response
    for row in connection.execute(
        select(Sighting.interaction_id, Participant.__table__)
        .join(Participant, Participant.sighting_id == Sighting.id)
        .where(Sighting.interaction_id.in_(ids))
        .order_by(Sighting.interaction_id, organisers_first, Sighting.id, Participant.position)
    ):
        meeting = meetings[row.interaction_id]
        meeting.people.append(row)
        if row.ours:
            meeting.names.setdefault(row.email, row.name)
    return meetings


def _responses(people: Sequence[Any]) -> dict[str, str]:
    """The answer of each address: the first one that is an answer, in the order of the copies."""
    found: dict[str, str] = {}
    for person in people:
        if found.get(person.email, "") in _UNANSWERED:
            found[person.email] = person.response
    return found


def _ours(meeting: _Meeting, persons: dict[str, int], responses: dict[str, str]) -> dict[int, tuple[bool, bool]]:
    """Who of us is in it: whether as its organiser, and whether they declined. The own calendar knows best."""
    found: dict[int, tuple[bool, bool]] = {}
    for person in meeting.people:
        if person.ours and person.email in persons:
            person_id = persons[person.email]
            organizer, declined = found.get(person_id, (False, False))
            found[person_id] = (
                organizer or person.role == "organizer",
                declined or responses.get(person.email) == _DECLINED,
            )
    for person_id, own in meeting.owners.items():
        organizer, declined = found.get(person_id, (False, False))
        found[person_id] = (organizer, declined if own in _UNANSWERED else own == _DECLINED)
    return found


def _outcome(meeting: _Meeting, ours: dict[int, tuple[bool, bool]], responses: dict[str, str]) -> str:
    """What stands against the meeting (docs/architecture.md, "held")."""
    theirs = [responses.get(email, "") for email in meeting.contacts]
    if meeting.row.status == EventStatus.CANCELLED.value:
        return "cancelled"
    if ours and all(declined for _, declined in ours.values()):
        return "declined"
    if theirs and all(response == _DECLINED for response in theirs):
        return "declined"
    return "tentative" if meeting.row.status == EventStatus.TENTATIVE.value else "open"


def _uninvite(connection: Connection, ids: Sequence[int]) -> None:
    """Contacts who are in no copy any more are no contacts."""
    invited = (
        select(Participant.email)
        .join(Sighting, Sighting.id == Participant.sighting_id)
        .where(Sighting.interaction_id == Contact.interaction_id)
    )
    connection.execute(delete(Contact).where(Contact.interaction_id.in_(ids), Contact.email.not_in(invited)))
