"""Answers for what the second step of reading shows: no contact after all, the words that are new, agenda, language.

Pure, over plain text. A deeper judgement of quotes and signatures can replace ``new_text`` unseen by its callers.
"""

from __future__ import annotations

import re

from syncagent.model import Content, Mail
from syncagent.reading import signals
from syncagent.reading.automated import Verdict, decide, seen_in_header
from syncagent.reading.quotes import (
    attribution_length,
    is_mobile_line,
    is_quoted,
    is_signature,
    opens_message,
    quote_follows,
)
from syncagent.reading.signals import CONTENT_SIGNS, HEADER_SIGNS
from syncagent.reading.words import AGENDA_HEADINGS, COMMON_WORDS, JOIN_LINES, any_of, fold
from syncagent.vocabulary import Skip

#: iTIP methods that carry a meeting to and fro (RFC 5546). PUBLISH, or none, is information that somebody attached.
_SCHEDULING = frozenset({"REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "ADD", "REFRESH"})

#: A machine's text says early what it is; and what it says at length is no notice of absence.
_BEGINNING = 600


def second_look(mail: Mail, content: Content) -> Verdict | None:
    """The reason to skip the mail that shows only now; weighs the header's signs again, together with the new ones."""
    method = content.calendar_method.upper()
    if method in _SCHEDULING:
        return Verdict(Skip.MEETING_MAIL, f"it carries a meeting (iTIP {method}); the calendar tells of that")
    seen = seen_in_header(mail)
    seen[signals.PARTS] = " ".join(content.parts)
    text = new_text(content.text)
    if len(text) <= _BEGINNING:
        seen[signals.TEXT] = fold(text)
    return decide((*HEADER_SIGNS, *CONTENT_SIGNS), seen)


def new_text(text: str) -> str:
    """What the author typed: without quotes, forwarded messages, signature after ``-- `` and telephone lines.

    Answers between quoted lines are kept. When in doubt a line stays: no word of the author is given up for a clean
    cut. Linear in the length of the text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if is_quoted(line):
            at += 1
            continue
        if is_signature(line) or opens_message(lines, at):
            break
        count = attribution_length(lines, at)
        if count:
            at += count
            if not quote_follows(lines, at):
                break
            continue
        if not is_mobile_line(line):
            kept.append(line.rstrip())
        at += 1
    return _tidy(kept)


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def excerpt(text: str, limit: int = 200) -> str:
    """The beginning of ``text`` on one line, at most ``limit`` characters; an ellipsis where words were cut off."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    head = flat[:limit]  # one character of it makes room for the ellipsis
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head[:-1]).rstrip(" ,;:–-") + "…"


_MOST_POINTS = 20
_LONGEST_HEADING = 200
_HEADING = re.compile(rf"^[\s#*_]*{any_of(AGENDA_HEADINGS)}[\s*_]*(?::|$)")
#: A time of day, which belongs to its point; or a bullet or number, which does not.
_POINT = re.compile(
    r"^(?:\d{1,2}[:.]\d{2}\b.*"
    r"|(?:[-–—•*·▪◦‣●○►»]\s*(?=[\w\"«„“(])|\(?\d{1,2}(?:\.\d{1,2}){0,2}[.)]\s+|\d{1,2}\.\d\s+|[^\W\d_]\)\s+)(?P<point>\S.*))"
)
_JOIN = re.compile(rf"^[\s*_<]*{any_of(JOIN_LINES)}\b|[_~\-=]{{10,}}|\bscheduled zoom meeting\b")
_LINK_OR_NUMBER = re.compile(r"^(?:[^:]{0,30}:\s*|\W*)<?https?://\S+$|^\W*\d(?:[\s()\-]*\d){8,}.{0,30}$")


def agenda(description: str) -> tuple[str, ...]:
    """The points of the agenda in an invitation's text: what stands under a heading like Gündəm, else a list in it.

    At most 20 points of at most 200 characters; what Teams, Zoom and Meet write about joining is left out.
    """
    lines = [line.strip() for line in description.splitlines()]
    for at, line in enumerate(lines):
        if len(line) <= _LONGEST_HEADING and _HEADING.match(fold(line)):
            points = _points_below(lines, at)
            if points:
                return _tidy_points(points)
    points = [found["point"] or line for line in lines if not _is_join_line(line) and (found := _POINT.match(line))]
    return _tidy_points(points) if len(points) > 1 else ()


def _points_below(lines: list[str], heading: int) -> list[str]:
    """The points that follow a heading, or that stand on its own line after the colon."""
    beside = lines[heading].partition(":")[2].strip(" *_")
    points = [point.strip() for point in beside.split(";") if point.strip()]
    listed = False
    for at in range(heading + 1, len(lines)):
        line = lines[at]
        if not line:
            # An empty line may part points from each other and from their heading; running text ends there.
            following = lines[at + 1] if at + 1 < len(lines) else ""
            if points and not _POINT.match(following):
                break
            continue
        found = _POINT.match(line)
        if _is_join_line(line) or is_signature(line) or (found is None and (listed or beside or line.endswith(":"))):
            break
        listed = listed or found is not None
        points.append((found["point"] or line) if found else line)
    return points


def _is_join_line(line: str) -> bool:
    return _JOIN.search(fold(line[:200])) is not None or _LINK_OR_NUMBER.match(line[:200]) is not None


def _tidy_points(points: list[str]) -> tuple[str, ...]:
    tidy = (excerpt(point.strip(" \t*_").rstrip(";,")) for point in points)
    return tuple(dict.fromkeys(point for point in tidy if point))[:_MOST_POINTS]


_ENOUGH_TEXT = 4000
_WORD = re.compile(r"[^\W\d_]+")
#: Letters and endings that tell: ə (in either script), q and x are not Turkish, -yor is not Azerbaijani.
_LETTERS = (
    ("az", re.compile(r"[əƏәӘҹҝҸҜ]"), 1.5),
    ("ru", re.compile(r"^[а-яёА-ЯЁ]+$"), 1.0),
    ("", re.compile(r"[іїєґІЇЄҐÄäßñÑàùêô]"), 1.5),
    ("az", re.compile(r"(?i)[çğışöü].*[qx]|[qx].*[çğışöü]|q(?!u)"), 0.5),
    ("tr", re.compile(r"(?i)[ıiuü]yor"), 1.5),
    ("az", re.compile(r"[çğışöüÇĞİŞÖÜ]"), 0.3),
    ("tr", re.compile(r"[çğışöüÇĞİŞÖÜ]"), 0.3),
)


def language(text: str) -> str:
    """The language that most of the text is in: az, ru, tr or en; empty when it is another one or cannot be told.

    Everyday words count one each, and so do letters that only one of the languages has: Azerbaijani that is typed
    without its letters is known by its words.
    """
    points = dict.fromkeys((*COMMON_WORDS, "ru"), 0.0)
    for word in _WORD.findall(text[:_ENOUGH_TEXT]):
        plain = fold(word)
        for code, common in COMMON_WORDS.items():
            points[code] += plain in common
        for code, pattern, worth in _LETTERS:
            if pattern.search(word):
                points[code] += worth
    best = max(points, key=lambda code: points[code])
    tied = sum(value == points[best] for value in points.values()) > 1
    return "" if tied or points[best] < 1 else best
