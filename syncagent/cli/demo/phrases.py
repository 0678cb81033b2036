"""Answers for what the demo's people say: reads ``texts/LANGUAGE.toml``, one ``Phrases`` for each language.

Texts have slots in braces: product, qty, price, total, number, site, weeks, n (whom one writes to), and three dates:
day0 is past, day1 and day2 are to come.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

THEM, US = "them", "us"
LANGUAGES = ("az", "en", "ru")


@dataclass(frozen=True, slots=True)
class Turn:
    """One letter of a conversation: who writes it, its text, the name of a document with it, and whether it waits."""

    by: str
    text: str
    document: str = ""
    after_day1: bool = False  # tells of what happened on day1


@dataclass(frozen=True, slots=True)
class Topic:
    """A conversation: its subject and its letters in order."""

    subject: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A single letter."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting: its subject and the points to discuss."""

    subject: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """All that is said in one language."""

    months: tuple[str, ...]
    to_us: tuple[str, ...]  # how a customer's letter begins
    to_them: tuple[str, ...]  # how ours begins
    closings: tuple[str, ...]
    our_title: str  # a manager's, in a signature
    reply: tuple[str, ...]  # what stands before the subject of an answer
    gmail_quote: str  # when, name, email
    outlook_quote: tuple[str, ...]  # the words for From, Sent, To, Subject
    lunch: str
    fair: str
    agenda_head: str
    agenda_tail: str
    responses: Mapping[str, str]  # what stands before the subject of an answer to an invitation, by PARTSTAT
    away: Note
    follow_up: Note  # a manager's own letter after a meeting: meeting, points
    accounting: tuple[Note, ...]  # from somebody at the customer who is no stakeholder
    confidential: tuple[Note, ...]
    series: Agenda
    call: Agenda
    agendas: tuple[Agenda, ...]
    topics: tuple[Topic, ...]

    def day(self, when: date) -> str:
        """A date as it stands in a sentence."""
        return f"{when.day} {self.months[when.month - 1]}"


@cache
def phrases(language: str) -> Phrases:
    """What is said in ``language``, one of ``LANGUAGES``."""
    raw = tomllib.loads(files("syncagent.cli.demo").joinpath("texts", f"{language}.toml").read_text(encoding="utf-8"))
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    made: dict[str, Any] = plain | {
        "away": _note(raw["away"]),
        "follow_up": _note(raw["follow_up"]),
        "accounting": tuple(_note(table) for table in raw["accounting"]),
        "confidential": tuple(_note(table) for table in raw["confidential"]),
        "series": _agenda(raw["series"]),
        "call": _agenda(raw["call"]),
        "agendas": tuple(_agenda(table) for table in raw["agendas"]),
        "topics": tuple(_topic(table) for table in raw["topics"]),
    }
    return Phrases(**made)


def _note(table: Mapping[str, str]) -> Note:
    return Note(table["subject"], table["text"])


def _agenda(table: Mapping[str, Any]) -> Agenda:
    return Agenda(table["subject"], tuple(table["points"]))


def _topic(table: Mapping[str, Any]) -> Topic:
    return Topic(table["subject"], tuple(Turn(**turn) for turn in table["turns"]))
