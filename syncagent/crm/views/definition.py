"""Answers for what a view of the open interface is, and for making and removing views; touches no table.

A view is written once, in PostgreSQL's words. SQLite gets the same text with the words of ``_IN_SQLITE`` put in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

Kind = Literal["number", "text", "time", "date", "yes/no"]

#: What SQLite calls differently. Its own CURRENT_TIMESTAMP has no fractions of a second, the stored times have.
_IN_SQLITE = {
    "string_agg(": "group_concat(",
    "json_array_elements_text(": "json_each(",
    "CURRENT_TIMESTAMP": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view: its name, its kind, what it is in SQL, and a sentence that says when it is empty."""

    name: str
    kind: Kind
    expression: str
    comment: str


@dataclass(frozen=True, slots=True)
class View:
    """A view. ``source`` is everything from FROM on; it may use views that come before it in their set."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    source: str

    def sql(self, dialect: str) -> str:
        """The CREATE VIEW of a dialect."""
        columns = ",\n".join(f"  {column.expression} AS {column.name}" for column in self.columns)
        text = f"CREATE VIEW {self.name} AS\nSELECT\n{columns}\n{self.source}"
        if dialect == "sqlite":
            for word, other in _IN_SQLITE.items():
                text = text.replace(word, other)
        return text


def create(connection: Connection, views: Sequence[View]) -> None:
    """Makes the views in their order, with their comments where the database keeps comments."""
    for view in views:
        connection.exec_driver_sql(view.sql(connection.dialect.name))
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"COMMENT ON VIEW {view.name} IS {_quoted(view.comment)}")
            for column in view.columns:
                connection.exec_driver_sql(f"COMMENT ON COLUMN {view.name}.{column.name} IS {_quoted(column.comment)}")


def drop(connection: Connection, views: Sequence[View]) -> None:
    """Removes the views, the last first. A migration that changes a table under them drops and makes them anew."""
    for view in reversed(views):
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view.name}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
