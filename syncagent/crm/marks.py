"""Answers for what connectors may know of the database (``ports.Known``): their own marks, and what is logged."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, ScalarSelect, delete, func, select

from syncagent.crm.database import Database
from syncagent.crm.tables.drafting import Draft
from syncagent.crm.tables.interactions import Location
from syncagent.crm.tables.mailboxes import Mark, Stream
from syncagent.crm.types import chunks, upsert

#: Marks read at a time, so that a large folder never stands in memory as rows.
BATCH = 5_000


def keyed_hash(secret: bytes, *parts: str) -> str:
    """A short hash that nobody without the installation's key can try addresses or ids against (128 bits, hex)."""
    message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:32]


class StoredKnowledge:
    """What the database knows of one mailbox; opens a short read for each question."""

    def __init__(self, database: Database, mailbox_id: int, secret: bytes) -> None:
        self._database = database
        self._mailbox_id = mailbox_id
        self._secret = secret

    def key(self, stream: str, item: str) -> str:
        return keyed_hash(self._secret, "mark", stream, item)

    def marks(self, stream: str, keys: Sequence[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        with self._database.read() as connection:
            for some in chunks(keys):
                found.update(
                    (row.key, row.value)
                    for row in connection.execute(
                        select(Mark.key, Mark.value).where(Mark.stream_id == self._stream(stream), Mark.key.in_(some))
                    )
                )
        return found

    def all_marks(self, stream: str) -> Iterator[tuple[str, str]]:
        last = ""
        while True:
            with self._database.read() as connection:
                batch = connection.execute(
                    select(Mark.key, Mark.value)
                    .where(Mark.stream_id == self._stream(stream), Mark.key > last)
                    .order_by(Mark.key)
                    .limit(BATCH)
                ).all()
            yield from ((row.key, row.value) for row in batch)
            if len(batch) < BATCH:
                return
            last = batch[-1].key

    def refs(self, stream: str, prefix: str = "") -> Sequence[str]:
        logged = (
            select(Location.remote_id)
            .where(Location.stream_id == self._stream(stream), Location.gone_at.is_(None))
            .order_by(Location.remote_id)
        )
        drafts = (
            select(Draft.remote_id)
            .where(Draft.mailbox_id == self._mailbox_id, Draft.stream_remote_id == stream, Draft.remote_id != "")
            .where(Draft.vanished_at.is_(None))
        )
        if prefix:
            # Not LIKE: SQLite's ignores case, and ids may differ in case alone.
            logged = logged.where(func.substr(Location.remote_id, 1, len(prefix)) == prefix)
            drafts = drafts.where(func.substr(Draft.remote_id, 1, len(prefix)) == prefix)
        with self._database.read() as connection:
            return [*connection.scalars(logged), *connection.scalars(drafts)]

    def _stream(self, remote_id: str) -> ScalarSelect[int]:
        return (
            select(Stream.id)
            .where(Stream.mailbox_id == self._mailbox_id, Stream.remote_id == remote_id)
            .scalar_subquery()
        )


def store(connection: Connection, stream_id: int, marks: Mapping[str, str | None]) -> None:
    """Writes the marks of a page: a value replaces, None removes."""
    rows = [{"stream_id": stream_id, "key": key, "value": value} for key, value in marks.items() if value is not None]
    upsert(connection, Mark, rows, key=["stream_id", "key"], update=["value"])
    for some in chunks(key for key, value in marks.items() if value is None):
        connection.execute(delete(Mark).where(Mark.stream_id == stream_id, Mark.key.in_(some)))
