"""Answers for how much of an item is ever read: every limit of ``formats``, with its unit and the reason for its size.

An item beyond a limit is cut where a cut item still makes sense (text, lists) and refused with ``BadItem`` where it
does not. Together they bound the time and memory that one hostile message or calendar can cost.
"""

from __future__ import annotations

# --- Mail: header -----------------------------------------------------------------------------------------------

#: Bytes of a header block that are read. Real ones stay under 64 KiB; single lines of 120 KB (long To lists) occur.
HEAD_BYTES = 1 << 20

#: Bytes read at once while looking for the end of a header; most headers end in the first piece.
HEAD_CHUNK_BYTES = 16 << 10

#: Header fields that are looked at. Mail that passed twenty relays has about 150.
HEADERS = 10_000

#: Characters kept of a subject. RFC 5322 has no limit; what is longer is no subject any more.
SUBJECT_CHARS = 2_000

#: Characters kept of a value that is only looked at for a signal (``Mail.signals``, ``Mail.content_type``).
SIGNAL_CHARS = 500

#: Characters of a Message-ID. RFC 5322 2.1.1 ends a line at 998; a longer one is treated as missing, never cut.
MESSAGE_ID_CHARS = 998

#: Message-IDs kept of References: the first, which names the thread, and the newest of the rest.
REFERENCES = 200

#: Addresses kept of one header. Exchange allows 1,000 recipients, Gmail 500.
ADDRESSES = 5_000

#: Characters of an e-mail address (RFC 5321 4.5.3.1: 64 + 1 + 255, and room for sloppy local parts).
EMAIL_CHARS = 512

#: Characters kept of a display name.
NAME_CHARS = 500

#: Categories kept of one item, and the characters of one.
CATEGORIES = 100
CATEGORY_CHARS = 200

#: Parameters of a Content-Type or Content-Disposition, RFC 2231 pieces counted one by one.
PARAMETERS = 200

# --- Mail: content ----------------------------------------------------------------------------------------------

#: Bytes of a message. Exchange Online stops at 150 MB, Gmail at 50 MB; the rest of a larger one is not looked at.
MESSAGE_BYTES = 192 << 20

#: Parts inside parts. Chains of forwarded mail reach about ten; 1,000 is an attack.
DEPTH = 50

#: Parts of one message.
PARTS = 1_000

#: Characters of text kept of one message: the whole of any mail that a person wrote.
TEXT_CHARS = 500_000

#: Characters of HTML that are turned into text. Newsletters reach 1 MB, of which a tenth is text.
HTML_CHARS = 2_000_000

#: Elements inside elements. The HTML parser takes time by the square of it: 40,000 nested <div> cost more than a
#: second. Long threads of replies nest to about 200.
HTML_DEPTH = 1_000

#: Words inside one tag; the parser compares each attribute with all others.
HTML_TAG_WORDS = 1_000

#: Nodes that the HTML parser may make, at 360 bytes each. It repeats unclosed <b>, <font> and the like in every
#: paragraph that follows, as the HTML standard wants it: 90 KB of that make 9 million nodes.
HTML_NODES = 300_000

#: Characters kept of a document's name: the longest that a file system takes.
DOCUMENT_NAME_CHARS = 255

# --- Calendar ---------------------------------------------------------------------------------------------------

#: Bytes of an iCalendar file. Ten years of a full calendar are about 10 MB.
CALENDAR_BYTES = 64 << 20

#: Characters of one unfolded line. Longer ones are inlined attachments, which nobody needs here.
LINE_CHARS = 256 << 10

#: Components (RFC 5545 3.6) of one file, and how deep they may nest: VCALENDAR, VTIMEZONE, STANDARD is three.
COMPONENTS = 100_000
COMPONENT_DEPTH = 8

#: Attendees kept of one event; distribution lists arrive as one attendee.
ATTENDEES = 2_000

#: Occurrences of one series in the window: three years of a daily one and then some.
OCCURRENCES = 2_000

#: Candidates (days or times) that a recurrence rule may try in one expansion, and all rules of a file together.
#: A daily rule with COUNT needs 365 a year; ``FREQ=SECONDLY`` would need 86,400 a day and gets none.
RULE_STEPS = 200_000
FILE_STEPS = 2_000_000

#: Values in one BY part of a recurrence rule: BYYEARDAY may name each day twice.
RULE_VALUES = 800

#: Changes of offset of a self-made VTIMEZONE are computed for these years.
ZONE_YEARS = (1970, 2100)
