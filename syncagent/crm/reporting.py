"""Answers for the facts of a manager's week; reads the tables of people, interactions and drafts, writes nothing.

What counts as a contact: mail that was sent, and a meeting or call that was held. Every row obeys ``visible_to``. The
number of queries is the same whatever the size; each goes in through an index on an account, a person or one of us,
and a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Subquery, and_, exists, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from syncagent.crm.reporting_rows import AccountRow, Counts, ManagerRow, PersonRow, WeekRows
from syncagent.crm.reporting_scope import MAIL, Scope, collected, happened, named, part_of
from syncagent.crm.reporting_tasks import follow_ups, next_meetings
from syncagent.crm.tables.interactions import Contact, Interaction, OurPart
from syncagent.crm.tables.people import (
    Account,
    Membership,
    OurPerson,
    Stakeholder,
    StakeholderAddress,
    StakeholderRole,
    Team,
)
from syncagent.errors import NotFound
from syncagent.vocabulary import InteractionKind

#: A key account without a team stays in the report of whoever had contact with it within this time.
CONTACT_MEMORY = timedelta(days=180)

_COUNTED = (*MAIL, InteractionKind.MEETING.value)


def week_of(
    connection: Connection,
    *,
    our_person_id: int,
    start_at: datetime,
    end_at: datetime,
    now: datetime,
    silent_since: datetime,
) -> WeekRows:
    """The facts of one manager's week ``[start_at, end_at)`` as the database knows them at ``now``.

    The accounts are the key accounts on whose team the manager was in the week, and those with which they had contact
    in it or in the 180 days before its end. Contacts are counted whoever of us had them. ``silent_since`` is passed on.
    Raises ``NotFound`` when there is no such person.
    """
    scope = Scope(connection, our_person_id, start_at, end_at, now)
    manager = _manager(scope)
    names = _accounts(scope)
    ids = tuple(names)
    by_account = _counts(scope, ids, by=(Contact.account_id,))
    return WeekRows(
        manager=manager,
        start_at=start_at,
        end_at=end_at,
        now=now,
        silent_since=silent_since,
        totals=_counts(scope, ids, by=()).get((), Counts()),
        accounts=tuple(AccountRow(id, name, by_account.get((id,), Counts())) for id, name in names.items()),
        people=_people(scope, ids),
        follow_ups=follow_ups(scope),
        next_meetings=next_meetings(scope, ids),
    )


def _manager(scope: Scope) -> ManagerRow:
    row = scope.connection.execute(
        select(OurPerson.id, OurPerson.name, OurPerson.email, OurPerson.language, OurPerson.zone).where(
            OurPerson.id == scope.our_person_id
        )
    ).first()
    if row is None:
        raise NotFound("There is no such manager.", cure="Name a manager of one of the mailboxes in config.toml.")
    return ManagerRow(row.id, row.name or row.email, row.email, row.language, row.zone)


def _accounts(scope: Scope) -> dict[int, str]:
    """The accounts of the report, id to name."""
    on_team = select(Team.account_id).where(
        Team.our_person_id == scope.our_person_id,
        or_(Team.since_at.is_(None), Team.since_at < scope.end_at),
        or_(Team.until_at.is_(None), Team.until_at > scope.start_at),
    )
    # Asked for each account, because the answer is mostly found within its first few contacts.
    in_touch = (
        select(Contact.interaction_id)
        .join(OurPart, OurPart.interaction_id == Contact.interaction_id)
        .join(Interaction, Interaction.id == Contact.interaction_id)
        .where(
            Contact.account_id == Account.id,
            Contact.at >= scope.end_at - CONTACT_MEMORY,
            Contact.at < scope.end_at,
            part_of(scope.our_person_id),
            happened(scope.now),
            scope.visible,
        )
        .exists()
    )
    rows = scope.connection.execute(
        select(Account.id, Account.name).where(Account.is_key, or_(Account.id.in_(on_team), in_touch))
    )
    return {row.id: row.name for row in rows}


def _contacts_of_week(scope: Scope, accounts: Sequence[int]) -> ColumnElement[bool]:
    """A condition on ``Contact`` joined to ``Interaction``."""
    return and_(
        Contact.account_id.in_(accounts),
        Contact.at >= scope.start_at,
        Contact.at < scope.end_at,
        happened(scope.now),
        scope.visible,
    )


def _counts(
    scope: Scope, accounts: Sequence[int], *, by: tuple[InstrumentedAttribute[Any], ...], people_only: bool = False
) -> dict[tuple[Any, ...], Counts]:
    """The week's contacts, grouped by columns of ``Contact``; in each group an interaction counts once."""
    statement = (
        select(
            *by,
            Interaction.kind,
            func.count(Interaction.id.distinct()),
            func.count(OurPart.interaction_id.distinct()),
        )
        .select_from(Contact)
        .join(Interaction, Interaction.id == Contact.interaction_id)
        .outerjoin(OurPart, and_(OurPart.interaction_id == Interaction.id, part_of(scope.our_person_id)))
        .where(_contacts_of_week(scope, accounts), Interaction.kind.in_(_COUNTED))
        .group_by(*by, Interaction.kind)
    )
    if people_only:
        statement = statement.where(named())
    numbers: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for *key, kind, number, own in scope.connection.execute(statement):
        numbers[tuple(key)][kind] = number
        numbers[tuple(key)]["own"] += own
    return {
        key: Counts(
            mails_in=of[InteractionKind.MAIL_IN.value],
            mails_out=of[InteractionKind.MAIL_OUT.value],
            meetings=of[InteractionKind.MEETING.value],
            own=of["own"],
        )
        for key, of in numbers.items()
    }


def _people(scope: Scope, accounts: Sequence[int]) -> tuple[PersonRow, ...]:
    """The stakeholders of the accounts with their counts, roles, main address and last contact."""
    people = _members_and_met(scope, accounts)
    rows = scope.connection.execute(
        select(
            people.c.account_id,
            Stakeholder.id,
            Stakeholder.name,
            Stakeholder.title,
            Stakeholder.contact_person,
            _is_member(scope, people).label("is_member"),
            _last_contact(scope, people).label("last_contact_at"),
        ).join(Stakeholder, Stakeholder.id == people.c.stakeholder_id)
    ).all()
    everybody = select(people.c.stakeholder_id)
    roles = collected(
        scope,
        select(StakeholderRole.stakeholder_id, StakeholderRole.role)
        .where(StakeholderRole.stakeholder_id.in_(everybody))
        .order_by(StakeholderRole.role),
    )
    # Addresses in use come before those of the past, the main one first.
    emails = collected(
        scope,
        select(StakeholderAddress.stakeholder_id, StakeholderAddress.email)
        .where(StakeholderAddress.stakeholder_id.in_(everybody))
        .order_by(StakeholderAddress.until_at.is_not(None), StakeholderAddress.position, StakeholderAddress.id),
    )
    counts = _counts(scope, accounts, by=(Contact.account_id, Contact.stakeholder_id), people_only=True)
    return tuple(
        PersonRow(
            account_id=row.account_id,
            stakeholder_id=row.id,
            name=row.name,
            email=next(iter(emails.get(row.id, ())), ""),
            title=row.title,
            contact_person=row.contact_person,
            roles=roles.get(row.id, ()),
            counts=counts.get((row.account_id, row.id), Counts()),
            last_contact_at=row.last_contact_at,
            is_member=row.is_member,
        )
        for row in rows
    )


def _members_and_met(scope: Scope, accounts: Sequence[int]) -> Subquery:
    """Account and stakeholder of all who were members since the week began, and of all with a contact in it."""
    members = select(Membership.account_id, Membership.stakeholder_id).where(
        Membership.account_id.in_(accounts),
        or_(Membership.since_at.is_(None), Membership.since_at <= scope.now),
        or_(Membership.until_at.is_(None), Membership.until_at > scope.start_at),
    )
    met = (
        select(Contact.account_id, Contact.stakeholder_id)
        .join(Interaction, Interaction.id == Contact.interaction_id)
        .where(_contacts_of_week(scope, accounts), named())
    )
    return union(members, met).subquery("people")


def _is_member(scope: Scope, people: Subquery) -> ColumnElement[bool]:
    """Whether a person belongs to the account now."""
    return exists().where(
        Membership.account_id == people.c.account_id,
        Membership.stakeholder_id == people.c.stakeholder_id,
        or_(Membership.since_at.is_(None), Membership.since_at <= scope.now),
        or_(Membership.until_at.is_(None), Membership.until_at > scope.now),
    )


def _last_contact(scope: Scope, people: Subquery) -> ScalarSelect[datetime]:
    """One step into the index from its newest end, instead of a maximum over all that ever happened."""
    return (
        select(Contact.at)
        .join(Interaction, Interaction.id == Contact.interaction_id)
        .where(Contact.stakeholder_id == people.c.stakeholder_id, Contact.at <= scope.now)
        .where(named(), happened(scope.now), scope.visible)
        .order_by(Contact.at.desc())
        .limit(1)
        .scalar_subquery()
    )
