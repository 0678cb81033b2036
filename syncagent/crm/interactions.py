"""Answers for interactions as the outside sees them: what was logged, one plain row each; writes nothing.

``viewer`` is one of us, by id. Without one, what everybody may see is shown: private interactions are left out
(``visibility``). Everything is read in batches, so that a long history never stands in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from syncagent.crm import sightings
from syncagent.crm.folding import folded
from syncagent.crm.tables.interactions import Contact, Document, Interaction, OurPart, Sighting
from syncagent.crm.tables.mailboxes import Mailbox
from syncagent.crm.tables.people import Account, OurAddress, OurPerson, Stakeholder, StakeholderAddress
from syncagent.crm.types import chunks
from syncagent.crm.visibility import NORMAL, visible_to
from syncagent.errors import NotFound
from syncagent.vocabulary import InteractionKind, InteractionState

#: Interactions read at a time.
BATCH = 500

_AGAINST = {"cancelled": InteractionState.CANCELLED, "declined": InteractionState.DECLINED}

#: The strictest level of storing first, as in the views.
_STRICTNESS = case({"metadata": 0, "excerpt": 1}, value=Sighting.store, else_=2)


def listed(
    connection: Connection,
    *,
    now: datetime,
    account_id: int | None = None,
    since: datetime | None = None,
    logged_since: datetime | None = None,
    viewer: int | None = None,
    ids: Sequence[int] | None = None,
) -> Iterator[dict[str, Any]]:
    """The interactions as ``interactions --json`` shows them, in the order of their time.

    ``now`` is the domain's: it decides whether a meeting is planned or done. ``logged_since`` is the system's time from
    which on they were written.
    """
    wanted: list[ColumnElement[bool]] = [visible_to(viewer)]
    if account_id is not None:
        wanted.append(Interaction.id.in_(select(Contact.interaction_id).where(Contact.account_id == account_id)))
    if since is not None:
        wanted.append(Interaction.at >= since)
    if logged_since is not None:
        wanted.append(Interaction.created_at >= logged_since)
    if ids is not None:
        wanted.append(Interaction.id.in_(ids))
    found = connection.scalars(select(Interaction.id).where(and_(*wanted)).order_by(Interaction.at, Interaction.id))
    for some in chunks(found, BATCH):
        yield from _batch(connection, some, now, viewer)


def _batch(connection: Connection, ids: Sequence[int], now: datetime, viewer: int | None) -> Iterator[dict[str, Any]]:
    rows = {row.id: row for row in connection.execute(select(Interaction.__table__).where(Interaction.id.in_(ids)))}
    matches = _matches(connection, ids)
    managers = _grouped(
        connection,
        select(OurPart.interaction_id, func.coalesce(func.nullif(OurPerson.name, ""), OurPerson.email))
        .join(OurPerson, OurPerson.id == OurPart.our_person_id)
        .where(OurPart.interaction_id.in_(ids), OurPart.declined.is_(False))
        .order_by(OurPart.interaction_id, OurPart.organizer.desc(), OurPerson.email),
    )
    mailboxes = _grouped(
        connection,
        select(Sighting.interaction_id, Mailbox.name)
        .join(Mailbox, Mailbox.id == Sighting.mailbox_id)
        .where(Sighting.interaction_id.in_(ids), Sighting.sensitivity == NORMAL)
        .order_by(Sighting.interaction_id, Mailbox.name),
    )
    documents = _documents(connection, ids, viewer)
    for interaction_id in ids:
        row, found = rows[interaction_id], matches.get(interaction_id, [])
        yield {
            "id": row.id,
            "kind": row.kind,
            "state": state_of(row, now).value,
            "meeting_kind": row.meeting_kind,
            "at": row.at,
            "ended_at": row.ended_at,
            "subject": row.subject,
            "accounts": _once(match["account"] for match in found),
            "stakeholders": _once(match["stakeholder"] for match in found if match["stakeholder"]),
            "managers": managers.get(row.id, []),
            "mailboxes": mailboxes.get(row.id, []),
            "message_id": row.message_id,
            "uid": row.uid,
            "recurrence_id": row.recurrence_id,
            "thread": row.thread_key,
            "language": row.language,
            "private": row.private,
            "gone_at": row.gone_at,
            "documents": documents.get(row.id, []),
            "match": found,
        }


def state_of(row: Any, now: datetime) -> InteractionState:
    """How an interaction stands at the domain's ``now``: mail is done, a meeting or call once it is over.

    A meeting that left every calendar before it began was called off. A tentative one that is over counts as held.
    """
    if row.kind in (InteractionKind.MAIL_IN.value, InteractionKind.MAIL_OUT.value):
        return InteractionState.DONE
    if row.outcome in _AGAINST:
        return _AGAINST[row.outcome]
    if row.gone_at is not None and row.gone_at < row.at:
        return InteractionState.CANCELLED
    if (row.ended_at or row.at) <= now:
        return InteractionState.DONE
    return InteractionState.TENTATIVE if row.outcome == "tentative" else InteractionState.PLANNED


def _matches(connection: Connection, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Whose each address of an account is, and why; a stakeholder is named by the main address of today."""
    rows = connection.execute(
        select(Contact.__table__, Account.name.label("account"))
        .join(Account, Account.id == Contact.account_id)
        .where(Contact.interaction_id.in_(ids))
        .order_by(Contact.interaction_id, Account.name_key, Contact.email)
    ).all()
    main = main_addresses(connection, {row.stakeholder_id for row in rows if row.stakeholder_id is not None})
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.interaction_id, []).append(
            {
                "address": row.email,
                "stakeholder": main.get(row.stakeholder_id, row.email) if row.stakeholder_id is not None else "",
                "account": row.account,
                "verdict": row.certainty,
                "reason": row.reason,
            }
        )
    return found


def main_addresses(connection: Connection, stakeholder_ids: Iterable[int]) -> dict[int, str]:
    """The main address of each of these people; the last one that they had where they have none now."""
    found: dict[int, str] = {}
    for some in chunks(sorted(stakeholder_ids)):
        for row in connection.execute(
            select(StakeholderAddress.stakeholder_id, StakeholderAddress.email)
            .where(StakeholderAddress.stakeholder_id.in_(some))
            .order_by(StakeholderAddress.until_at.is_not(None), StakeholderAddress.position, StakeholderAddress.id)
        ):
            found.setdefault(row.stakeholder_id, row.email)
    return found


def names_of(connection: Connection, emails: Iterable[str]) -> dict[str, str]:
    """Who has, or had, these addresses; an address that nobody has is missing."""
    found: dict[str, str] = {}
    for some in chunks(sorted(set(emails))):
        for row in connection.execute(
            select(StakeholderAddress.email, Stakeholder.name)
            .join(Stakeholder, Stakeholder.id == StakeholderAddress.stakeholder_id)
            .where(StakeholderAddress.email.in_(some))
            .order_by(StakeholderAddress.until_at.is_not(None), StakeholderAddress.id)
        ):
            found.setdefault(row.email, row.name)
    return found


def _documents(connection: Connection, ids: Sequence[int], viewer: int | None) -> dict[int, list[dict[str, Any]]]:
    """As the viewer's own copy shows them, else the strictest of the others that has any."""
    own = case((Mailbox.our_person_id == viewer, 0), else_=1) if viewer is not None else case((Sighting.id > 0, 0))
    with_documents = select(Document.sighting_id).where(Document.sighting_id == Sighting.id).exists()
    chosen: dict[int, int] = {}
    for row in connection.execute(
        select(Sighting.interaction_id, Sighting.id)
        .join(Mailbox, Mailbox.id == Sighting.mailbox_id)
        .where(Sighting.interaction_id.in_(ids), Sighting.sensitivity == NORMAL)
        .order_by(Sighting.interaction_id, own, _STRICTNESS, with_documents.desc(), Sighting.id)
    ):
        chosen.setdefault(row.interaction_id, row.id)
    of_copies = sightings.documents_of(connection, list(chosen.values()))
    return {interaction_id: of_copies.get(sighting_id, []) for interaction_id, sighting_id in chosen.items()}


def _grouped(connection: Connection, statement: Select[int, Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, value in connection.execute(statement):
        found.setdefault(key, []).append(value)
    return found


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def visible(connection: Connection, ids: Iterable[int], viewer: int | None) -> set[int]:
    """Which of these interactions the viewer may see."""
    found: set[int] = set()
    for some in chunks(sorted(set(ids))):
        found.update(connection.scalars(select(Interaction.id).where(Interaction.id.in_(some), visible_to(viewer))))
    return found


def account_called(connection: Connection, name: str) -> int:
    """The account of this name, whatever its case. Raises ``NotFound`` with the names that there are."""
    found = connection.scalar(select(Account.id).where(Account.name_key == folded(name)))
    if found is None:
        names = connection.scalars(select(Account.name).order_by(Account.name_key).limit(20)).all()
        cure = f"There are: {', '.join(names)}." if names else "Import your people first: syncagent people import FILE."
        raise NotFound(f"No account is called {name}.", cure=cure)
    return int(found)


def one_of_us(connection: Connection, name: str) -> int:
    """The one of us with this name, address or mailbox. Raises ``NotFound``, also when two have the name."""
    people = connection.execute(select(OurPerson.id, OurPerson.name, OurPerson.email).order_by(OurPerson.email)).all()
    asked = folded(name)
    found = {row.id for row in people if folded(row.name) == asked}
    found |= set(connection.scalars(select(OurAddress.our_person_id).where(OurAddress.email == name.strip().lower())))
    found |= set(connection.scalars(select(Mailbox.our_person_id).where(Mailbox.name == name)))
    if len(found) == 1:
        return int(found.pop())
    if found:
        raise NotFound(f"Several of us are called {name}.", cure="Give the address.")
    with_mailbox = connection.scalars(select(OurPerson.name).join(Mailbox).order_by(OurPerson.name)).all()
    raise NotFound(f"Nobody of us is called {name}.", cure=f"There are: {', '.join(dict.fromkeys(with_mailbox))}.")
