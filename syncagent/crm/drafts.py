"""Answers for drafts from intent to fate: one for each occasion, and what became of it is learnt, never assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from syncagent.crm.folding import folded
from syncagent.crm.record import DraftGlimpse
from syncagent.crm.tables.drafting import Draft
from syncagent.crm.tables.interactions import Contact, Interaction, Sighting
from syncagent.crm.tables.mailboxes import Mailbox
from syncagent.crm.tables.people import OurPerson
from syncagent.crm.types import chunks, insert_for
from syncagent.model import Placed, Ref
from syncagent.vocabulary import CONTACT_ROLES, DraftState, InteractionKind, Role

#: States in which the draft may still lie untouched or edited in the Drafts folder.
LYING = (DraftState.PLACED.value, DraftState.EDITED.value)

#: States from which seeing the draft somewhere still teaches something.
_OPEN = (DraftState.PLANNED.value, DraftState.UNCERTAIN.value, *LYING)


@dataclass(frozen=True, slots=True)
class Intent:
    """A draft that is to be: stored before anything is placed."""

    occasion: str
    rule: str
    rule_hash: str
    kind: str
    interaction_id: int
    our_person_id: int
    mailbox_id: int
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    language: str
    due_at: datetime | None
    marker: str
    message_id: str
    reason: str
    trace: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A stored draft as the outbox works on it."""

    id: int
    rule: str
    interaction_id: int
    mailbox_id: int
    state: DraftState
    marker: str
    message_id: str
    attempts: int
    ref: Ref | None
    version: str
    placed_at: datetime | None
    recipients: tuple[str, ...]
    subject: str


def plan(connection: Connection, intents: Sequence[Intent], *, now: datetime) -> list[str]:
    """Stores intents; an occasion that has a draft already keeps it. Returns the occasions that are new."""
    if not intents:
        return []
    rows = [
        {
            "occasion": one.occasion,
            "rule": one.rule,
            "rule_hash": one.rule_hash,
            "kind": one.kind,
            "interaction_id": one.interaction_id,
            "our_person_id": one.our_person_id,
            "mailbox_id": one.mailbox_id,
            "recipients": list(one.recipients),
            "copies": list(one.copies),
            "subject": "",
            "language": one.language,
            "due_at": one.due_at,
            "state": DraftState.PLANNED.value,
            "sent_match": "",
            "marker": one.marker,
            "message_id": one.message_id,
            "in_reply_to": "",
            "stream_remote_id": "",
            "remote_id": "",
            "version": "",
            "reason": one.reason,
            "trace": one.trace,
            "attempts": 0,
            "created_at": now,
            "changed_at": now,
        }
        for one in sorted(intents, key=lambda intent: intent.occasion)
    ]
    statement = insert_for(connection, Draft).on_conflict_do_nothing(index_elements=["occasion"])
    return list(connection.execute(statement.returning(Draft.occasion), rows).scalars())


def taken(connection: Connection, occasions: Iterable[str]) -> dict[str, str]:
    """Which of these occasions have a draft, and in which state it is."""
    found: dict[str, str] = {}
    for some in chunks(occasions):
        found.update(
            (row.occasion, row.state)
            for row in connection.execute(select(Draft.occasion, Draft.state).where(Draft.occasion.in_(some)))
        )
    return found


def to_place(connection: Connection, mailbox_id: int, *, now: datetime) -> list[DraftRow]:
    """Intents of a mailbox that wait to be placed, and placings whose end is not known, the most urgent first."""
    return _rows(
        connection,
        Draft.mailbox_id == mailbox_id,
        Draft.state.in_([DraftState.PLANNED.value, DraftState.UNCERTAIN.value]),
        or_(Draft.next_at.is_(None), Draft.next_at <= now),
    )


def vanished(connection: Connection, mailbox_id: int) -> list[DraftRow]:
    """Drafts that left the Drafts folder and were not seen anywhere else yet."""
    return _rows(connection, Draft.mailbox_id == mailbox_id, Draft.vanished_at.is_not(None), Draft.state.in_(LYING))


def _rows(connection: Connection, *conditions: Any) -> list[DraftRow]:
    return [
        DraftRow(
            id=row.id,
            rule=row.rule,
            interaction_id=row.interaction_id,
            mailbox_id=row.mailbox_id,
            state=DraftState(row.state),
            marker=row.marker,
            message_id=row.message_id,
            attempts=row.attempts,
            ref=Ref(row.stream_remote_id, row.remote_id) if row.remote_id else None,
            version=row.version,
            placed_at=row.placed_at,
            recipients=tuple(row.recipients),
            subject=row.subject,
        )
        for row in connection.execute(select(Draft.__table__).where(*conditions).order_by(Draft.due_at, Draft.id))
    ]


def trying(connection: Connection, draft_id: int) -> None:
    """Counts a try before it begins: after a crash the next one looks for the marker first."""
    connection.execute(update(Draft).where(Draft.id == draft_id).values(attempts=Draft.attempts + 1))


def placed(connection: Connection, draft_id: int, where: Placed, *, subject: str, now: datetime) -> None:
    """The draft lies in the mailbox."""
    connection.execute(
        update(Draft)
        .where(Draft.id == draft_id)
        .values(
            state=DraftState.PLACED.value,
            stream_remote_id=where.ref.stream,
            remote_id=where.ref.id,
            version=where.version,
            message_id=where.message_id,
            subject=subject,
            placed_at=now,
            changed_at=now,
            next_at=None,
        )
    )


def became(
    connection: Connection,
    draft_id: int,
    state: DraftState,
    *,
    reason: str,
    now: datetime,
    sent_match: str = "",
    next_at: datetime | None = None,
) -> None:
    """Keeps what became of a draft, in a sentence."""
    connection.execute(
        update(Draft)
        .where(Draft.id == draft_id)
        .values(
            state=state.value, reason=reason, changed_at=now, sent_match=sent_match, next_at=next_at, vanished_at=None
        )
    )


def found_again(connection: Connection, draft_id: int, ref: Ref, *, now: datetime) -> None:
    """The draft lies at another place than we knew."""
    connection.execute(
        update(Draft)
        .where(Draft.id == draft_id)
        .values(stream_remote_id=ref.stream, remote_id=ref.id, vanished_at=None, changed_at=now)
    )


def observe(connection: Connection, mailbox_id: int, glimpses: Sequence[DraftGlimpse], *, now: datetime) -> None:
    """Learns from the mail of a page what became of our drafts: edited, sent, thrown away, or placed before a crash."""
    if not glimpses:
        return
    by_marker = {one.marker: one for one in glimpses if one.marker}
    by_message_id = {one.message_id: one for one in glimpses if one.message_id}
    found: dict[int, Any] = {}
    for column, values in ((Draft.marker, by_marker), (Draft.message_id, by_message_id)):
        for some in chunks(values):
            found.update((row.id, row) for row in connection.execute(select(Draft.__table__).where(column.in_(some))))
    for draft in found.values():
        glimpse = by_marker.get(draft.marker) or by_message_id[draft.message_id]
        _learn(connection, draft, glimpse, own_mailbox=draft.mailbox_id == mailbox_id, now=now)


def _learn(connection: Connection, draft: Any, glimpse: DraftGlimpse, *, own_mailbox: bool, now: datetime) -> None:
    if glimpse.role in CONTACT_ROLES:
        if draft.state != DraftState.SENT.value:
            became(connection, draft.id, DraftState.SENT, reason="It was sent.", sent_match="certain", now=now)
    elif not own_mailbox or draft.state not in _OPEN:
        return
    elif glimpse.role is Role.TRASH:
        became(connection, draft.id, DraftState.DISCARDED, reason="It was moved to the trash.", now=now)
    elif glimpse.role is Role.DRAFTS:
        _lies(connection, draft, glimpse, now=now)


def _lies(connection: Connection, draft: Any, glimpse: DraftGlimpse, *, now: datetime) -> None:
    where = {"stream_remote_id": glimpse.ref.stream, "remote_id": glimpse.ref.id, "vanished_at": None}
    if draft.state not in LYING:
        # Placed before a crash, its ids never stored. No version: whether a person touched it is not known.
        values = {"state": DraftState.PLACED.value, "version": "", "placed_at": now, "changed_at": now}
    elif draft.version and glimpse.version != draft.version and draft.state != DraftState.EDITED.value:
        values = {"state": DraftState.EDITED.value, "reason": "It was edited.", "changed_at": now}
    else:
        values = {}
    connection.execute(update(Draft).where(Draft.id == draft.id).values(**where, **values))


def left(connection: Connection, mailbox_id: int, gone: Sequence[Ref], *, now: datetime) -> None:
    """Notes drafts that are no longer where they lay; what became of them is settled after the round."""
    for stream in {ref.stream for ref in gone}:
        for some in chunks(ref.id for ref in gone if ref.stream == stream):
            connection.execute(
                update(Draft)
                .where(
                    Draft.mailbox_id == mailbox_id,
                    Draft.stream_remote_id == stream,
                    Draft.remote_id.in_(some),
                    Draft.state.in_(LYING),
                )
                .values(vanished_at=now)
            )


def probably_sent(connection: Connection, draft: DraftRow) -> bool:
    """Whether a mail of ours with its subject went to one of its recipients after the draft was placed."""
    found = connection.scalars(
        select(Interaction.subject)
        .join(Sighting, Sighting.interaction_id == Interaction.id)
        .join(Contact, Contact.interaction_id == Interaction.id)
        .where(
            Sighting.mailbox_id == draft.mailbox_id,
            Interaction.kind == InteractionKind.MAIL_OUT.value,
            Interaction.at >= draft.placed_at,
            Contact.email.in_(draft.recipients),
        )
    )
    return any(folded(subject) == folded(draft.subject) for subject in found)


def listed(connection: Connection) -> list[dict[str, Any]]:
    """Every draft as ``drafts --json`` shows it, the latest first."""
    found = connection.execute(
        select(Draft.__table__, OurPerson.name.label("manager"), Mailbox.name.label("mailbox"))
        .join(OurPerson, OurPerson.id == Draft.our_person_id)
        .join(Mailbox, Mailbox.id == Draft.mailbox_id)
        .order_by(Draft.id.desc())
    )
    return [
        {
            "id": row.id,
            "occasion": row.occasion,
            "rule": row.rule,
            "kind": row.kind,
            "manager": row.manager,
            "mailbox": row.mailbox,
            "to": row.recipients,
            "cc": row.copies,
            "subject": row.subject,
            "language": row.language,
            "due_at": row.due_at,
            "state": row.state,
            "sent_match": row.sent_match,
            "in_reply_to": row.in_reply_to,
            "interaction": row.interaction_id,
            "reason": row.reason,
            "message_id": row.message_id,
            "placed_at": row.placed_at,
        }
        for row in found
    ]
