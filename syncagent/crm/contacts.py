"""Answers for who was in an interaction: the people of each copy, the stakeholders among them, and ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from syncagent.crm.record import ItemRecord, PageRecord
from syncagent.crm.resolve import Resolved
from syncagent.crm.tables.interactions import Contact, OurPart, Participant
from syncagent.crm.tables.people import OurAddress, OurPerson
from syncagent.crm.types import chunks, upsert
from syncagent.model import Mail
from syncagent.vocabulary import InteractionKind

#: A copy of an interaction as this module sees it: whose, the record, the sighting, and whether the sighting is new.
Copy = tuple[Resolved, ItemRecord, int, bool]


def write(connection: Connection, page: PageRecord, copies: Sequence[Copy]) -> set[int]:
    """Writes the people of some copies; returns the interactions in which an existing copy shows others than before."""
    changed = _participants(connection, copies)
    changed |= _contacts(connection, page, copies)
    _our_parts(connection, page, copies)
    return changed


def _participants(connection: Connection, copies: Sequence[Copy]) -> set[int]:
    """Mail never changes its people, so only meetings that were seen before are compared."""
    wanted = {sighting_id: _rows(sighting_id, record) for _, record, sighting_id, _ in copies}
    old = {
        sighting_id: one.interaction_id
        for one, record, sighting_id, new in copies
        if not new and not isinstance(record.item, Mail)
    }
    stored: dict[int, list[dict[str, Any]]] = {sighting_id: [] for sighting_id in old}
    for some in chunks(old):
        for row in connection.execute(
            select(Participant.__table__)
            .where(Participant.sighting_id.in_(some))
            .order_by(Participant.sighting_id, Participant.position)
        ):
            stored[row.sighting_id].append(dict(row._mapping))
    different = [sighting_id for sighting_id in old if stored[sighting_id] != wanted[sighting_id]]
    for some in chunks(different):
        connection.execute(delete(Participant).where(Participant.sighting_id.in_(some)))
    fresh = [sighting_id for _, _, sighting_id, new in copies if new]
    rows = [row for sighting_id in (*fresh, *different) for row in wanted[sighting_id]]
    if rows:
        connection.execute(insert(Participant), rows)
    return {old[sighting_id] for sighting_id in different}


def _rows(sighting_id: int, record: ItemRecord) -> list[dict[str, Any]]:
    return [
        {
            "sighting_id": sighting_id,
            "position": position,
            "role": party.role,
            "email": party.email,
            "name": party.name,
            "response": party.response.value if party.response else "",
            "kind": party.kind.value,
            "ours": party.ours,
        }
        for position, party in enumerate(record.parties)
    ]


def _contacts(connection: Connection, page: PageRecord, copies: Sequence[Copy]) -> set[int]:
    known: dict[tuple[int, str], tuple[Any, ...]] = {}
    old = {one.interaction_id for one, _, _, new in copies if not new or not one.created}
    for some in chunks(sorted(old)):
        for row in connection.execute(select(Contact.__table__).where(Contact.interaction_id.in_(some))):
            known[row.interaction_id, row.email] = (
                row.account_id,
                row.stakeholder_id,
                row.certainty,
                row.reason,
                row.at,
            )
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    changed: set[int] = set()
    for one, record, _, new in copies:
        at = _at(one, record, now=page.now)
        for match in record.matches:
            key = (one.interaction_id, match.email)
            value = (match.account_id, match.stakeholder_id, match.certainty.value, match.reason, at)
            if known.get(key) == value:
                continue
            if not new and (key not in known or known[key][:4] != value[:4]):
                changed.add(one.interaction_id)
            rows[key] = dict(zip(("interaction_id", "email", *_CONTACT), (*key, *value), strict=True))
    upsert(connection, Contact, list(rows.values()), key=["interaction_id", "email"], update=_CONTACT)
    return changed


_CONTACT = ("account_id", "stakeholder_id", "certainty", "reason", "at")


def _at(one: Resolved, record: ItemRecord, *, now: datetime) -> datetime:
    """The time of the interaction; a mail without a date happened when it was first read."""
    if isinstance(record.item, Mail):
        first_read: datetime = one.stored.at if one.stored is not None else now
        return record.item.at or first_read
    return record.item.start_at


def _our_parts(connection: Connection, page: PageRecord, copies: Sequence[Copy]) -> None:
    """Ours in a mail: its author, those it was sent to openly, and the owner of the mailbox in which it lies."""
    mails = [(one, record) for one, record, _, _ in copies if isinstance(record.item, Mail)]
    emails = {party.email for _, record in mails for party in record.parties if party.ours and party.role != "bcc"}
    persons = our_people(connection, dict.fromkeys(sorted(emails), ""))
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for one, record in mails:
        found = {
            persons[party.email]: party.role == "from"
            for party in record.parties
            if party.email in persons and party.ours and party.role != "bcc"
        }
        if record.kind is InteractionKind.MAIL_IN:
            found.setdefault(page.owner_id, False)
        for person_id, organizer in found.items():
            rows[one.interaction_id, person_id] = {
                "interaction_id": one.interaction_id,
                "our_person_id": person_id,
                "organizer": organizer,
                "declined": False,
                "at": _at(one, record, now=page.now),
            }
    upsert(connection, OurPart, list(rows.values()), key=["interaction_id", "our_person_id"])


def our_people(connection: Connection, names: dict[str, str]) -> dict[str, int]:
    """Our people by address; a colleague who is met for the first time is written down."""
    found: dict[str, int] = {}
    for some in chunks(names):
        found.update(
            (row.email, row.our_person_id)
            for row in connection.execute(
                select(OurAddress.email, OurAddress.our_person_id).where(OurAddress.email.in_(some))
            )
        )
    new = [email for email in names if email not in found]
    if not new:
        return found
    upsert(
        connection,
        OurPerson,
        [{"email": email, "name": names[email], "language": "", "zone": ""} for email in new],
        key=["email"],
    )
    for some in chunks(new):
        rows = connection.execute(select(OurPerson.email, OurPerson.id).where(OurPerson.email.in_(some))).all()
        upsert(
            connection,
            OurAddress,
            [{"email": row.email, "our_person_id": row.id} for row in rows],
            key=["email"],
        )
        found.update((row.email, row.id) for row in rows)
    return found
