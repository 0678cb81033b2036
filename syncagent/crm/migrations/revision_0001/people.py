"""Answers for the tables of accounts, stakeholders and our people, as revision 0001 made them."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from syncagent.crm.migrations.revision_0001.base import number, points_at, row_id, table, text, time, yes_no

account = table(
    "account",
    "A customer; a key account earns follow-ups and a place in the report.",
    row_id(),
    text("name", "Name as written in the last import."),
    text("name_key", "Name folded for comparison: one account for each.", unique=True),
    yes_no("is_key", "Whether it is a key account now."),
    time("created_at", "When the account was first imported."),
)

account_domain = table(
    "account_domain",
    "A mail domain of an account and when it belonged to it.",
    row_id(),
    points_at("account_id", "account", "Whose domain."),
    text("domain", "Domain in its A-label form, lower case."),
    time("since_at", "From when on; empty: from the beginning.", nullable=True),
    time("until_at", "Until when; empty: still.", nullable=True),
    Index(None, "account_id"),
)

stakeholder = table(
    "stakeholder",
    "A person at an account who takes part in, or influences, buying.",
    row_id(),
    text("name", "Name as written in the last import."),
    text("title", "Job title; may be empty."),
    text("political_role", "most_powerful, rising_star, fading_star, fox or foot_soldier; may be empty."),
    yes_no("contact_person", "Whether this is the day-to-day counterpart."),
    text("language", "az, en, tr or ru; empty when nobody said."),
    text("interests", "Interests, separated by semicolons; may be empty."),
    text("reports_to", "Main address, or name within the account, of the superior; may be empty."),
    text("salutation", "Form of address, such as cənab or xanım; may be empty."),
    text("formality", "formal or informal; empty when nobody said."),
    text("phone", "Telephone number as written; may be empty."),
    yes_no("opted_out", "Whether the person wants no drafts."),
    time("created_at", "When the person was first imported."),
)

stakeholder_role = table(
    "stakeholder_role",
    "A decision role of a stakeholder; a person may hold several.",
    points_at("stakeholder_id", "stakeholder", "Who.", primary_key=True),
    text("role", "decision_maker, influencer, supporter or opponent.", primary_key=True),
)

stakeholder_address = table(
    "stakeholder_address",
    "An e-mail address of a stakeholder and when it was theirs.",
    row_id(),
    points_at("stakeholder_id", "stakeholder", "Whose address."),
    text("email", "Address in normal form."),
    number("position", "0 for the main address."),
    time("since_at", "From when on; empty: from the beginning.", nullable=True),
    time("until_at", "Until when; empty: still.", nullable=True),
    Index(None, "email"),
    Index(None, "stakeholder_id"),
)

membership = table(
    "membership",
    "A stakeholder's time at an account; a contact belongs to the account of its time.",
    row_id(),
    points_at("stakeholder_id", "stakeholder", "Who."),
    points_at("account_id", "account", "Where."),
    time("since_at", "From when on; empty: from the beginning.", nullable=True),
    time("until_at", "Until when; empty: still.", nullable=True),
    Index(None, "account_id"),
    Index(None, "stakeholder_id"),
)

our_person = table(
    "our_person",
    "One of us: a manager with a mailbox, or a colleague seen beside a stakeholder.",
    row_id(),
    text("email", "Main address in normal form.", unique=True),
    text("name", "Name; empty until a manager's mailbox or a header tells it."),
    text("language", "az, en, tr or ru."),
    text("zone", "IANA time zone."),
)

our_address = table(
    "our_address",
    "An address of one of us.",
    text("email", "Address in normal form.", primary_key=True),
    points_at("our_person_id", "our_person", "Whose."),
    Index(None, "our_person_id"),
)

team = table(
    "team",
    "Who of us works on an account, and when; the owner acts when no organiser of ours took part.",
    row_id(),
    points_at("account_id", "account", "Which account."),
    points_at("our_person_id", "our_person", "Who of us."),
    yes_no("is_owner", "Whether the account is theirs."),
    time("since_at", "From when on; empty: from the beginning.", nullable=True),
    time("until_at", "Until when; empty: still.", nullable=True),
    UniqueConstraint("account_id", "our_person_id", "since_at"),
    Index(None, "our_person_id"),
)

revision = table(
    "revision",
    "Counters that tell a worker whether what it holds in memory is still current.",
    text("name", "What is counted: people.", primary_key=True),
    number("number", "Grows by one with each change."),
)
