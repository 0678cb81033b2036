"""Answers for what a template can print: the facts of a decision as short, clean, traced values in one language.

Every value is a ``Fact``: text that remembers the field it came from, so that a letter can say where each word of it
is from. Text of other people is made harmless here: one line, no control characters, a bounded length and number.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from syncagent.rulebook import languages
from syncagent.rulebook.decide import Decision
from syncagent.rulebook.facts import MeetingFacts, Person
from syncagent.rulebook.languages import GAP

MOST_CHARACTERS = 300
MOST_ITEMS = 12

# Characters that turn the direction of what follows; a file name with one reads as another.
_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Fact(str):
    """Text and the field that it came from; ``gap`` is the field of what is missing."""

    field: str

    def __new__(cls, text: str, field: str) -> Fact:
        fact = super().__new__(cls, text)
        fact.field = field
        return fact


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting that the letter is about."""

    subject: Fact
    kind: Fact
    date: Fact
    day: Fact
    moment: Fact


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next one with the same people."""

    subject: Fact
    date: Fact
    day: Fact
    moment: Fact


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes. ``signature`` is the configured one line by line, else the name; ``closes`` says that it begins with
    a closing formula of its own."""

    name: Fact
    signature: tuple[Fact, ...]
    closes: bool


@dataclass(frozen=True, slots=True)
class View:
    """The names that a template may use."""

    greeting: Fact
    meeting: Meeting
    agenda: tuple[Fact, ...]
    documents: tuple[Fact, ...]
    next_meeting: NextMeeting | None
    sender: Sender

    def names(self) -> dict[str, object]:
        """The names with their values, as Jinja2 takes them."""
        return {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}


def _fields(kind: type[Meeting] | type[NextMeeting] | type[Sender]) -> frozenset[str]:
    return frozenset(each.name for each in dataclasses.fields(kind))


#: What a template may write: each name, and after a dot these.
VOCABULARY: Mapping[str, frozenset[str]] = {
    "agenda": frozenset(),
    "documents": frozenset(),
    "greeting": frozenset(),
    "meeting": _fields(Meeting),
    "next_meeting": _fields(NextMeeting),
    "sender": _fields(Sender),
}


def gap(hint: str) -> Fact:
    """A visible gap for the manager to fill. Not coloured: what is typed over it would inherit the colour."""
    return Fact(f"[{hint}]", "gap")


def view(facts: MeetingFacts, decision: Decision, *, now: datetime) -> View:
    """What the letter of ``decision`` may print. Times are in the zone of the one who writes."""
    language = decision.language
    zone = _zone(facts.actor.zone if facts.actor else facts.zone)
    people = ", ".join(f"{person.email} ({'salutation' if person.salutation else 'name'})" for person in decision.to)
    greeting = languages.greeting([_clean_person(person) for person in decision.to], language)
    return View(
        greeting=Fact(clean(greeting), f"to: {people}"),
        meeting=Meeting(
            subject=Fact(clean(facts.subject), "subject"),
            kind=Fact(clean(facts.meeting_kind), "meeting_kind"),
            **_moments(facts.start_at, "start_at", zone, language),
        ),
        agenda=_items(facts.agenda, "agenda"),
        documents=_items(facts.documents, "documents"),
        next_meeting=_next_meeting(facts, zone, language, now),
        sender=_sender(facts),
    )


def clean(text: str) -> str:
    """``text`` on one line, without characters that a reader cannot see, cut at ``MOST_CHARACTERS``."""
    visible = "".join(
        " " if character.isspace() else character
        for character in text[: 4 * MOST_CHARACTERS]
        if character.isspace() or not (unicodedata.category(character) in {"Cc", "Cs"} or character in _BIDI_CONTROLS)
    )
    line = " ".join(visible.split())
    return line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1].rstrip()}…"


def _clean_person(person: Person) -> Person:
    return dataclasses.replace(person, name=clean(person.name), salutation=clean(person.salutation))


def _items(texts: Sequence[str], field: str) -> tuple[Fact, ...]:
    lines = [Fact(line, f"{field}[{index}]") for index, text in enumerate(texts) if (line := clean(text))]
    # A gap at the end shows that there was more.
    return (*lines[:MOST_ITEMS], Fact(GAP, "gap")) if len(lines) > MOST_ITEMS else tuple(lines)


def _next_meeting(facts: MeetingFacts, zone: tzinfo, language: str, now: datetime) -> NextMeeting | None:
    if facts.next_meeting_at is None or facts.next_meeting_at <= now:
        return None
    subject = Fact(clean(facts.next_meeting_subject), "next_meeting_subject")
    return NextMeeting(subject=subject, **_moments(facts.next_meeting_at, "next_meeting_at", zone, language))


def _moments(at: datetime, field: str, zone: tzinfo, language: str) -> dict[str, Fact]:
    local = at.astimezone(zone)
    date, day = languages.written_date(local.date(), language), languages.written_day(local.date(), language)
    # Midnight is how an entry without a time of its own arrives here; nobody meets then.
    moment = languages.written_moment(local, language) if (local.hour, local.minute) != (0, 0) else day
    return {"date": Fact(date, field), "day": Fact(day, field), "moment": Fact(moment, field)}


def _sender(facts: MeetingFacts) -> Sender:
    if facts.actor is None:
        return Sender(Fact(GAP, "gap"), (Fact(GAP, "gap"),), closes=False)
    name = Fact(clean(languages.display_name(facts.actor.name)) or GAP, "actor.name" if facts.actor.name else "gap")
    lines = _signature(facts.actor.signature)
    return Sender(name, lines or (name,), closes=bool(lines) and languages.closes(lines[0]))


def _signature(text: str) -> tuple[Fact, ...]:
    """The lines of a signature with the blank ones between them, which begin a new paragraph."""
    lines = [clean(line) for line in _trimmed(text.splitlines())]
    return tuple(Fact(line, "actor.signature") for line in lines[:MOST_ITEMS])


def _trimmed(lines: Iterable[str]) -> list[str]:
    """Without blank lines at either end and without a line ``-- ``, which mail programs take for the end of a mail."""
    kept = [line for line in lines if line.strip() != "--"]
    while kept and not clean(kept[0]):
        kept.pop(0)
    while kept and not clean(kept[-1]):
        kept.pop()
    return kept


def _zone(name: str) -> tzinfo:
    # The configuration is checked elsewhere; a letter with times in UTC is better than none.
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
