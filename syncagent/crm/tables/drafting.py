"""Answers for what is due, what was prepared, and what became of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from syncagent.crm.tables.base import At, Base, Id, MaybeAt, told


class WakeUp(Base):
    __tablename__ = "wake_up"
    __table_args__ = (
        UniqueConstraint("interaction_id", "rule"),
        Index(None, "at"),
        {"comment": "When a rule looks at an interaction, and what it found the last time."},
    )

    id: Mapped[Id]
    interaction_id: Mapped[int] = told("At what.", of="interaction")
    rule: Mapped[str] = told("Which rule.")
    at: Mapped[MaybeAt] = told("When to look (the domain's time); empty: settled.")
    outcome: Mapped[str] = told("draft, nothing, undecided or later; empty: not looked at yet.")
    reason: Mapped[str] = told("The decision in a sentence; empty: not looked at yet.")
    trace: Mapped[list[Any]] = told("Its steps: condition, value, verdict, why.")
    rule_hash: Mapped[str] = told("Hash of the rule that decided; empty: not looked at yet.")
    decided_at: Mapped[MaybeAt] = told("When it was last looked at; empty: not yet.")


class Draft(Base):
    __tablename__ = "draft"
    __table_args__ = (
        Index(None, "interaction_id"),
        Index(None, "mailbox_id", "state"),
        Index(None, "message_id"),
        {"comment": "A draft: stored as an intent before it is placed, so that an occasion never gets two."},
    )

    id: Mapped[Id]
    occasion: Mapped[str] = told("What it is for: rule and natural key. One draft for each.", unique=True)
    rule: Mapped[str] = told("Which rule.")
    rule_hash: Mapped[str] = told("Hash of the rule and templates that decided.")
    kind: Mapped[str] = told("Kind of draft, such as follow_up_formal.")
    interaction_id: Mapped[int] = told("What it follows.", of="interaction")
    our_person_id: Mapped[int] = told("Who acts.", of="our_person")
    mailbox_id: Mapped[int] = told("In whose mailbox.", of="mailbox")
    recipients: Mapped[list[Any]] = told("Addresses in To.")
    copies: Mapped[list[Any]] = told("Addresses in Cc.")
    subject: Mapped[str] = told("Subject; empty until it is rendered.")
    language: Mapped[str] = told("az, en, tr or ru.")
    due_at: Mapped[MaybeAt] = told("By when it should be sent; empty: no deadline.")
    state: Mapped[str] = told("planned, placed, uncertain, edited, sent, discarded, obsolete or failed.")
    sent_match: Mapped[str] = told("certain or probable once it was sent; else empty.")
    marker: Mapped[str] = told("Our mark on the draft.", unique=True)
    message_id: Mapped[str] = told("Message-ID given to the draft, without brackets.")
    in_reply_to: Mapped[str] = told("Message-ID that it answers; empty: a new thread.")
    stream_remote_id: Mapped[str] = told("Stream in which it lies; empty before it is placed.")
    remote_id: Mapped[str] = told("The provider's id there; empty before it is placed.")
    version: Mapped[str] = told("Version that we stored: any other one a person touched. Empty: not known, left alone.")
    vanished_at: Mapped[MaybeAt] = told("When it left the Drafts folder; empty: it did not, or was found elsewhere.")
    reason: Mapped[str] = told("Why it was made, or what became of it, in a sentence.")
    trace: Mapped[list[Any]] = told("The decision: condition, value, verdict, why.")
    attempts: Mapped[int] = told("How often placing it was tried.")
    next_at: Mapped[MaybeAt] = told("Not to be tried before this time; empty: any time.")
    created_at: Mapped[At] = told("When the intent was stored.")
    placed_at: Mapped[MaybeAt] = told("When it was placed; empty: not yet.")
    changed_at: Mapped[At] = told("When its state last changed.")


class Report(Base):
    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("our_person_id", "week"),
        {"comment": "A weekly report that was delivered, so that it is delivered once."},
    )

    id: Mapped[Id]
    our_person_id: Mapped[int] = told("For whom.", of="our_person")
    week: Mapped[str] = told("ISO week that it covers, such as 2026-W47.")
    path: Mapped[str] = told("File that was written; may be empty.")
    delivered_at: Mapped[At] = told("When it was delivered.")
