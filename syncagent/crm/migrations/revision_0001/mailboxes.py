"""Answers for the tables of mailboxes, streams and their ledger, as revision 0001 made them."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from syncagent.crm.migrations.revision_0001.base import day, json, number, points_at, row_id, table, text, time, yes_no

mailbox = table(
    "mailbox",
    "A manager's mail and calendar at one provider, as the configuration names it.",
    row_id(),
    text("name", "Name in config.toml.", unique=True),
    text("kind", "Connector: files, imap, microsoft, google, exchange or memory."),
    points_at("our_person_id", "our_person", "The manager."),
    text("language", "Language of the manager."),
    text("zone", "IANA time zone of the manager."),
    text("store", "How much text is kept: metadata, excerpt or body."),
    text("signature", "The manager's signature; may be empty."),
    day("history_since", "Mail before this day is not logged; empty: all of it.", nullable=True),
    yes_no("deliver_report", "Whether the weekly report is put into the inbox."),
    time("paused_at", "Since when it is paused; empty: it is not.", nullable=True),
    time("removed_at", "Since when the configuration no longer names it; empty: it does.", nullable=True),
)

stream = table(
    "stream",
    "A folder or calendar of a mailbox, how far it is read and how it fares.",
    row_id(),
    points_at("mailbox_id", "mailbox", "Whose."),
    text("remote_id", "The provider's stable id."),
    text("name", "Name as a person sees it."),
    text("role", "inbox, sent, drafts, trash, junk, archive, other or calendar."),
    text("cursor", "The connector's cursor: everything before it is committed. Empty: nothing is."),
    text("baseline", "Where the walk to the first cursor goes on; empty before and after it."),
    yes_no("baseline_done", "Whether there is a cursor to read forward from."),
    time("gapless_since_at", "Since when the forward reading has no gap; empty: not yet.", nullable=True),
    time("complete_to_at", "Start of the last forward reading that came to its end; empty: none did.", nullable=True),
    time("reread_since_at", "From when on items are being read again after a lost cursor; else empty.", nullable=True),
    number("round", "Number of the last re-read; places not seen in it are gone when it ends."),
    time("last_good_at", "End of the last good run; empty: none yet.", nullable=True),
    time("last_error_at", "Time of the last error since the last good run; empty: none.", nullable=True),
    text("error", "Name of that error; empty: none."),
    text("message", "What happened, for a person; empty: nothing."),
    text("cure", "What to do about it; empty: nothing."),
    time("retry_at", "Not to be tried before this time; empty: any time.", nullable=True),
    time("gone_at", "Since when the provider no longer has it; empty: it does.", nullable=True),
    UniqueConstraint("mailbox_id", "remote_id"),
)

mark = table(
    "mark",
    "A connector's own note about an item, under a keyed hash of its id.",
    points_at("stream_id", "stream", "Where.", primary_key=True),
    text("key", "Keyed hash of the item's id.", primary_key=True),
    text("value", "The note; only its connector understands it."),
    with_rowid=False,
)

search_job = table(
    "search_job",
    "A look back through a stream for certain people, newest first, resumable.",
    row_id(),
    points_at("stream_id", "stream", "Where."),
    json("emails", "Addresses looked for, frozen when the job was made."),
    json("domains", "Domains looked for, frozen likewise."),
    number("people_version", "Revision of the people that the query was made from."),
    time("since_at", "Start of the slice; empty: from the beginning.", nullable=True),
    time("until_at", "End of the slice; empty: up to now.", nullable=True),
    text("position", "The connector's position; empty before the first page."),
    time("created_at", "When the job was made."),
    time("done_at", "When it came to its end; empty: still to do.", nullable=True),
    Index(None, "stream_id", "done_at"),
)

run = table(
    "run",
    "One reading of a stream. Consecutive good runs that saw nothing share a row.",
    row_id(),
    points_at("stream_id", "stream", "Which stream."),
    text("kind", "forward, search, retry or recheck."),
    time("started_at", "When it began."),
    time("ended_at", "When it ended; empty: it is running, or was cut off.", nullable=True),
    number("pages", "Pages committed."),
    number("seen", "Changes handed over by committed pages."),
    number("logged", "Those that made an interaction, or its sighting in a further mailbox."),
    number("updated", "Those that changed one."),
    number("removed", "Those that marked one as gone."),
    number("ignored", "Partial changes or disappearances of what was not logged."),
    number("failed", "Those remembered for a retry."),
    json("skipped", "Number by reason of those left out."),
    text("error", "Name of the error that ended it; empty: it ended well, or is running."),
    Index(None, "stream_id", "started_at"),
)

ledger = table(
    "ledger",
    "Sums since the stream began: seen = logged + updated + removed + ignored + skipped + failed.",
    points_at("stream_id", "stream", "Which stream.", primary_key=True),
    text("kind", "forward, search, retry or recheck.", primary_key=True),
    text("outcome", "seen, logged, updated, removed, ignored, failed or skipped:REASON.", primary_key=True),
    number("number", "How many."),
    with_rowid=False,
)

failure = table(
    "failure",
    "An item that could not be read and waits for its next try.",
    row_id(),
    points_at("stream_id", "stream", "Where."),
    text("remote_id", "The provider's id of the item."),
    text("reason", "Why; never quotes the item."),
    number("attempts", "How often it was tried."),
    time("first_at", "First try."),
    time("last_at", "Last try."),
    time("next_at", "Next try; empty: only when asked for.", nullable=True),
    time("resolved_at", "When it was read, or gone; empty: still open.", nullable=True),
    UniqueConstraint("stream_id", "remote_id"),
)
