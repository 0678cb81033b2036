"""Answers for the content of a message: its text, its documents, and the calendar method it carries. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from syncagent.formats.charsets import clean
from syncagent.formats.fields import field_text, split_fields
from syncagent.formats.html import html_to_text
from syncagent.formats.limits import DOCUMENT_NAME_CHARS, HEAD_BYTES, HTML_CHARS, TEXT_CHARS
from syncagent.formats.parts import Part, read_parts
from syncagent.formats.words import decode_words
from syncagent.model import Content, Document

#: Bytes that one character may take, transfer encoding and charset together: ``=F0=9F=98=80``.
_BYTES_A_CHARACTER = 12
_CALENDAR_BYTES = 64 << 10  # METHOD stands in the first lines

_CALENDARS = frozenset({"text/calendar", "application/ics", "text/x-vcalendar", "application/x-vcalendar"})
#: Parts that belong to the transport of a message, not to what a person attached.
_TRANSPORT = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-encrypted",
        "message/delivery-status",
        "message/disposition-notification",
        "message/external-body",
        "message/feedback-report",
        "text/rfc822-headers",
    }
)
_CID = re.compile(r"cid:([^\"'<>\s)]+)", re.I)
_METHOD = re.compile(r"^METHOD[^:\r\n]*:[ \t]*([A-Za-z-]{1,40})", re.M | re.I)
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.I)
_META_BYTES = 4 << 10  # the HTML standard looks for <meta charset> in the first 1,024; mail puts styles before it


def read_content(raw: bytes) -> Content:
    """Text and documents of the message ``raw``. Raises ``BadItem`` only when it has no header at all.

    ``text`` is what the author offers as plain text, else the text of the HTML; attached messages are documents, their
    text is not the author's. ``complete`` is False when one of ``limits`` cut something. Time and memory are bounded by
    ``limits``, whatever ``raw`` holds.
    """
    top, complete = read_parts(raw)
    reading = _Reading(top)
    text, _ = reading.text_of(top)
    return Content(
        text=text[:TEXT_CHARS],
        documents=tuple(reading.documents()),
        calendar_method=reading.calendar_method(),
        parts=tuple(part.media_type for part in top.leaves()),
        complete=complete and not reading.cut and len(text) <= TEXT_CHARS,
    )


@dataclass(slots=True)
class _Reading:
    """One message while it is read."""

    top: Part
    cut: bool = False
    left: int = TEXT_CHARS  # characters of text that are still wanted
    markup_left: int = HTML_CHARS  # characters of HTML that are still read
    _html: dict[int, str] = field(default_factory=dict)  # by where the part begins: decoded once, used twice

    def text_of(self, part: Part) -> tuple[str, bool]:
        """The text under a part, and whether its author wrote it as plain text. The depth of parts is limited."""
        if not part.children:
            if not self._is_body(part):
                return "", True
            if part.media_type == "text/html":
                text = html_to_text(self._markup(part)).strip("\n")
                self.left = max(0, self.left - len(text))
                return text, False
            return self._plain(part), True
        if part.media_type == "multipart/alternative":
            return self._alternative(part)
        found = [self.text_of(child) for child in part.children if self.left > 0]
        texts = [text for text, _ in found if text.strip()]
        self.cut |= self.left <= 0
        return "\n\n".join(texts), all(is_plain for _, is_plain in found)

    def _alternative(self, part: Part) -> tuple[str, bool]:
        """The plain one of alternatives that say the same; the HTML one where the plain one is empty."""
        best = "", True
        for child in sorted(part.children, key=lambda child: child.media_type != "text/plain"):
            text, is_plain = self.text_of(child)
            if text.strip() and (is_plain or not best[0]):
                best = text, is_plain
                if is_plain:
                    break
        return best

    def _is_body(self, part: Part) -> bool:
        """Whether a leaf is text of the message, not a text file that came with it."""
        if part.media_type not in ("text/plain", "text/html") or part.disposition == "attachment":
            return False
        return part is self.top or not part.filename

    def _plain(self, part: Part) -> str:
        limit = self.left * _BYTES_A_CHARACTER
        self.cut |= part.end - part.begin > limit
        text = part.text(limit).strip("\n")
        self.left = max(0, self.left - len(text))
        return text

    def _markup(self, part: Part) -> str:
        if part.begin not in self._html:
            limit = self.markup_left * _BYTES_A_CHARACTER
            told = _META_CHARSET.search(part.data(_META_BYTES)) if "charset" not in part.parameters else None
            markup = part.text(limit, told[1].decode("ascii") if told else "")
            self.cut |= part.end - part.begin > limit or len(markup) > self.markup_left
            self._html[part.begin] = markup[: self.markup_left]
            self.markup_left = max(0, self.markup_left - len(markup))
        return self._html[part.begin]

    def documents(self) -> Iterator[Document]:
        """What a person would call an attachment, in the order of the message."""
        shown = self._shown_pictures()
        for part, parent in _with_parents(self.top, ""):
            if self._is_body(part) or _is_calendar(part) or part.media_type in _TRANSPORT:
                continue
            if parent == "multipart/report" or part.media_type.startswith("multipart/"):
                continue
            if part.media_type.startswith("image/") and _is_inline(part, parent, shown):
                continue
            yield Document(_name(part), part.media_type, part.size())

    def _shown_pictures(self) -> frozenset[str]:
        """The Content-IDs that the HTML shows as pictures; looked for only where a picture has one."""
        leaves = list(self.top.leaves())
        if not any(leaf.content_id and leaf.media_type.startswith("image/") for leaf in leaves):
            return frozenset()
        pages = (self._markup(leaf) for leaf in leaves if leaf.media_type == "text/html" and self._is_body(leaf))
        return frozenset(unquote(cid).lower() for page in pages for cid in _CID.findall(page))

    def calendar_method(self) -> str:
        """The iTIP method (RFC 5546 1.4) of the first calendar part that has one, in upper case."""
        for part in filter(_is_calendar, self.top.leaves()):
            method = part.parameters.get("method", "")
            if not method:
                found = _METHOD.search(part.text(_CALENDAR_BYTES))
                method = found[1] if found else ""
            if method:
                return method.upper()
        return ""


def _with_parents(part: Part, parent: str) -> Iterator[tuple[Part, str]]:
    """All leaves with the media type of what holds them."""
    if not part.children:
        yield part, parent
    for child in part.children:
        yield from _with_parents(child, part.media_type)


def _is_calendar(part: Part) -> bool:
    return part.media_type in _CALENDARS or part.filename.lower().endswith(".ics")


def _is_inline(part: Part, parent: str, shown: frozenset[str]) -> bool:
    """Whether a picture is part of the text (a logo, a signature) and not a document."""
    if part.content_id.lower() in shown:
        return True
    if part.disposition == "attachment":
        return False
    if part.content_id:
        return part.disposition == "inline" or parent == "multipart/related"
    return not part.filename


def _name(part: Part) -> str:
    """The document's name without folders; an attached message without a name is called by its subject."""
    name = part.filename
    if not name and part.media_type == "message/rfc822":
        subjects = (value for header, value in split_fields(part.data(HEAD_BYTES)) if header == b"subject")
        subject = decode_words(field_text(next(subjects, b""))).strip()
        name = re.sub(r"[/\\]", "-", subject or "message") + ".eml"
    name = re.split(r"[/\\]", name)[-1]
    return " ".join(clean(name).split())[:DOCUMENT_NAME_CHARS]
