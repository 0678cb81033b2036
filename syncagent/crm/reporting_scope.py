"""Answers for what all queries of a report share: its span, what counts as a contact and who may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_

from syncagent.crm.tables.interactions import Contact, Interaction, OurPart
from syncagent.crm.visibility import visible_to
from syncagent.vocabulary import Certainty, InteractionKind

#: A meeting that nobody has confirmed; once it is over it counts as held all the same.
TENTATIVE = "tentative"

#: The values of ``Interaction.outcome`` that do not stand against a meeting.
TAKES_PLACE = ("open", TENTATIVE)

MAIL = (InteractionKind.MAIL_IN.value, InteractionKind.MAIL_OUT.value)


@dataclass(frozen=True, slots=True)
class Scope:
    """What all queries of one report share."""

    connection: Connection
    our_person_id: int
    start_at: datetime
    end_at: datetime
    now: datetime

    @property
    def visible(self) -> ColumnElement[bool]:
        return visible_to(self.our_person_id)


def happened(now: datetime) -> ColumnElement[bool]:
    """Mail that was sent, meetings and calls that were held and are over.

    A meeting that vanished from every calendar before it began was called off.
    """
    held = and_(
        Interaction.outcome.in_(TAKES_PLACE),
        func.coalesce(Interaction.ended_at, Interaction.at) <= now,
        or_(Interaction.gone_at.is_(None), Interaction.gone_at >= Interaction.at),
    )
    return and_(Interaction.at <= now, or_(Interaction.kind.in_(MAIL), held))


def named() -> ColumnElement[bool]:
    """A contact whose person is known; a question that nobody has answered names nobody."""
    return and_(Contact.stakeholder_id.is_not(None), Contact.certainty != Certainty.QUESTION.value)


def part_of(our_person_id: int) -> ColumnElement[bool]:
    return and_(OurPart.our_person_id == our_person_id, OurPart.declined.is_(False))


def collected(scope: Scope, statement: Select[int, str]) -> dict[int, tuple[str, ...]]:
    return grouped((key, value) for key, value in scope.connection.execute(statement))


def grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    """The different values of each key, in their order."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for key, value in pairs:
        found[key][value] = None
    return {key: tuple(values) for key, values in found.items()}
