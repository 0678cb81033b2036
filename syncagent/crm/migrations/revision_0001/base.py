"""Answers for what the tables of revision 0001 share: names of constraints and kinds of columns; frozen with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, DateTime, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def table(name: str, comment: str, *items: SchemaItem, with_rowid: bool = True) -> Table:
    """A table of this revision. ``with_rowid`` False: SQLite keeps its rows in the primary key itself."""
    return Table(name, metadata, *items, comment=comment, sqlite_with_rowid=with_rowid)


def row_id() -> Column[int]:
    return Column("id", _NUMBER, primary_key=True, comment="Number of the row.")


def points_at(name: str, target: str, comment: str, **options: Any) -> Column[int]:
    """The ``id`` of a row of ``target``; goes when that row goes."""
    return number(name, comment, ForeignKey(f"{target}.id", ondelete="CASCADE"), **options)


def text(name: str, comment: str, **options: Any) -> Column[str]:
    return Column(name, String, **{"nullable": False, **options}, comment=comment)


def number(name: str, comment: str, *items: SchemaItem, **options: Any) -> Column[int]:
    return Column(name, _NUMBER, *items, **{"nullable": False, **options}, comment=comment)


def yes_no(name: str, comment: str, **options: Any) -> Column[bool]:
    return Column(name, Boolean, **{"nullable": False, **options}, comment=comment)


def json(name: str, comment: str, **options: Any) -> Column[Any]:
    return Column(name, JSON, **{"nullable": False, **options}, comment=comment)


def day(name: str, comment: str, **options: Any) -> Column[date]:
    return Column(name, Date, **{"nullable": False, **options}, comment=comment)


def time(name: str, comment: str, **options: Any) -> Column[datetime]:
    """A point in time, written in UTC."""
    return Column(name, DateTime(timezone=True), **{"nullable": False, **options}, comment=comment)
