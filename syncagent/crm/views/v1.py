"""Answers for version 1 of the open interface: what everybody may see of accounts, contacts, drafts and streams.

Nothing of an interaction that is private appears in any view: all of them reach interactions through
``interaction_v1``, which leaves those out (the same condition as ``visibility.visible_to(None)``).

A released version never changes, because others have built on it: neither its columns nor what they mean. What must
change becomes a view with the next number beside the old one. Only when a migration changes the tables underneath may
a view be written anew over them, for that migration and later ones, with the same columns and the same answers.
"""

from __future__ import annotations

from typing import Final

from syncagent.crm.views.definition import Column, View


def _joined(value: str, rows: str) -> str:
    """The values of some rows in their order in one cell, separated by semicolons; empty when there are none."""
    return f"COALESCE((SELECT string_agg(v.value, ';') FROM (SELECT {value} AS value {rows}) AS v), '')"


def _elements(json: str) -> str:
    """The elements of a JSON list of texts in one cell, separated by semicolons; empty when there are none."""
    return f"COALESCE((SELECT string_agg(v.value, ';') FROM json_array_elements_text({json}) AS v), '')"


def _now(row: str) -> str:
    """Whether a row with ``since_at`` and ``until_at`` holds now."""
    return (
        f"({row}.since_at IS NULL OR {row}.since_at <= CURRENT_TIMESTAMP)"
        f" AND ({row}.until_at IS NULL OR {row}.until_at > CURRENT_TIMESTAMP)"
    )


def _last_contact(whose: str) -> str:
    """The latest thing that happened with somebody; goes into the index of ``contact`` from its newest end."""
    return (
        "(SELECT c.at FROM contact AS c JOIN interaction_v1 AS i ON i.id = c.interaction_id"
        f" WHERE {whose} AND c.certainty <> 'question' AND i.state = 'done' AND c.at <= CURRENT_TIMESTAMP"
        " ORDER BY c.at DESC LIMIT 1)"
    )


def _name_of(person: str) -> str:
    return f"COALESCE(NULLIF({person}.name, ''), {person}.email)"


def _sum(outcome: str) -> str:
    return f"CAST(COALESCE(n.{outcome}, 0) AS bigint)"


#: Strictest level of storing first.
_STRICTNESS = "CASE s.store WHEN 'metadata' THEN 0 WHEN 'excerpt' THEN 1 ELSE 2 END"

# A meeting that left every calendar before it began was called off. A tentative one that is over counts as held.
_STATE = """\
CASE
    WHEN i.kind IN ('mail_in', 'mail_out') THEN 'done'
    WHEN i.outcome IN ('cancelled', 'declined') THEN i.outcome
    WHEN i.gone_at < i.at THEN 'cancelled'
    WHEN COALESCE(i.ended_at, i.at) <= CURRENT_TIMESTAMP THEN 'done'
    WHEN i.outcome = 'tentative' THEN 'tentative'
    ELSE 'planned'
  END"""

_EXCERPT = f"""\
COALESCE((
    SELECT s.excerpt FROM sighting AS s WHERE s.interaction_id = i.id
    ORDER BY {_STRICTNESS}, s.excerpt = '', s.id LIMIT 1
  ), '')"""

_STATE_TOLD = (
    "done, planned, cancelled, declined or tentative, by the clock of the database. Mail is always done; a meeting or "
    "call is planned (or tentative) until it ends."
)

INTERACTION = View(
    "interaction_v1",
    "One mail, meeting or call with an account, once, however many of us have it. Private ones are left out.",
    (
        Column("id", "number", "i.id", "Number of the interaction."),
        Column("kind", "text", "i.kind", "mail_in, mail_out, meeting or call."),
        Column("state", "text", _STATE, _STATE_TOLD),
        Column("meeting_kind", "text", "i.meeting_kind", "meeting, call, meal or other; empty for mail."),
        Column("at", "time", "i.at", "When it was sent, or begins."),
        Column("ended_at", "time", "i.ended_at", "When a meeting ends; null for mail."),
        Column("all_day", "yes/no", "i.all_day", "Whether a meeting takes whole days."),
        Column("start_date", "date", "i.start_date", "First day of an all-day meeting; else null."),
        Column("zone", "text", "i.zone", "IANA time zone in which a meeting was set; may be empty."),
        Column("subject", "text", "i.subject", "Subject; empty when it has none."),
        Column(
            "excerpt",
            "text",
            _EXCERPT,
            "First 200 characters of the new text, as the strictest copy keeps them; empty when a copy keeps no text.",
        ),
        Column("language", "text", "i.language", "Language of the new text; empty when unknown or not read."),
        Column("message_id", "text", "i.message_id", "Message-ID without brackets; empty for meetings."),
        Column("uid", "text", "i.uid", "iCalendar UID in lower case; empty for mail."),
        Column(
            "recurrence_id",
            "text",
            "i.recurrence_id",
            "Original start of an occurrence: a UTC instant, or a date; empty for a single meeting and mail.",
        ),
        Column("thread", "text", "i.thread_key", "Message-ID at the root of the thread; empty for meetings."),
        Column("gone_at", "time", "i.gone_at", "When the last copy disappeared; null: one is still there."),
    ),
    "FROM interaction AS i\nWHERE NOT i.private",
)

#: What every view of the people in an interaction repeats, so that counting needs no join.
_OF_INTERACTION = (
    Column("kind", "text", "i.kind", "Kind of the interaction: mail_in, mail_out, meeting or call."),
    Column("state", "text", "i.state", "Its state: done, planned, cancelled, declined or tentative."),
    Column("at", "time", "i.at", "When it was sent, or begins."),
)

CONTACT = View(
    "contact_v1",
    "An address of an account in an interaction: whose it is, how sure that is, and why.",
    (
        Column("interaction_id", "number", "c.interaction_id", "The interaction."),
        *_OF_INTERACTION,
        Column("account_id", "number", "c.account_id", "The account to which the person belonged at that time."),
        Column("account", "text", "a.name", "Its name."),
        Column("stakeholder_id", "number", "c.stakeholder_id", "The person; null: known by the domain alone."),
        Column("stakeholder", "text", "COALESCE(s.name, '')", "Their name; empty: known by the domain alone."),
        Column("email", "text", "c.email", "The address that was met, in normal form."),
        Column("certainty", "text", "c.certainty", "certain, probable, or question: nobody has decided yet."),
        Column("reason", "text", "c.reason", "Evidence in words."),
    ),
    """\
FROM contact AS c
JOIN interaction_v1 AS i ON i.id = c.interaction_id
JOIN account AS a ON a.id = c.account_id
LEFT JOIN stakeholder AS s ON s.id = c.stakeholder_id""",
)

_OWNERS = (
    "FROM team AS t JOIN our_person AS p ON p.id = t.our_person_id"
    f" WHERE t.account_id = a.id AND t.is_owner AND {_now('t')} ORDER BY t.id"
)
_DOMAINS = f"FROM account_domain AS d WHERE d.account_id = a.id AND {_now('d')} ORDER BY d.id"

ACCOUNT = View(
    "account_v1",
    "A customer.",
    (
        Column("id", "number", "a.id", "Number of the account."),
        Column("account", "text", "a.name", "Name as written in the last import."),
        Column("is_key", "yes/no", "a.is_key", "Whether it is a key account."),
        Column("domains", "text", _joined("d.domain", _DOMAINS), "Its mail domains now, separated by semicolons."),
        Column("owners", "text", _joined(_name_of("p"), _OWNERS), "Who of us owns it now; empty: nobody."),
        Column(
            "last_contact_at",
            "time",
            _last_contact("c.account_id = a.id"),
            "Latest mail or held meeting with anybody there; null: none yet.",
        ),
    ),
    "FROM account AS a",
)

_ADDRESSES = f"FROM stakeholder_address AS e WHERE e.stakeholder_id = s.id AND {_now('e')} ORDER BY e.position, e.id"
_ROLES = "FROM stakeholder_role AS r WHERE r.stakeholder_id = s.id ORDER BY r.role"
_MEMBERSHIP = f"""\
SELECT n.id FROM membership AS n WHERE n.stakeholder_id = s.id AND {_now("n")}
  ORDER BY n.since_at IS NULL, n.since_at DESC, n.id DESC LIMIT 1"""

STAKEHOLDER = View(
    "stakeholder_v1",
    "A person at an account who takes part in, or influences, buying.",
    (
        Column("id", "number", "s.id", "Number of the person."),
        Column("name", "text", "s.name", "Name as written in the last import."),
        Column("account_id", "number", "m.account_id", "The account where the person is now; null: none."),
        Column("account", "text", "COALESCE(a.name, '')", "Its name; empty: none."),
        Column(
            "email", "text", f"COALESCE((SELECT e.email {_ADDRESSES} LIMIT 1), '')", "Main address now; empty: none."
        ),
        Column("emails", "text", _joined("e.email", _ADDRESSES), "All addresses now, the main one first."),
        Column("title", "text", "s.title", "Job title; may be empty."),
        Column(
            "decision_roles",
            "text",
            _joined("r.role", _ROLES),
            "Of decision_maker, influencer, opponent and supporter those held, separated by semicolons; may be empty.",
        ),
        Column(
            "political_role",
            "text",
            "s.political_role",
            "most_powerful, rising_star, fading_star, fox or foot_soldier; may be empty.",
        ),
        Column("language", "text", "s.language", "az, en, tr or ru; empty when nobody said."),
        Column("contact_person", "yes/no", "s.contact_person", "Whether this is the day-to-day counterpart."),
        Column("opted_out", "yes/no", "s.opted_out", "Whether the person wants no drafts."),
        Column(
            "last_contact_at",
            "time",
            _last_contact("c.stakeholder_id = s.id"),
            "Latest mail or held meeting with this person; null: none yet.",
        ),
    ),
    f"""\
FROM stakeholder AS s
LEFT JOIN membership AS m ON m.id = (
  {_MEMBERSHIP}
)
LEFT JOIN account AS a ON a.id = m.account_id""",
)

OUR_PART = View(
    "our_part_v1",
    "One of us in an interaction. Whoever did not decline took part.",
    (
        Column("interaction_id", "number", "o.interaction_id", "The interaction."),
        *_OF_INTERACTION,
        Column("person_id", "number", "p.id", "Number of the person among us."),
        Column("person", "text", _name_of("p"), "Their name; the address where nobody told the name."),
        Column("email", "text", "p.email", "Their main address."),
        Column("organizer", "yes/no", "o.organizer", "Whether they organised the meeting or wrote the mail."),
        Column("declined", "yes/no", "o.declined", "Whether they declined the meeting."),
    ),
    """\
FROM our_part AS o
JOIN interaction_v1 AS i ON i.id = o.interaction_id
JOIN our_person AS p ON p.id = o.our_person_id""",
)

DOCUMENT = View(
    "document_v1",
    "A document that came with an interaction, as the strictest copy shows it; its bytes are not kept.",
    (
        Column("interaction_id", "number", "i.id", "The interaction."),
        Column("position", "number", "d.position", "Order in the message."),
        Column("name", "text", "d.name", "File name; may be empty."),
        Column("type", "text", "d.media_type", "Media type as declared."),
        Column("size", "number", "d.size", "Bytes after decoding."),
    ),
    f"""\
FROM interaction_v1 AS i
JOIN document AS d ON d.sighting_id = (
  SELECT s.id FROM sighting AS s WHERE s.interaction_id = i.id
  ORDER BY {_STRICTNESS}, NOT EXISTS (SELECT 1 FROM document AS o WHERE o.sighting_id = s.id), s.id LIMIT 1
)""",
)

DRAFT = View(
    "draft_v1",
    "A draft that was prepared for one of us, and what became of it.",
    (
        Column("id", "number", "d.id", "Number of the draft."),
        Column("occasion", "text", "d.occasion", "What it is for; there is one draft for each occasion."),
        Column("rule", "text", "d.rule", "The rule that decided."),
        Column("kind", "text", "d.kind", "Kind of draft, such as follow_up_formal."),
        Column("state", "text", "d.state", "planned, placed, uncertain, edited, sent, discarded, obsolete or failed."),
        Column("interaction_id", "number", "d.interaction_id", "The interaction that it follows."),
        Column("manager", "text", _name_of("p"), "Who acts: their name; the address where nobody told the name."),
        Column("mailbox", "text", "m.name", "In whose mailbox it lies, as config.toml names it."),
        Column("recipients", "text", _elements("d.recipients"), "Addresses in To, separated by semicolons."),
        Column("copies", "text", _elements("d.copies"), "Addresses in Cc, separated by semicolons; may be empty."),
        Column("subject", "text", "d.subject", "Subject; empty until it is written."),
        Column("language", "text", "d.language", "az, en, tr or ru."),
        Column("due_at", "time", "d.due_at", "By when it should be sent; null: no deadline."),
        Column("sent_match", "text", "d.sent_match", "certain or probable once it was sent; else empty."),
        Column("message_id", "text", "d.message_id", "Message-ID given to the draft, without brackets."),
        Column("in_reply_to", "text", "d.in_reply_to", "Message-ID that it answers; empty: a new thread."),
        Column("reason", "text", "d.reason", "Why it was made, or what became of it, in a sentence."),
        Column("created_at", "time", "d.created_at", "When it was decided."),
        Column("placed_at", "time", "d.placed_at", "When it was placed in the mailbox; null: not yet."),
        Column("changed_at", "time", "d.changed_at", "When its state last changed."),
    ),
    """\
FROM draft AS d
JOIN interaction_v1 AS i ON i.id = d.interaction_id
JOIN our_person AS p ON p.id = d.our_person_id
JOIN mailbox AS m ON m.id = d.mailbox_id""",
)

_LEDGER = ",\n".join(
    f"    SUM(CASE WHEN {condition} THEN l.number ELSE 0 END) AS {outcome}"
    for outcome, condition in (
        *((word, f"l.outcome = '{word}'") for word in ("seen", "logged", "updated", "removed", "ignored", "failed")),
        ("skipped", "substr(l.outcome, 1, 8) = 'skipped:'"),
    )
)
_OPEN_FAILURES = "(SELECT COUNT(*) FROM failure AS f WHERE f.stream_id = t.id AND f.resolved_at IS NULL)"

STREAM = View(
    "stream_v1",
    "A folder or calendar that is being read. seen = logged + updated + removed + ignored + skipped + failed, always.",
    (
        Column("mailbox", "text", "m.name", "The mailbox, as config.toml names it."),
        Column("stream", "text", "t.name", "Name of the folder or calendar as a person sees it."),
        Column("role", "text", "t.role", "inbox, sent, drafts, trash, junk, archive, other or calendar."),
        Column("last_good_at", "time", "t.last_good_at", "End of the last good run; null: none yet."),
        Column("last_error_at", "time", "t.last_error_at", "Last error since the last good run; null: none."),
        Column("complete_since", "time", "t.gapless_since_at", "Since when the reading has no gap; null: not yet."),
        Column("seen", "number", _sum("seen"), "Changes that the provider handed over since the stream began."),
        Column("logged", "number", _sum("logged"), "Those that made an interaction, or its copy in a further mailbox."),
        Column("updated", "number", _sum("updated"), "Those that changed one."),
        Column("removed", "number", _sum("removed"), "Those that marked one as gone."),
        Column("ignored", "number", _sum("ignored"), "Partial changes or disappearances of what was not logged."),
        Column("skipped", "number", _sum("skipped"), "Those left out for a reason, which syncagent status names."),
        Column("failed", "number", _sum("failed"), "Those remembered for a retry."),
        Column("open_failures", "number", _OPEN_FAILURES, "Items that could not be read and wait now."),
    ),
    f"""\
FROM stream AS t
JOIN mailbox AS m ON m.id = t.mailbox_id
LEFT JOIN (
  SELECT
    l.stream_id,
{_LEDGER}
  FROM ledger AS l GROUP BY l.stream_id
) AS n ON n.stream_id = t.id
WHERE m.removed_at IS NULL AND t.gone_at IS NULL""",
)

#: In an order in which each view can be made: those that others use come first.
V1: Final[tuple[View, ...]] = (INTERACTION, CONTACT, ACCOUNT, STAKEHOLDER, OUR_PART, DOCUMENT, DRAFT, STREAM)
