"""Answers for accounts and stakeholders over time: importing, listing, and the rows that matching works on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update
from sqlalchemy import delete as delete_from

from syncagent.crm.folding import folded
from syncagent.crm.tables.interactions import Contact, Interaction
from syncagent.crm.tables.people import (
    Account,
    AccountDomain,
    Membership,
    OurAddress,
    Revision,
    Stakeholder,
    StakeholderAddress,
    StakeholderRole,
)
from syncagent.crm.types import new_id, upsert
from syncagent.crm.visibility import visible_to
from syncagent.formats.people_csv import AccountRow, PeopleFile, PersonRow

#: What a stakeholder is before a file says more.
_UNTOLD: dict[str, str | bool] = {
    "title": "",
    "political_role": "",
    "contact_person": False,
    "language": "",
    "interests": "",
    "reports_to": "",
    "salutation": "",
    "formality": "",
    "phone": "",
    "opted_out": False,
}


@dataclass(slots=True)
class ImportResult:
    """What an import changed. ``searched`` are the stakeholders whose history is looked for anew."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    accounts: int = 0
    searched: list[int] = field(default_factory=list)
    new_domains: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        return bool(self.added or self.changed or self.accounts)


@dataclass(frozen=True, slots=True)
class PeopleRows:
    """Everything that a people index is built from."""

    version: int
    addresses: Sequence[tuple[str, int, datetime | None, datetime | None]]
    memberships: Sequence[tuple[int, int, datetime | None, datetime | None]]
    domains: Sequence[tuple[str, int, datetime | None, datetime | None]]
    our_emails: frozenset[str]
    stakeholder_names: dict[int, str]
    account_names: dict[int, str]


def version(connection: Connection) -> int:
    """The revision of the people; grows with every change that matching must know of."""
    found = connection.scalar(select(Revision.number).where(Revision.name == "people"))
    return int(found or 0)


def bump(connection: Connection) -> int:
    """Counts a change of the people; to be called in the transaction that makes it."""
    upsert(connection, Revision, [{"name": "people", "number": 0}], key=["name"])
    connection.execute(update(Revision).where(Revision.name == "people").values(number=Revision.number + 1))
    return version(connection)


def rows(connection: Connection) -> PeopleRows:
    """All people that matching works on, in a fixed number of queries."""
    return PeopleRows(
        version=version(connection),
        addresses=[
            (row[0], row[1], row[2], row[3])
            for row in connection.execute(
                select(
                    StakeholderAddress.email,
                    StakeholderAddress.stakeholder_id,
                    StakeholderAddress.since_at,
                    StakeholderAddress.until_at,
                )
            )
        ],
        memberships=[
            (row[0], row[1], row[2], row[3])
            for row in connection.execute(
                select(Membership.stakeholder_id, Membership.account_id, Membership.since_at, Membership.until_at)
            )
        ],
        domains=[
            (row[0], row[1], row[2], row[3])
            for row in connection.execute(
                select(AccountDomain.domain, AccountDomain.account_id, AccountDomain.since_at, AccountDomain.until_at)
            )
        ],
        our_emails=frozenset(connection.scalars(select(OurAddress.email))),
        stakeholder_names={row.id: row.name for row in connection.execute(select(Stakeholder.id, Stakeholder.name))},
        account_names={row.id: row.name for row in connection.execute(select(Account.id, Account.name))},
    )


def import_people(connection: Connection, file: PeopleFile, *, now: datetime) -> ImportResult:
    """Brings the database to what the file says. People missing from it stay; the same file twice changes nothing."""
    result = ImportResult()
    account_ids = {row.name: _import_account(connection, row, now, result) for row in file.accounts}
    by_email = {
        row.email: row.stakeholder_id
        for row in connection.execute(
            select(StakeholderAddress.email, StakeholderAddress.stakeholder_id)
            .where(StakeholderAddress.until_at.is_(None))
            .order_by(StakeholderAddress.position.desc())
        )
    }
    for person in file.people:
        _import_person(
            connection, person, account_ids[person.account.name], by_email.get(person.emails[0]), now, result
        )
    if result.anything:
        bump(connection)
    return result


def _import_account(connection: Connection, row: AccountRow, now: datetime, result: ImportResult) -> int:
    key = folded(row.name)
    stored = connection.execute(select(Account.id, Account.name, Account.is_key).where(Account.name_key == key)).first()
    if stored is None:
        values = {"name": row.name, "name_key": key, "is_key": row.is_key is not False, "created_at": now}
        account_id = new_id(connection.execute(insert(Account).values(**values)))
        changed = True
    else:
        account_id = stored.id
        is_key = stored.is_key if row.is_key is None else row.is_key
        changed = (stored.name, stored.is_key) != (row.name, is_key)
        if changed:
            connection.execute(update(Account).where(Account.id == account_id).values(name=row.name, is_key=is_key))
    if row.domains is not None:
        changed |= _import_domains(connection, account_id, row.domains, now, result)
    result.accounts += changed
    return account_id


def _import_domains(
    connection: Connection, account_id: int, domains: Sequence[str], now: datetime, result: ImportResult
) -> bool:
    mine = AccountDomain.account_id == account_id, AccountDomain.until_at.is_(None)
    current = set(connection.scalars(select(AccountDomain.domain).where(*mine)))
    new = [domain for domain in domains if domain not in current]
    if new:
        connection.execute(insert(AccountDomain), [{"account_id": account_id, "domain": domain} for domain in new])
        result.new_domains.extend(new)
    left = current - set(domains)
    if left:
        connection.execute(update(AccountDomain).where(*mine, AccountDomain.domain.in_(left)).values(until_at=now))
    return bool(new or left)


def _import_person(
    connection: Connection,
    person: PersonRow,
    account_id: int,
    stakeholder_id: int | None,
    now: datetime,
    result: ImportResult,
) -> None:
    if stakeholder_id is None:
        values = {**_UNTOLD, **person.values, "name": person.name, "created_at": now}
        stakeholder_id = new_id(connection.execute(insert(Stakeholder).values(**values)))
        connection.execute(insert(Membership).values(stakeholder_id=stakeholder_id, account_id=account_id))
        _set_addresses(connection, stakeholder_id, person.emails, now)
        _set_roles(connection, stakeholder_id, person.decision_roles or ())
        result.added += 1
        result.searched.append(stakeholder_id)
        return
    changed = _update_values(connection, stakeholder_id, person)
    changed |= _move(connection, stakeholder_id, account_id, now)
    new_address, other_address = _set_addresses(connection, stakeholder_id, person.emails, now)
    if person.decision_roles is not None:
        changed |= _set_roles(connection, stakeholder_id, person.decision_roles)
    if new_address:
        result.searched.append(stakeholder_id)
    if changed or new_address or other_address:
        result.changed += 1
    else:
        result.unchanged += 1


def _update_values(connection: Connection, stakeholder_id: int, person: PersonRow) -> bool:
    wanted: dict[str, Any] = {**person.values, "name": person.name}
    columns = [Stakeholder.__table__.c[name] for name in wanted]
    stored = connection.execute(select(*columns).where(Stakeholder.id == stakeholder_id)).one()
    if dict(stored._mapping) == wanted:
        return False
    connection.execute(update(Stakeholder).where(Stakeholder.id == stakeholder_id).values(**wanted))
    return True


def _move(connection: Connection, stakeholder_id: int, account_id: int, now: datetime) -> bool:
    """Moves a person to another account from now on; the old one keeps the contacts of its time."""
    current = connection.scalars(
        select(Membership.account_id).where(Membership.stakeholder_id == stakeholder_id, Membership.until_at.is_(None))
    ).all()
    if account_id in current:
        return False
    connection.execute(
        update(Membership)
        .where(Membership.stakeholder_id == stakeholder_id, Membership.until_at.is_(None))
        .values(until_at=now)
    )
    since = now if current else None
    connection.execute(insert(Membership).values(stakeholder_id=stakeholder_id, account_id=account_id, since_at=since))
    return True


def _set_addresses(
    connection: Connection, stakeholder_id: int, emails: Sequence[str], now: datetime
) -> tuple[bool, bool]:
    """Whether an address is new, and whether anything else about the addresses changed."""
    current = {
        row.email: row.position
        for row in connection.execute(
            select(StakeholderAddress.email, StakeholderAddress.position).where(
                StakeholderAddress.stakeholder_id == stakeholder_id, StakeholderAddress.until_at.is_(None)
            )
        )
    }
    wanted = {email: position for position, email in enumerate(emails)}
    if current == wanted:
        return False, False
    left = set(current) - set(wanted)
    mine = StakeholderAddress.stakeholder_id == stakeholder_id, StakeholderAddress.until_at.is_(None)
    if left:
        connection.execute(
            update(StakeholderAddress).where(*mine, StakeholderAddress.email.in_(left)).values(until_at=now)
        )
    for email, position in wanted.items():
        if email not in current:
            row = {"stakeholder_id": stakeholder_id, "email": email, "position": position}
            connection.execute(insert(StakeholderAddress).values(**row))
        elif current[email] != position:
            connection.execute(
                update(StakeholderAddress).where(*mine, StakeholderAddress.email == email).values(position=position)
            )
    return bool(set(wanted) - set(current)), True


def _set_roles(connection: Connection, stakeholder_id: int, roles: Sequence[str]) -> bool:
    current = set(
        connection.scalars(select(StakeholderRole.role).where(StakeholderRole.stakeholder_id == stakeholder_id))
    )
    if current == set(roles):
        return False
    connection.execute(delete_from(StakeholderRole).where(StakeholderRole.stakeholder_id == stakeholder_id))
    if roles:
        connection.execute(
            insert(StakeholderRole), [{"stakeholder_id": stakeholder_id, "role": role} for role in roles]
        )
    return True


def listed(connection: Connection) -> list[dict[str, Any]]:
    """Every stakeholder with the columns of ``people.csv``, ``id`` and ``last_contact_at``, by account and name."""
    last_contact = {
        row.stakeholder_id: row.at
        for row in connection.execute(
            select(Contact.stakeholder_id, func.max(Contact.at).label("at"))
            .join(Interaction, Interaction.id == Contact.interaction_id)
            .where(Contact.stakeholder_id.is_not(None), visible_to(None), Contact.at <= func.now())
            .where(Interaction.outcome.in_(["open", "tentative"]))
            .group_by(Contact.stakeholder_id)
        )
    }
    domains = _grouped(
        connection.execute(
            select(AccountDomain.account_id, AccountDomain.domain)
            .where(AccountDomain.until_at.is_(None))
            .order_by(AccountDomain.id)
        )
    )
    emails = _grouped(
        connection.execute(
            select(StakeholderAddress.stakeholder_id, StakeholderAddress.email)
            .where(StakeholderAddress.until_at.is_(None))
            .order_by(StakeholderAddress.position)
        )
    )
    roles = _grouped(
        connection.execute(select(StakeholderRole.stakeholder_id, StakeholderRole.role).order_by(StakeholderRole.role))
    )
    found = connection.execute(
        select(Stakeholder.__table__, Account.id.label("account_id"), Account.name.label("account"), Account.is_key)
        .join(Membership, Membership.stakeholder_id == Stakeholder.id)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.until_at.is_(None))
        .order_by(Account.name_key, Stakeholder.name, Stakeholder.id)
    )
    return [
        {
            "id": row.id,
            "account": row.account,
            "account_domains": domains.get(row.account_id, []),
            "is_key": row.is_key,
            "name": row.name,
            "emails": emails.get(row.id, []),
            "decision_roles": roles.get(row.id, []),
            **{name: getattr(row, name) for name in _UNTOLD if name != "interests"},
            "interests": [part.strip() for part in row.interests.split(";") if part.strip()],
            "last_contact_at": last_contact.get(row.id),
        }
        for row in found
    ]


def _grouped(pairs: Iterable[Any]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def by_email(connection: Connection, email: str) -> int | None:
    """The stakeholder who has this address now; None when nobody, or more than one."""
    found = connection.scalars(
        select(StakeholderAddress.stakeholder_id).where(
            StakeholderAddress.email == email, or_(StakeholderAddress.until_at.is_(None))
        )
    ).all()
    return found[0] if len(set(found)) == 1 else None
