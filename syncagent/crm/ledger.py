"""Answers for the proof that nothing was passed over: a row for each run, and sums since a stream began."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from syncagent.crm import failures
from syncagent.crm.record import PageOutcome
from syncagent.crm.tables.mailboxes import Ledger, Mailbox, Run
from syncagent.crm.tables.mailboxes import Stream as StreamRow
from syncagent.crm.types import insert_for, new_id
from syncagent.vocabulary import RunKind, Skip

PLAIN = ("seen", "logged", "updated", "removed", "ignored", "failed")
_SKIPPED = "skipped:"


def begin(connection: Connection, stream_id: int, kind: RunKind, *, now: datetime) -> int:
    """Opens a run; returns its id."""
    zeros = dict.fromkeys(("pages", *PLAIN), 0)
    result = connection.execute(
        insert(Run).values(stream_id=stream_id, kind=kind.value, started_at=now, skipped={}, error="", **zeros)
    )
    return new_id(result)


def add(connection: Connection, stream_id: int, run_id: int, kind: RunKind, outcome: PageOutcome) -> None:
    """Books a page: in its run and in the sums, in the page's own transaction."""
    plain = {name: getattr(outcome, name) for name in PLAIN}
    skipped = {reason.value: number for reason, number in outcome.skipped.items()}
    assert outcome.seen == sum(plain.values()) - outcome.seen + sum(skipped.values()), "the ledger does not add up"
    run = connection.execute(select(Run.skipped).where(Run.id == run_id)).one()
    columns = {name: getattr(Run, name) + number for name, number in plain.items()}
    connection.execute(
        update(Run)
        .where(Run.id == run_id)
        .values(pages=Run.pages + 1, skipped=dict(Counter(run.skipped) + Counter(skipped)), **columns)
    )
    booked = {**plain, **{_SKIPPED + reason: number for reason, number in skipped.items()}}
    rows = [
        {"stream_id": stream_id, "kind": kind.value, "outcome": name, "number": number}
        for name, number in sorted(booked.items())
        if number
    ]
    if rows:
        statement = insert_for(connection, Ledger)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["stream_id", "kind", "outcome"],
                set_={"number": Ledger.number + statement.excluded.number},
            ),
            rows,
        )


def quiet(connection: Connection, stream_id: int, *, began_at: datetime, ended_at: datetime) -> None:
    """Books a good forward run that saw nothing: it joins the one before it if that was such a run too."""
    before = connection.execute(
        select(Run.id, Run.kind, Run.seen, Run.error, Run.ended_at, Run.pages)
        .where(Run.stream_id == stream_id)
        .order_by(Run.id.desc())
        .limit(1)
    ).first()
    if before is not None and (before.kind, before.seen, before.error) == (RunKind.FORWARD.value, 0, ""):
        connection.execute(update(Run).where(Run.id == before.id).values(ended_at=ended_at, pages=before.pages + 1))
        return
    zeros = dict.fromkeys(PLAIN, 0)
    values = {"stream_id": stream_id, "kind": RunKind.FORWARD.value, "started_at": began_at, "ended_at": ended_at}
    connection.execute(insert(Run).values(**values, pages=1, skipped={}, error="", **zeros))


def end(connection: Connection, run_id: int, *, error: str, now: datetime) -> None:
    """Closes a run; an error is its name, an empty one a good end."""
    connection.execute(update(Run).where(Run.id == run_id).values(ended_at=now, error=error))


def status(connection: Connection, *, now: datetime, late_after: timedelta) -> list[dict[str, Any]]:
    """Each stream of each mailbox as ``status`` shows it: sums of all runs, of each kind, the last one, the cure."""
    sums = _sums(connection)
    waiting = failures.open_count(connection)
    last_runs = _last_runs(connection)
    found = connection.execute(
        select(StreamRow.__table__, Mailbox.name.label("mailbox"), Mailbox.paused_at)
        .join(Mailbox, Mailbox.id == StreamRow.mailbox_id)
        .where(Mailbox.removed_at.is_(None), StreamRow.gone_at.is_(None))
        .order_by(Mailbox.id, StreamRow.id)
    )
    result = []
    for row in found:
        by_kind = sums.get(row.id, {})
        total: Counter[str] = Counter()
        for counts in by_kind.values():
            total.update(counts)
        result.append(
            {
                "mailbox": row.mailbox,
                "stream": row.name,
                "role": row.role,
                "state": _state(row, now, late_after),
                "last_good_at": row.last_good_at,
                "last_error_at": row.last_error_at,
                "complete_since": row.gapless_since_at,
                **_counts(total),
                "open_failures": waiting.get(row.id, 0),
                "last_run": last_runs.get(row.id),
                "by_kind": {kind: _counts(counts) for kind, counts in sorted(by_kind.items())},
                "message": row.message,
                "cure": row.cure,
            }
        )
    return result


def _state(row: Any, now: datetime, late_after: timedelta) -> str:
    """One word on how a stream fares, worst news first."""
    checks = (
        ("paused", row.paused_at is not None),
        ("needs_sign_in", row.error == "AuthNeeded"),
        ("failing", bool(row.error)),
        ("late", row.last_good_at is None or now - row.last_good_at > late_after),
    )
    return next((word for word, holds in checks if holds), "ok")


def _counts(counts: Counter[str]) -> dict[str, Any]:
    skipped = {reason.value: counts[_SKIPPED + reason] for reason in Skip if counts[_SKIPPED + reason]}
    return {**{name: counts[name] for name in PLAIN}, "skipped": skipped}


def _sums(connection: Connection) -> dict[int, dict[str, Counter[str]]]:
    sums: dict[int, dict[str, Counter[str]]] = {}
    for row in connection.execute(select(Ledger.__table__)):
        sums.setdefault(row.stream_id, {}).setdefault(row.kind, Counter())[row.outcome] = row.number
    return sums


def _last_runs(connection: Connection) -> dict[int, dict[str, Any]]:
    newest = select(func.max(Run.id)).group_by(Run.stream_id)
    return {
        row.stream_id: {
            "kind": row.kind,
            "started_at": row.started_at,
            "ended_at": row.ended_at,
            "seen": row.seen,
            "logged": row.logged,
            "error": row.error,
        }
        for row in connection.execute(select(Run.__table__).where(Run.id.in_(newest)))
    }
