"""Answers for the tables of interactions and their copies, as revision 0001 made them."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from syncagent.crm.migrations.revision_0001.base import day, json, number, points_at, row_id, table, text, time, yes_no

series = table(
    "series",
    "A recurring meeting; its occurrences are interactions.",
    row_id(),
    text("uid", "iCalendar UID, lower case.", unique=True),
    time("first_seen_at", "When the first occurrence was logged."),
)

interaction = table(
    "interaction",
    "One mail, meeting or call with an account, once, however many of us have it.",
    row_id(),
    text("natural_key", "What makes it the same one everywhere: Message-ID, or UID and recurrence id.", unique=True),
    text("kind", "mail_in, mail_out, meeting or call."),
    text("subject", "Subject; empty when it has none."),
    time("at", "When it was sent, or begins."),
    time("ended_at", "When a meeting ends; empty for mail.", nullable=True),
    yes_no("all_day", "Whether a meeting takes whole days."),
    day("start_date", "First day of an all-day meeting; else empty.", nullable=True),
    text("zone", "IANA zone in which a meeting was set; may be empty."),
    text("status", "confirmed, tentative or cancelled on the organiser's copy; confirmed for mail."),
    text("outcome", "open, cancelled, declined or tentative: what stands against its having been held."),
    text("meeting_kind", "meeting, call, meal or other; empty for mail."),
    text("message_id", "Message-ID without brackets; empty for meetings and mail without one."),
    text("uid", "iCalendar UID, lower case; empty for mail."),
    text("recurrence_id", "Original start of an occurrence; empty for single meetings and mail."),
    points_at("series_id", "series", "The series; empty for single meetings and mail.", nullable=True),
    number("sequence", "SEQUENCE of the version that is shown; 0 for mail."),
    time("stamp_at", "DTSTAMP of that version; empty when unknown.", nullable=True),
    text("thread_key", "Message-ID at the root of the thread; empty for meetings."),
    text("author", "Address of author or organiser; empty when unknown."),
    text("language", "Language of the new text; empty when unknown or not read."),
    text("detail", "header: its text has not been read yet; text: it has."),
    yes_no("private", "Whether a copy of it is private: then only the owner of an open copy sees it."),
    time("created_at", "When it was logged."),
    time("changed_at", "When it last changed here."),
    time("gone_at", "When the last copy disappeared; empty: one is still there.", nullable=True),
    Index(None, "at"),
    Index(None, "message_id"),
    Index(None, "thread_key"),
    Index(None, "uid", "at"),
)

sighting = table(
    "sighting",
    "How an interaction looks in one mailbox.",
    row_id(),
    points_at("interaction_id", "interaction", "Of what."),
    points_at("mailbox_id", "mailbox", "Whose mailbox."),
    text("sensitivity", "normal, personal, private or confidential."),
    text("store", "How much of its text was kept: metadata, excerpt or body."),
    text("own_response", "The owner's answer to a meeting; empty when unknown and for mail."),
    text("excerpt", "First 200 characters of the new text; empty at store level metadata."),
    text("text", "The new text; empty unless the store level is body."),
    json("agenda", "Agenda lines of an invitation; empty at store level metadata."),
    time("seen_at", "When it was first read."),
    time("gone_at", "When it left this mailbox; empty: it is still there.", nullable=True),
    UniqueConstraint("interaction_id", "mailbox_id"),
    Index(None, "mailbox_id"),
)

location = table(
    "location",
    "Where a sighting lies: a mailbox may hold an item in several folders.",
    row_id(),
    points_at("sighting_id", "sighting", "Of what."),
    points_at("stream_id", "stream", "In which folder or calendar."),
    text("remote_id", "The provider's id there."),
    text("version", "The provider's version; may be empty."),
    number("round", "Re-read in which it was last seen."),
    time("gone_at", "When it left; empty: it is still there.", nullable=True),
    UniqueConstraint("stream_id", "remote_id"),
    Index(None, "sighting_id"),
)

participant = table(
    "participant",
    "A person in a sighting, as that copy shows them (Bcc only in the sender's).",
    points_at("sighting_id", "sighting", "In which copy.", primary_key=True),
    number("position", "Order in the header.", primary_key=True),
    text("role", "from, sender, to, cc, bcc, organizer or attendee."),
    text("email", "Address in normal form."),
    text("name", "Display name; may be empty."),
    text("response", "Answer of an attendee; empty for mail."),
    text("kind", "person, group, room or resource."),
    yes_no("ours", "Whether it is one of us."),
    Index(None, "email"),
    with_rowid=False,
)

contact = table(
    "contact",
    "An address of an account in an interaction: whose it is, how sure, and why.",
    points_at("interaction_id", "interaction", "In what.", primary_key=True),
    text("email", "Address in normal form.", primary_key=True),
    points_at("account_id", "account", "Account of that time."),
    points_at(
        "stakeholder_id", "stakeholder", "The person; empty: known by the account's domain alone.", nullable=True
    ),
    text("certainty", "certain, probable or question."),
    text("reason", "Evidence in words."),
    time("at", "Time of the interaction, repeated for fast reports."),
    Index(None, "account_id", "at"),
    Index(None, "stakeholder_id", "at"),
    with_rowid=False,
)

our_part = table(
    "our_part",
    "One of us in an interaction, and whether they took part.",
    points_at("interaction_id", "interaction", "In what.", primary_key=True),
    points_at("our_person_id", "our_person", "Who of us.", primary_key=True),
    yes_no("organizer", "Whether they organised the meeting or wrote the mail."),
    yes_no("declined", "Whether they declined."),
    time("at", "Time of the interaction, repeated for fast reports."),
    Index(None, "our_person_id", "at"),
    with_rowid=False,
)

document = table(
    "document",
    "A document that came with a sighting; its bytes are not kept.",
    points_at("sighting_id", "sighting", "With which copy.", primary_key=True),
    number("position", "Order in the message.", primary_key=True),
    text("name", "File name; may be empty."),
    text("media_type", "Media type as declared."),
    number("size", "Bytes after decoding."),
    with_rowid=False,
)

suppression = table(
    "suppression",
    "A keyed hash of something private, so that a laxer copy read later stays private.",
    text("key", "Keyed hash of the natural key.", primary_key=True),
    points_at("mailbox_id", "mailbox", "Whose copy was private.", primary_key=True),
    time("created_at", "When it was met."),
    with_rowid=False,
)
