"""Answers for accounts, their people and our people, each over time."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from syncagent.crm.tables.base import At, Base, Id, MaybeAt, told


class Account(Base):
    __tablename__ = "account"
    __table_args__ = ({"comment": "A customer; a key account earns follow-ups and a place in the report."},)

    id: Mapped[Id]
    name: Mapped[str] = told("Name as written in the last import.")
    name_key: Mapped[str] = told("Name folded for comparison: one account for each.", unique=True)
    is_key: Mapped[bool] = told("Whether it is a key account now.")
    created_at: Mapped[At] = told("When the account was first imported.")


class AccountDomain(Base):
    __tablename__ = "account_domain"
    __table_args__ = (Index(None, "account_id"), {"comment": "A mail domain of an account and when it belonged to it."})

    id: Mapped[Id]
    account_id: Mapped[int] = told("Whose domain.", of="account")
    domain: Mapped[str] = told("Domain in its A-label form, lower case.")
    since_at: Mapped[MaybeAt] = told("From when on; empty: from the beginning.")
    until_at: Mapped[MaybeAt] = told("Until when; empty: still.")


class Stakeholder(Base):
    __tablename__ = "stakeholder"
    __table_args__ = ({"comment": "A person at an account who takes part in, or influences, buying."},)

    id: Mapped[Id]
    name: Mapped[str] = told("Name as written in the last import.")
    title: Mapped[str] = told("Job title; may be empty.")
    political_role: Mapped[str] = told("most_powerful, rising_star, fading_star, fox or foot_soldier; may be empty.")
    contact_person: Mapped[bool] = told("Whether this is the day-to-day counterpart.")
    language: Mapped[str] = told("az, en, tr or ru; empty when nobody said.")
    interests: Mapped[str] = told("Interests, separated by semicolons; may be empty.")
    reports_to: Mapped[str] = told("Main address, or name within the account, of the superior; may be empty.")
    salutation: Mapped[str] = told("Form of address, such as cənab or xanım; may be empty.")
    formality: Mapped[str] = told("formal or informal; empty when nobody said.")
    phone: Mapped[str] = told("Telephone number as written; may be empty.")
    opted_out: Mapped[bool] = told("Whether the person wants no drafts.")
    created_at: Mapped[At] = told("When the person was first imported.")


class StakeholderRole(Base):
    __tablename__ = "stakeholder_role"
    __table_args__ = ({"comment": "A decision role of a stakeholder; a person may hold several."},)

    stakeholder_id: Mapped[int] = told("Who.", of="stakeholder", primary_key=True)
    role: Mapped[str] = told("decision_maker, influencer, supporter or opponent.", primary_key=True)


class StakeholderAddress(Base):
    __tablename__ = "stakeholder_address"
    __table_args__ = (
        Index(None, "stakeholder_id"),
        Index(None, "email"),
        {"comment": "An e-mail address of a stakeholder and when it was theirs."},
    )

    id: Mapped[Id]
    stakeholder_id: Mapped[int] = told("Whose address.", of="stakeholder")
    email: Mapped[str] = told("Address in normal form.")
    position: Mapped[int] = told("0 for the main address.")
    since_at: Mapped[MaybeAt] = told("From when on; empty: from the beginning.")
    until_at: Mapped[MaybeAt] = told("Until when; empty: still.")


class Membership(Base):
    __tablename__ = "membership"
    __table_args__ = (
        Index(None, "stakeholder_id"),
        Index(None, "account_id"),
        {"comment": "A stakeholder's time at an account; a contact belongs to the account of its time."},
    )

    id: Mapped[Id]
    stakeholder_id: Mapped[int] = told("Who.", of="stakeholder")
    account_id: Mapped[int] = told("Where.", of="account")
    since_at: Mapped[MaybeAt] = told("From when on; empty: from the beginning.")
    until_at: Mapped[MaybeAt] = told("Until when; empty: still.")


class OurPerson(Base):
    __tablename__ = "our_person"
    __table_args__ = ({"comment": "One of us: a manager with a mailbox, or a colleague seen beside a stakeholder."},)

    id: Mapped[Id]
    email: Mapped[str] = told("Main address in normal form.", unique=True)
    name: Mapped[str] = told("Name; empty until a manager's mailbox or a header tells it.")
    language: Mapped[str] = told("az, en, tr or ru.")
    zone: Mapped[str] = told("IANA time zone.")


class OurAddress(Base):
    __tablename__ = "our_address"
    __table_args__ = (Index(None, "our_person_id"), {"comment": "An address of one of us."})

    email: Mapped[str] = told("Address in normal form.", primary_key=True)
    our_person_id: Mapped[int] = told("Whose.", of="our_person")


class Team(Base):
    __tablename__ = "team"
    __table_args__ = (
        UniqueConstraint("account_id", "our_person_id", "since_at"),
        Index(None, "our_person_id"),
        {"comment": "Who of us works on an account, and when; the owner acts when no organiser of ours took part."},
    )

    id: Mapped[Id]
    account_id: Mapped[int] = told("Which account.", of="account")
    our_person_id: Mapped[int] = told("Who of us.", of="our_person")
    is_owner: Mapped[bool] = told("Whether the account is theirs.")
    since_at: Mapped[MaybeAt] = told("From when on; empty: from the beginning.")
    until_at: Mapped[MaybeAt] = told("Until when; empty: still.")


class Revision(Base):
    __tablename__ = "revision"
    __table_args__ = ({"comment": "Counters that tell a worker whether what it holds in memory is still current."},)

    name: Mapped[str] = told("What is counted: people.", primary_key=True)
    number: Mapped[int] = told("Grows by one with each change.")
