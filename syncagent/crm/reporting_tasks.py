"""Answers for what a manager has to do: follow-ups and the next meetings; reads the tables, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, union

from syncagent.crm.reporting_rows import MEETINGS_AHEAD, OPEN_STATES, FollowUpRow, MeetingRow
from syncagent.crm.reporting_scope import TAKES_PLACE, TENTATIVE, Scope, collected, grouped, named, part_of
from syncagent.crm.tables.drafting import Draft
from syncagent.crm.tables.interactions import Contact, Interaction, OurPart
from syncagent.crm.tables.mailboxes import Mailbox
from syncagent.crm.tables.people import Account, OurPerson, Stakeholder
from syncagent.vocabulary import DraftState, InteractionKind

_FOLLOW_UP = "follow_up_formal"


def follow_ups(scope: Scope) -> tuple[FollowUpRow, ...]:
    """Drafts in the manager's own mailboxes; one that became needless (obsolete) was never owed."""
    wanted = and_(
        Draft.mailbox_id.in_(select(Mailbox.id).where(Mailbox.our_person_id == scope.our_person_id)),
        Draft.kind == _FOLLOW_UP,
        Draft.state != DraftState.OBSOLETE.value,
        Draft.due_at < scope.end_at,
        or_(Draft.due_at >= scope.start_at, Draft.state.in_([state.value for state in OPEN_STATES])),
        scope.visible,
    )
    copy = Interaction.__table__.alias("sent_copy")
    sent_copy_at = (
        select(func.min(copy.c.at))
        .where(
            copy.c.message_id == Draft.message_id, copy.c.kind == InteractionKind.MAIL_OUT.value, Draft.message_id != ""
        )
        .scalar_subquery()
    )
    rows = scope.connection.execute(
        select(
            Draft.id,
            Draft.interaction_id,
            Draft.recipients,
            Draft.due_at,
            Draft.state,
            Draft.changed_at,
            Interaction.subject,
            Interaction.at,
            sent_copy_at.label("sent_copy_at"),
        )
        .join(Interaction, Interaction.id == Draft.interaction_id)
        .where(wanted)
    ).all()
    accounts = collected(
        scope,
        select(Draft.id, Account.name)
        .join(Interaction, Interaction.id == Draft.interaction_id)
        .join(Contact, Contact.interaction_id == Interaction.id)
        .join(Account, Account.id == Contact.account_id)
        .where(wanted)
        .distinct(),
    )
    return tuple(_follow_up(row, accounts.get(row.id, ())) for row in rows)


def _follow_up(row: Row[Any], accounts: tuple[str, ...]) -> FollowUpRow:
    state = DraftState(row.state)
    return FollowUpRow(
        draft_id=row.id,
        interaction_id=row.interaction_id,
        meeting=row.subject,
        met_at=row.at,
        accounts=accounts,
        to=tuple(row.recipients),
        due_at=row.due_at,
        state=state,
        sent_at=(row.sent_copy_at or row.changed_at) if state is DraftState.SENT else None,
    )


def next_meetings(scope: Scope, accounts: Sequence[int]) -> tuple[MeetingRow, ...]:
    """Planned meetings with key accounts: of the manager with any of them, of all of us with ``accounts``."""
    soon = scope.now, scope.now + MEETINGS_AHEAD
    with_accounts = select(Contact.interaction_id).where(
        Contact.account_id.in_(accounts), Contact.at > soon[0], Contact.at <= soon[1]
    )
    of_manager = select(OurPart.interaction_id).where(
        part_of(scope.our_person_id), OurPart.at > soon[0], OurPart.at <= soon[1]
    )
    planned = and_(
        Interaction.id.in_(union(with_accounts, of_manager)),
        Interaction.kind == InteractionKind.MEETING.value,
        Interaction.outcome.in_(TAKES_PLACE),
        Interaction.gone_at.is_(None),
        scope.visible,
    )
    rows = scope.connection.execute(
        select(
            Interaction.id,
            Interaction.at,
            Interaction.ended_at,
            Interaction.all_day,
            Interaction.start_date,
            Interaction.subject,
            Interaction.outcome,
        ).where(planned)
    ).all()
    theirs = scope.connection.execute(
        select(Contact.interaction_id, Account.name.label("account"), Contact.email, Stakeholder.name)
        .join(Interaction, Interaction.id == Contact.interaction_id)
        .join(Account, and_(Account.id == Contact.account_id, Account.is_key))
        .outerjoin(Stakeholder, and_(Stakeholder.id == Contact.stakeholder_id, named()))
        .where(planned)
    ).all()
    ours = scope.connection.execute(
        select(OurPart.interaction_id, OurPerson.id, OurPerson.name, OurPerson.email)
        .join(Interaction, Interaction.id == OurPart.interaction_id)
        .join(OurPerson, OurPerson.id == OurPart.our_person_id)
        .where(planned, OurPart.declined.is_(False))
    ).all()
    accounts_of = grouped((row.interaction_id, row.account) for row in theirs)
    people_of = grouped((row.interaction_id, row.name or row.email) for row in theirs)
    ours_of = grouped((row.interaction_id, row.name or row.email) for row in ours)
    own = {row.interaction_id for row in ours if row.id == scope.our_person_id}
    return tuple(
        MeetingRow(
            interaction_id=row.id,
            at=row.at,
            ended_at=row.ended_at,
            all_day=row.all_day,
            start_date=row.start_date,
            subject=row.subject,
            tentative=row.outcome == TENTATIVE,
            own=row.id in own,
            accounts=accounts_of[row.id],
            people=people_of[row.id],
            ours=ours_of.get(row.id, ()),
        )
        for row in rows
        if row.id in accounts_of  # a meeting with nobody of a key account is none of this report's business
    )
