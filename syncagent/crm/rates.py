"""Answers for how much of what was read lately was a contact: the number that shows wrong people or domains first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from syncagent.crm.tables.mailboxes import Mailbox, Run
from syncagent.crm.tables.mailboxes import Stream as StreamRow
from syncagent.vocabulary import RunKind


@dataclass(frozen=True, slots=True)
class Rate:
    """What some runs saw, and how much of it they logged."""

    seen: int = 0
    logged: int = 0

    @property
    def share(self) -> float:
        """From 0 to 1; 0 when nothing was seen."""
        return self.logged / self.seen if self.seen else 0.0


def recent(connection: Connection, *, since: datetime) -> dict[str, Rate]:
    """The rate of each mailbox over the forward runs that began since; a mailbox that saw nothing is missing."""
    return {
        row.name: Rate(int(row.seen), int(row.logged))
        for row in connection.execute(
            select(Mailbox.name, func.sum(Run.seen).label("seen"), func.sum(Run.logged).label("logged"))
            .join(StreamRow, StreamRow.mailbox_id == Mailbox.id)
            .join(Run, Run.stream_id == StreamRow.id)
            .where(Run.kind == RunKind.FORWARD.value, Run.started_at >= since)
            .group_by(Mailbox.name)
            .having(func.sum(Run.seen) > 0)
        )
    }
