"""Fills every table of a database with rows, whatever its revision: what to write is read from the database itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

NUMBER_OF_ROWS = 2


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """Our tables as the database has them, those that are pointed at first."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(connection: sa.Connection) -> None:
    """Puts two rows into every table that has none; in the second everything that may be null is."""
    for table in tables_of(connection):
        if connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
            connection.execute(table.insert(), [row_of(table, number) for number in range(1, NUMBER_OF_ROWS + 1)])


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in tables_of(connection)
    }


def row_of(table: sa.Table, number: int) -> dict[str, Any]:
    """A row that differs in each column from every other ``number``; what points at a row points at that ``number``."""
    return {column.name: _value_of(column, number) for column in table.columns}


def _value_of(column: sa.Column[Any], number: int) -> Any:
    if column.nullable and number > 1:
        return None
    if column.foreign_keys:
        return number
    values = {
        sa.Boolean: number % 2 == 1,
        sa.Date: date(2026, 11, number),
        sa.DateTime: datetime(2026, 11, 20, number, tzinfo=UTC),
        sa.Integer: number,
        sa.JSON: [f"Əliyev {number}"],
        sa.String: f"{column.name} Əliyev {number}",
    }
    return next(value for kind, value in values.items() if isinstance(column.type, kind))
