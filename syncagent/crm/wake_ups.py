"""Answers for when a rule looks at an interaction, and what it found: state, not events (docs/architecture.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from syncagent.crm.tables.drafting import WakeUp
from syncagent.crm.tables.interactions import Interaction
from syncagent.crm.types import chunks, upsert


@dataclass(frozen=True, slots=True)
class Due:
    """A look that is due."""

    id: int
    interaction_id: int
    rule: str


def leave(connection: Connection, interaction_ids: Sequence[int], rules: Sequence[tuple[str, timedelta]]) -> None:
    """Has each of the rules look at these meetings after their end; a meeting that changed is looked at anew."""
    if not rules:
        return
    for some in chunks(interaction_ids):
        ended = connection.execute(
            select(Interaction.id, Interaction.ended_at).where(
                Interaction.id.in_(some), Interaction.ended_at.is_not(None)
            )
        ).all()
        rows = [
            {
                "interaction_id": row.id,
                "rule": rule,
                "at": row.ended_at + wait,
                "outcome": "",
                "reason": "",
                "trace": [],
                "rule_hash": "",
                "decided_at": None,
            }
            for row in ended
            for rule, wait in rules
        ]
        upsert(connection, WakeUp, rows, key=["interaction_id", "rule"], update=["at"])


def leave_for_new_rules(
    connection: Connection, rules: Sequence[tuple[str, str, timedelta]], *, since: datetime
) -> None:
    """Has a rule that is new, or whose text changed, look at the meetings that ended since; settled ones included.

    ``rules`` are name, hash and wait. A meeting that already has its draft keeps it: the occasion is taken.
    """
    for rule, rule_hash, wait in rules:
        looked_at = select(WakeUp.interaction_id).where(
            WakeUp.rule == rule, (WakeUp.rule_hash == rule_hash) | WakeUp.at.is_not(None)
        )
        missing = connection.scalars(
            select(Interaction.id).where(
                Interaction.kind == "meeting", Interaction.ended_at >= since, Interaction.id.not_in(looked_at)
            )
        ).all()
        leave(connection, missing, [(rule, wait)])


def due(connection: Connection, *, now: datetime, limit: int, after: int = 0) -> list[Due]:
    """Looks that are due, in the order in which they were left, after the one with id ``after``."""
    return [
        Due(row.id, row.interaction_id, row.rule)
        for row in connection.execute(
            select(WakeUp.id, WakeUp.interaction_id, WakeUp.rule)
            .where(WakeUp.at <= now, WakeUp.id > after)
            .order_by(WakeUp.id)
            .limit(limit)
        )
    ]


def settle(
    connection: Connection,
    wake_up_id: int,
    *,
    outcome: str,
    reason: str,
    trace: list[dict[str, Any]],
    rule_hash: str,
    again_at: datetime | None,
    now: datetime,
) -> None:
    """Keeps what a look found. ``again_at`` None: nothing more to look at unless the meeting changes."""
    connection.execute(
        update(WakeUp)
        .where(WakeUp.id == wake_up_id)
        .values(outcome=outcome, reason=reason, trace=trace, rule_hash=rule_hash, at=again_at, decided_at=now)
    )
