"""Answers for what happened (interaction) and how it looks in each of our mailboxes (sighting)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from syncagent.crm.tables.base import At, Base, Id, MaybeAt, told


class Series(Base):
    __tablename__ = "series"
    __table_args__ = ({"comment": "A recurring meeting; its occurrences are interactions."},)

    id: Mapped[Id]
    uid: Mapped[str] = told("iCalendar UID, lower case.", unique=True)
    first_seen_at: Mapped[At] = told("When the first occurrence was logged.")


class Interaction(Base):
    __tablename__ = "interaction"
    __table_args__ = (
        Index(None, "message_id"),
        Index(None, "uid", "at"),
        Index(None, "thread_key"),
        Index(None, "at"),
        {"comment": "One mail, meeting or call with an account, once, however many of us have it."},
    )

    id: Mapped[Id]
    natural_key: Mapped[str] = told(
        "What makes it the same one everywhere: Message-ID, or UID and recurrence id.", unique=True
    )
    kind: Mapped[str] = told("mail_in, mail_out, meeting or call.")
    subject: Mapped[str] = told("Subject; empty when it has none.")
    at: Mapped[At] = told("When it was sent, or begins.")
    ended_at: Mapped[MaybeAt] = told("When a meeting ends; empty for mail.")
    all_day: Mapped[bool] = told("Whether a meeting takes whole days.")
    start_date: Mapped[date | None] = told("First day of an all-day meeting; else empty.")
    zone: Mapped[str] = told("IANA zone in which a meeting was set; may be empty.")
    status: Mapped[str] = told("confirmed, tentative or cancelled on the organiser's copy; confirmed for mail.")
    outcome: Mapped[str] = told("open, cancelled, declined or tentative: what stands against its having been held.")
    meeting_kind: Mapped[str] = told("meeting, call, meal or other; empty for mail.")
    message_id: Mapped[str] = told("Message-ID without brackets; empty for meetings and mail without one.")
    uid: Mapped[str] = told("iCalendar UID, lower case; empty for mail.")
    recurrence_id: Mapped[str] = told("Original start of an occurrence; empty for single meetings and mail.")
    series_id: Mapped[int | None] = told("The series; empty for single meetings and mail.", of="series")
    sequence: Mapped[int] = told("SEQUENCE of the version that is shown; 0 for mail.")
    stamp_at: Mapped[MaybeAt] = told("DTSTAMP of that version; empty when unknown.")
    thread_key: Mapped[str] = told("Message-ID at the root of the thread; empty for meetings.")
    author: Mapped[str] = told("Address of author or organiser; empty when unknown.")
    language: Mapped[str] = told("Language of the new text; empty when unknown or not read.")
    detail: Mapped[str] = told("header: its text has not been read yet; text: it has.")
    private: Mapped[bool] = told("Whether a copy of it is private: then only the owner of an open copy sees it.")
    created_at: Mapped[At] = told("When it was logged.")
    changed_at: Mapped[At] = told("When it last changed here.")
    gone_at: Mapped[MaybeAt] = told("When the last copy disappeared; empty: one is still there.")


class Sighting(Base):
    __tablename__ = "sighting"
    __table_args__ = (
        UniqueConstraint("interaction_id", "mailbox_id"),
        Index(None, "mailbox_id"),
        {"comment": "How an interaction looks in one mailbox."},
    )

    id: Mapped[Id]
    interaction_id: Mapped[int] = told("Of what.", of="interaction")
    mailbox_id: Mapped[int] = told("Whose mailbox.", of="mailbox")
    sensitivity: Mapped[str] = told("normal, personal, private or confidential.")
    store: Mapped[str] = told("How much of its text was kept: metadata, excerpt or body.")
    own_response: Mapped[str] = told("The owner's answer to a meeting; empty when unknown and for mail.")
    excerpt: Mapped[str] = told("First 200 characters of the new text; empty at store level metadata.")
    text: Mapped[str] = told("The new text; empty unless the store level is body.")
    agenda: Mapped[list[Any]] = told("Agenda lines of an invitation; empty at store level metadata.")
    seen_at: Mapped[At] = told("When it was first read.")
    gone_at: Mapped[MaybeAt] = told("When it left this mailbox; empty: it is still there.")


class Location(Base):
    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("stream_id", "remote_id"),
        Index(None, "sighting_id"),
        {"comment": "Where a sighting lies: a mailbox may hold an item in several folders."},
    )

    id: Mapped[Id]
    sighting_id: Mapped[int] = told("Of what.", of="sighting")
    stream_id: Mapped[int] = told("In which folder or calendar.", of="stream")
    remote_id: Mapped[str] = told("The provider's id there.")
    version: Mapped[str] = told("The provider's version; may be empty.")
    round: Mapped[int] = told("Re-read in which it was last seen.")
    gone_at: Mapped[MaybeAt] = told("When it left; empty: it is still there.")


class Participant(Base):
    __tablename__ = "participant"
    __table_args__ = (
        Index(None, "email"),
        {
            "comment": "A person in a sighting, as that copy shows them (Bcc only in the sender's).",
            "sqlite_with_rowid": False,
        },
    )

    sighting_id: Mapped[int] = told("In which copy.", of="sighting", primary_key=True)
    position: Mapped[int] = told("Order in the header.", primary_key=True)
    role: Mapped[str] = told("from, sender, to, cc, bcc, organizer or attendee.")
    email: Mapped[str] = told("Address in normal form.")
    name: Mapped[str] = told("Display name; may be empty.")
    response: Mapped[str] = told("Answer of an attendee; empty for mail.")
    kind: Mapped[str] = told("person, group, room or resource.")
    ours: Mapped[bool] = told("Whether it is one of us.")


class Contact(Base):
    __tablename__ = "contact"
    __table_args__ = (
        Index(None, "account_id", "at"),
        Index(None, "stakeholder_id", "at"),
        {
            "comment": "An address of an account in an interaction: whose it is, how sure, and why.",
            "sqlite_with_rowid": False,
        },
    )

    interaction_id: Mapped[int] = told("In what.", of="interaction", primary_key=True)
    email: Mapped[str] = told("Address in normal form.", primary_key=True)
    account_id: Mapped[int] = told("Account of that time.", of="account")
    stakeholder_id: Mapped[int | None] = told(
        "The person; empty: known by the account's domain alone.", of="stakeholder"
    )
    certainty: Mapped[str] = told("certain, probable or question.")
    reason: Mapped[str] = told("Evidence in words.")
    at: Mapped[At] = told("Time of the interaction, repeated for fast reports.")


class OurPart(Base):
    __tablename__ = "our_part"
    __table_args__ = (
        Index(None, "our_person_id", "at"),
        {"comment": "One of us in an interaction, and whether they took part.", "sqlite_with_rowid": False},
    )

    interaction_id: Mapped[int] = told("In what.", of="interaction", primary_key=True)
    our_person_id: Mapped[int] = told("Who of us.", of="our_person", primary_key=True)
    organizer: Mapped[bool] = told("Whether they organised the meeting or wrote the mail.")
    declined: Mapped[bool] = told("Whether they declined.")
    at: Mapped[At] = told("Time of the interaction, repeated for fast reports.")


class Document(Base):
    __tablename__ = "document"
    __table_args__ = (
        {"comment": "A document that came with a sighting; its bytes are not kept.", "sqlite_with_rowid": False},
    )

    sighting_id: Mapped[int] = told("With which copy.", of="sighting", primary_key=True)
    position: Mapped[int] = told("Order in the message.", primary_key=True)
    name: Mapped[str] = told("File name; may be empty.")
    media_type: Mapped[str] = told("Media type as declared.")
    size: Mapped[int] = told("Bytes after decoding.")


class Suppression(Base):
    __tablename__ = "suppression"
    __table_args__ = (
        {
            "comment": "A keyed hash of something private, so that a laxer copy read later stays private.",
            "sqlite_with_rowid": False,
        },
    )

    key: Mapped[str] = told("Keyed hash of the natural key.", primary_key=True)
    mailbox_id: Mapped[int] = told("Whose copy was private.", of="mailbox", primary_key=True)
    created_at: Mapped[At] = told("When it was met.")
