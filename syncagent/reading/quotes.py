"""Answers for the marks that mail programs put between what an author typed and what they quote; patterns only.

Outlook in the languages of our users, Gmail, Apple Mail, Thunderbird and telephones. Every pattern looks at a few lines
only and is linear in their length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from syncagent.reading.words import any_of, fold

# The header block of Outlook and of forwarded messages: who, and what may stand beside it.
_FROM = ("from", "kimdən", "göndərən", "от", "от кого", "kimden", "gönderen", "von", "de", "da")
_BESIDE = (
    *("sent", "date", "to", "cc", "subject", "reply-to"),
    *("göndərilib", "göndərildi", "göndərilmə tarixi", "tarix", "kimə", "surət", "mövzu"),
    *("отправлено", "дата", "кому", "копия", "тема"),
    *("gönderildi", "gönderim tarihi", "gönderme tarihi", "tarih", "kime", "bilgi", "konu"),
    *("gesendet", "datum", "an", "betreff", "envoyé", "à", "objet"),
)
_FIELD = r"^[\s*_]*{}[\s*_]*:"
_FROM_LINE = re.compile(_FIELD.format(any_of(_FROM)))
_BESIDE_LINE = re.compile(_FIELD.format(f"(?P<word>{any_of(_BESIDE)})"))

# What opens a quoted or forwarded message on a line of its own.
_ORIGINAL = (
    *("original message", "forwarded message", "original appointment", "forwarded by", "reply message"),
    *("orijinal mesaj", "orijinal məktub", "ilkin məktub", "yönləndirilmiş məktub", "yönləndirilmiş mesaj"),
    *("исходное сообщение", "пересылаемое сообщение", "пересланное сообщение", "конец пересылаемого сообщения"),
    *("özgün ileti", "orijinal ileti", "iletilen mesaj", "yönlendirilmiş ileti"),
    *("ursprüngliche nachricht", "weitergeleitete nachricht", "message transféré", "message d'origine"),
)
_ORIGINAL_LINE = re.compile(rf"^[\s*]*[-_]{{2,}}\s*{any_of(_ORIGINAL)}\b.{{0,40}}$")
_BEGIN_FORWARD_LINE = re.compile(
    rf"^\s*{any_of(('begin forwarded message', 'anfang der weitergeleiteten nachricht'))}\s*:$"
)
_RULE_LINE = re.compile(r"^\s*[-_=*]{5,}\s*$")

# "On Monday, 2 November 2026 at 10:15 Leyla <leyla@x.example> wrote:" and its like; it may be wrapped.
_WROTE = (
    *("wrote", "writes", "yazdı", "yazıb", "yazmışdır", "şunu yazdı", "şunları yazdı", "пишет", "писал", "писала"),
    *("написал", "написала", "a écrit", "escribió", "ha scritto"),
)
# German puts the name behind the verb.
_ATTRIBUTION_END = re.compile(rf"\b(?:{any_of(_WROTE)}|schrieb\b[^.!?]{{0,60}})\s*:$")
_ADDRESS_OR_DATE = re.compile(r"\S@\S+\.\S|\b\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|\b(?:19|20)\d\d\b")
_ATTRIBUTION_START = re.compile(r"^\s*(?:on|am|le|el|il|в)\s.*\d|<[^<>\s]*@|\d{1,4}[./\-]\d{1,2}[./\-]\d{2,4}")
_LONGEST_ATTRIBUTION = 400

_SIGNATURE_LINE = re.compile(r"^--\s*$")
_LIST_FOOTER = re.compile(r"\b(?:mailing list|unsubscribe|google groups)\b")
_MOBILE = (
    *("sent from my ", "sent from mail for windows", "sent from outlook", "get outlook for ", "sent via "),
    *("iphone-dan göndərilib", "iphone'dan göndərilib", "telefonumdan göndərilib", "mobil telefondan göndərilib"),
    *("отправлено с ", "отправлено из ", "iphone'umdan gönderildi", "telefonumdan gönderildi"),
    *("von meinem ", "gesendet mit der ", "envoyé de mon "),
)
_MOBILE_LINE = re.compile(rf"^\s*{any_of(phrase.rstrip() for phrase in _MOBILE)}\b.{{0,60}}$")


def is_quoted(line: str) -> bool:
    """Whether the line is quoted with the usual angle bracket."""
    return line.lstrip(" \t\u00a0").startswith(">")


def is_signature(line: str) -> bool:
    """The signature delimiter of RFC 3676 4.3; its blank at the end is often lost on the way."""
    return _SIGNATURE_LINE.match(line) is not None


def is_mobile_line(line: str) -> bool:
    """Whether a telephone or a mail program says here that it sent the mail."""
    return len(line) < 120 and _MOBILE_LINE.match(fold(line)) is not None


def opens_message(lines: Sequence[str], at: int) -> bool:
    """Whether a whole other message, or a list's footer, follows from this line on."""
    folded = fold(lines[at][:200])
    if _ORIGINAL_LINE.match(folded) or _BEGIN_FORWARD_LINE.match(folded):
        return True
    if _RULE_LINE.match(folded):
        following = _next_filled(lines, at + 1)
        return following is not None and (_is_block(lines, following) or _is_footer(lines, following))
    return _is_block(lines, at)


def quote_follows(lines: Sequence[str], at: int) -> bool:
    """Whether the next line that says anything is quoted."""
    following = _next_filled(lines, at)
    return following is not None and is_quoted(lines[following])


def attribution_length(lines: Sequence[str], at: int) -> int:
    """How many lines, from this one on, say who wrote what is quoted below; 0 when they do not.

    "As Anar wrote:" is the author's own sentence unless a quoted line follows, or an address or date stands in it.
    """
    joined = ""
    for count in (1, 2, 3):
        if at + count > len(lines) or not lines[at + count - 1].strip():
            return 0
        joined = f"{joined} {lines[at + count - 1].strip()}".strip()
        if len(joined) > _LONGEST_ATTRIBUTION or is_quoted(lines[at + count - 1]):
            return 0
        folded = fold(joined)
        if _ATTRIBUTION_END.search(folded[-80:]):
            told = _ADDRESS_OR_DATE.search(folded) is not None or quote_follows(lines, at + count)
            return count if told else 0
        if count == 1 and not _ATTRIBUTION_START.search(folded):
            return 0
    return 0


def _is_block(lines: Sequence[str], at: int) -> bool:
    """Whether a header block begins here: From, and two other fields within the lines below it."""
    if not _FROM_LINE.match(fold(lines[at][:200])):
        return False
    found = (_BESIDE_LINE.match(fold(line[:200])) for line in lines[at + 1 : at + 8])
    return len({match["word"] for match in found if match is not None}) >= 2


def _is_footer(lines: Sequence[str], at: int) -> bool:
    return any(_LIST_FOOTER.search(fold(line[:200])) for line in lines[at : at + 2])


def _next_filled(lines: Sequence[str], start: int) -> int | None:
    return next((at for at in range(start, min(start + 3, len(lines))) if lines[at].strip()), None)
