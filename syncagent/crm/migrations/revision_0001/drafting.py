"""Answers for the tables of wake-ups, drafts and reports, as revision 0001 made them."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from syncagent.crm.migrations.revision_0001.base import json, number, points_at, row_id, table, text, time

wake_up = table(
    "wake_up",
    "When a rule looks at an interaction, and what it found the last time.",
    row_id(),
    points_at("interaction_id", "interaction", "At what."),
    text("rule", "Which rule."),
    time("at", "When to look (the domain's time); empty: settled.", nullable=True),
    text("outcome", "draft, nothing, undecided or later; empty: not looked at yet."),
    text("reason", "The decision in a sentence; empty: not looked at yet."),
    json("trace", "Its steps: condition, value, verdict, why."),
    text("rule_hash", "Hash of the rule that decided; empty: not looked at yet."),
    time("decided_at", "When it was last looked at; empty: not yet.", nullable=True),
    UniqueConstraint("interaction_id", "rule"),
    Index(None, "at"),
)

draft = table(
    "draft",
    "A draft: stored as an intent before it is placed, so that an occasion never gets two.",
    row_id(),
    text("occasion", "What it is for: rule and natural key. One draft for each.", unique=True),
    text("rule", "Which rule."),
    text("rule_hash", "Hash of the rule and templates that decided."),
    text("kind", "Kind of draft, such as follow_up_formal."),
    points_at("interaction_id", "interaction", "What it follows."),
    points_at("our_person_id", "our_person", "Who acts."),
    points_at("mailbox_id", "mailbox", "In whose mailbox."),
    json("recipients", "Addresses in To."),
    json("copies", "Addresses in Cc."),
    text("subject", "Subject; empty until it is rendered."),
    text("language", "az, en, tr or ru."),
    time("due_at", "By when it should be sent; empty: no deadline.", nullable=True),
    text("state", "planned, placed, uncertain, edited, sent, discarded, obsolete or failed."),
    text("sent_match", "certain or probable once it was sent; else empty."),
    text("marker", "Our mark on the draft.", unique=True),
    text("message_id", "Message-ID given to the draft, without brackets."),
    text("in_reply_to", "Message-ID that it answers; empty: a new thread."),
    text("stream_remote_id", "Stream in which it lies; empty before it is placed."),
    text("remote_id", "The provider's id there; empty before it is placed."),
    text("version", "Version that we stored: any other one a person touched. Empty: not known, left alone."),
    time("vanished_at", "When it left the Drafts folder; empty: it did not, or was found elsewhere.", nullable=True),
    text("reason", "Why it was made, or what became of it, in a sentence."),
    json("trace", "The decision: condition, value, verdict, why."),
    number("attempts", "How often placing it was tried."),
    time("next_at", "Not to be tried before this time; empty: any time.", nullable=True),
    time("created_at", "When the intent was stored."),
    time("placed_at", "When it was placed; empty: not yet.", nullable=True),
    time("changed_at", "When its state last changed."),
    Index(None, "interaction_id"),
    Index(None, "mailbox_id", "state"),
    Index(None, "message_id"),
)

report = table(
    "report",
    "A weekly report that was delivered, so that it is delivered once.",
    row_id(),
    points_at("our_person_id", "our_person", "For whom."),
    text("week", "ISO week that it covers, such as 2026-W47."),
    text("path", "File that was written; may be empty."),
    time("delivered_at", "When it was delivered."),
    UniqueConstraint("our_person_id", "week"),
)
