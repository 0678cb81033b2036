"""Answers for what all tables share: the metadata with its naming convention, and the column types by name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import JSON, ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

from syncagent.crm.types import RowId, UtcDateTime

Id = Annotated[int, mapped_column(RowId, primary_key=True, comment="Number of the row.")]
At = Annotated[datetime, mapped_column(UtcDateTime)]
MaybeAt = Annotated[datetime | None, mapped_column(UtcDateTime)]


class Base(DeclarativeBase):
    """All tables hang on one metadata, so that migrations can be compared with it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, int: RowId}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute


def told(sentence: str, *, of: str = "", **options: Any) -> Any:
    """A column with its comment: a sentence that also says when it is empty. ``of`` names the table it points at."""
    points_at = (ForeignKey(f"{of}.id", ondelete="CASCADE"),) if of else ()
    return mapped_column(*points_at, comment=sentence, **options)
