"""Answers for the reasons that are stored: why an interaction was logged, and why a draft was made; writes nothing.

Who may not see an interaction learns that it is private and nothing else (``visibility``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from syncagent.crm import interactions
from syncagent.crm.tables.drafting import Draft, WakeUp
from syncagent.crm.tables.interactions import Interaction, Location, Sighting
from syncagent.crm.tables.mailboxes import Mailbox
from syncagent.crm.tables.mailboxes import Stream as StreamRow
from syncagent.crm.visibility import NORMAL
from syncagent.model import TraceStep


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to one "why", with the steps that led to it."""

    kind: str  # interaction, draft, or item: something in a mailbox that was not logged
    id: int | None
    subject: str
    answer: str
    trace: tuple[TraceStep, ...] = ()


_PRIVATE = "One of us keeps it private: only the owner of an open copy may see more (--as)."


def of_interaction(
    connection: Connection, interaction_id: int, *, now: datetime, viewer: int | None = None
) -> Explanation | None:
    """Why the interaction was logged, where its copies are, and what rules made of it; None: there is no such one."""
    found = list(interactions.listed(connection, now=now, ids=[interaction_id], viewer=viewer))
    if not found:
        exists = connection.scalar(select(Interaction.id).where(Interaction.id == interaction_id)) is not None
        return Explanation("interaction", interaction_id, f"interaction {interaction_id}", _PRIVATE) if exists else None
    row = found[0]
    reasons = [f"{match['reason']} ({match['verdict']})" for match in row["match"]]
    return Explanation(
        "interaction",
        interaction_id,
        f"interaction {interaction_id}: {row['kind']}, {row['subject'] or 'without a subject'}",
        f"It was logged because {'; '.join(reasons) or 'it was a contact when it was read'}. It is {row['state']}.",
        (
            *(TraceStep("match", match["address"], match["verdict"], match["reason"]) for match in row["match"]),
            *_copies(connection, interaction_id),
            *_looks(connection, interaction_id),
            *_drafts(connection, interaction_id),
        ),
    )


def _copies(connection: Connection, interaction_id: int) -> Iterator[TraceStep]:
    """Where it was seen; a place is named by its folder."""
    rows = connection.execute(
        select(Sighting.__table__, Mailbox.name.label("mailbox"))
        .join(Mailbox, Mailbox.id == Sighting.mailbox_id)
        .where(Sighting.interaction_id == interaction_id, Sighting.sensitivity == NORMAL)
        .order_by(Sighting.id)
    ).all()
    places: dict[int, list[str]] = {}
    for sighting_id, name in connection.execute(
        select(Location.sighting_id, StreamRow.name)
        .join(StreamRow, StreamRow.id == Location.stream_id)
        .where(Location.sighting_id.in_([row.id for row in rows]), Location.gone_at.is_(None))
        .order_by(Location.id)
    ):
        places.setdefault(sighting_id, []).append(name)
    for row in rows:
        folders = ", ".join(dict.fromkeys(places.get(row.id, ())))
        where = f"{row.mailbox} / {folders}" if folders else row.mailbox
        if row.gone_at is None:
            yield TraceStep(
                "copy", where, "there", f"First read at {_time(row.seen_at)}; kept of its text: {row.store}."
            )
        else:
            yield TraceStep("copy", where, "gone", f"It left this mailbox; noticed at {_time(row.gone_at)}.")


def _looks(connection: Connection, interaction_id: int) -> Iterator[TraceStep]:
    """What each rule found when it looked, and when it looks again."""
    for row in connection.execute(
        select(WakeUp.__table__).where(WakeUp.interaction_id == interaction_id).order_by(WakeUp.id)
    ):
        again = f"It looks again at {_time(row.at)}." if row.at is not None else ""
        why = " ".join(part for part in (row.reason, again) if part)
        yield TraceStep(f"rule {row.rule}", row.rule, row.outcome or "waiting", why)
        yield from _told(row.trace, prefix=f"rule {row.rule}: ")


def _drafts(connection: Connection, interaction_id: int) -> Iterator[TraceStep]:
    for row in connection.execute(
        select(Draft.id, Draft.state, Draft.reason).where(Draft.interaction_id == interaction_id).order_by(Draft.id)
    ):
        yield TraceStep("draft", f"d{row.id}", row.state, row.reason)


def of_draft(connection: Connection, draft_id: int, *, viewer: int | None = None) -> Explanation | None:
    """Why the draft was made and what became of it; None: there is no such one."""
    row = connection.execute(select(Draft.__table__).where(Draft.id == draft_id)).first()
    if row is None:
        return None
    if not interactions.visible(connection, [row.interaction_id], viewer):
        return Explanation("draft", draft_id, f"draft {draft_id}", _PRIVATE)
    return Explanation(
        "draft",
        draft_id,
        f"draft {draft_id}: {row.kind}, {row.subject or 'not written yet'}",
        f"It is {row.state}: {row.reason}",
        (
            TraceStep("occasion", f"i{row.interaction_id}", "found", f"Rule {row.rule} looked at this interaction."),
            *_told(row.trace),
        ),
    )


def of_key(connection: Connection, key: str, *, now: datetime, viewer: int | None = None) -> list[Explanation]:
    """What is stored under a Message-ID or UID: all occurrences of a series, and a draft of ours."""
    found = connection.scalars(
        select(Interaction.id)
        .where(or_(Interaction.message_id == key, Interaction.uid == key.lower()))
        .order_by(Interaction.at, Interaction.id)
    ).all()
    drafts = connection.scalars(select(Draft.id).where(Draft.message_id == key)).all()
    told = [
        *(of_interaction(connection, one, now=now, viewer=viewer) for one in found),
        *(of_draft(connection, one, viewer=viewer) for one in drafts),
    ]
    return [one for one in told if one is not None]


def _told(trace: Sequence[Mapping[str, Any]], *, prefix: str = "") -> Iterable[TraceStep]:
    """A stored trace; a field that an older version did not write is empty."""
    for step in trace:
        parts = (str(step.get(name, "")) for name in ("step", "value", "verdict", "why"))
        first, value, verdict, why = parts
        yield TraceStep(prefix + first, value, verdict, why)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
