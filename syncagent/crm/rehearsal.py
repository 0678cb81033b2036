"""Answers for a copy of the whole database to rehearse on; reads one database, fills another, empty one."""

from __future__ import annotations

from sqlalchemy import insert, select

from syncagent.crm import schema
from syncagent.crm.database import Database
from syncagent.crm.tables.all import metadata

#: Rows copied at a time.
BATCH = 2_000


def copy(source: Database, target: Database) -> None:
    """Copies every row into ``target``, which is created; both may be of different kinds."""
    schema.ensure(target)
    with source.read() as reading, target.write() as writing:
        for table in metadata.sorted_tables:
            for batch in reading.execution_options(stream_results=True).execute(select(table)).partitions(BATCH):
                writing.execute(insert(table), [dict(row._mapping) for row in batch])
