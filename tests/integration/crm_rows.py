"""Rows of the CRM for tests: two managers, two accounts, three people, and what may happen between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from syncagent.crm.tables.all import metadata
from syncagent.crm.types import UtcDateTime

MONDAY = datetime(2020, 11, 16, 6, 0, 0, 250, tzinfo=UTC)
HOUR = timedelta(hours=1)
FUTURE = datetime(2099, 1, 5, 6, tzinfo=UTC)


def add(connection: sa.Connection, table_name: str, **values: Any) -> None:
    """A row; what is not named is empty, 0, no, or long ago."""
    table = metadata.tables[table_name]
    connection.execute(table.insert(), {**{column.name: empty(column) for column in table.columns}, **values})


def empty(column: sa.Column[Any]) -> Any:
    if column.nullable:
        return None
    kinds = {sa.Boolean: False, sa.Integer: 0, sa.JSON: [], sa.String: "", UtcDateTime: MONDAY}
    return next(value for kind, value in kinds.items() if isinstance(column.type, kind))


def seed_people(connection: sa.Connection) -> None:
    add(connection, "account", id=1, name="Azərneft ASC", name_key="azerneft asc", is_key=True)
    add(connection, "account", id=2, name="Şəki İpək", name_key="seki ipek")
    add(connection, "account_domain", id=1, account_id=1, domain="neft.az", since_at=MONDAY)
    add(connection, "account_domain", id=2, account_id=1, domain="köhnə.az", until_at=MONDAY)
    add(connection, "account_domain", id=3, account_id=1, domain="azneft.az")
    for number, name, email in ((1, "Leyla Əliyeva", "leyla@bizim.az"), (2, "", "rauf@bizim.az")):
        add(connection, "our_person", id=number, name=name, email=email)
        add(connection, "mailbox", id=number, name=email.partition("@")[0], our_person_id=number)
    add(connection, "team", id=1, account_id=1, our_person_id=2, is_owner=True)
    add(connection, "team", id=2, account_id=1, our_person_id=1, is_owner=True, since_at=MONDAY)
    add(connection, "team", id=3, account_id=2, our_person_id=1, is_owner=True, until_at=MONDAY)
    add(connection, "team", id=4, account_id=2, our_person_id=2)
    add(
        connection,
        "stakeholder",
        id=1,
        name="Gülşən Qədirova",
        title="Baş direktor",
        political_role="fox",
        language="az",
    )
    add(connection, "stakeholder", id=2, name="Rəşad Ağayev", contact_person=True, opted_out=True)
    add(connection, "stakeholder", id=3, name="Иван Петров", language="ru")
    for role in ("supporter", "decision_maker"):
        add(connection, "stakeholder_role", stakeholder_id=1, role=role)
    for number, person, email, position in (
        (1, 1, "g.qedirova@azneft.az", 1),
        (2, 1, "gulsen@neft.az", 0),
        (3, 2, "resad@neft.az", 0),
    ):
        add(connection, "stakeholder_address", id=number, stakeholder_id=person, email=email, position=position)
    add(connection, "stakeholder_address", id=4, stakeholder_id=2, email="resad@seki.az", until_at=MONDAY)
    add(connection, "membership", id=1, stakeholder_id=1, account_id=1)
    add(connection, "membership", id=2, stakeholder_id=2, account_id=2, until_at=MONDAY)
    add(connection, "membership", id=3, stakeholder_id=2, account_id=1, since_at=MONDAY)
    add(connection, "membership", id=4, stakeholder_id=3, account_id=2, since_at=FUTURE)


def add_interaction(connection: sa.Connection, number: int, **values: Any) -> None:
    """A mail, unless the values say otherwise."""
    told = {"kind": "mail_in", "outcome": "open", "status": "confirmed", "natural_key": f"m:{number}", **values}
    add(connection, "interaction", id=number, **told)


def add_meeting(connection: sa.Connection, number: int, at: datetime, **values: Any) -> None:
    add_interaction(connection, number, **{"kind": "meeting", "at": at, "ended_at": at + HOUR, **values})


def add_copy(connection: sa.Connection, number: int, interaction: int, mailbox: int, **values: Any) -> None:
    told = {"sensitivity": "normal", "store": "excerpt", **values}
    add(connection, "sighting", id=number, interaction_id=interaction, mailbox_id=mailbox, **told)
