"""Answers for which weekly reports were delivered, so that each is delivered once; touches the table of reports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from syncagent.crm.tables.drafting import Report
from syncagent.crm.types import upsert


def is_delivered(connection: Connection, our_person_id: int, week: str) -> bool:
    """Whether this one of us has the report of the ISO week already."""
    return (
        connection.scalar(select(Report.id).where(Report.our_person_id == our_person_id, Report.week == week))
        is not None
    )


def remember(connection: Connection, *, our_person_id: int, week: str, path: str, now: datetime) -> None:
    """Keeps that the report was delivered; a second time changes nothing."""
    row = {"our_person_id": our_person_id, "week": week, "path": path, "delivered_at": now}
    upsert(connection, Report, [row], key=["our_person_id", "week"])
