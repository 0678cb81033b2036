"""Answers for what a rule is once it has been read and checked: frozen values, no files and no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Trigger(StrEnum):
    """The moment from which a rule counts its time."""

    MEETING_ENDED = "meeting_ended"


class DraftKind(StrEnum):
    """What a draft is, as ``syncagent drafts --json`` names it."""

    FOLLOW_UP_FORMAL = "follow_up_formal"
    FOLLOW_UP_INFORMAL = "follow_up_informal"
    MINUTES = "minutes"
    KEEP_IN_TOUCH = "keep_in_touch"
    OVERDUE_ANSWER = "overdue_answer"
    REMINDER = "reminder"
    CADENCE = "cadence"
    IMPORTANT_DATE = "important_date"
    HANDOVER = "handover"
    CONTRACT_END = "contract_end"
    CALL_LIST = "call_list"
    NEWSLETTER = "newsletter"


@dataclass(frozen=True, slots=True)
class Condition:
    """A predicate by its name, with the values that it accepts (none for a plain flag)."""

    name: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """The letter of a rule in one language. ``file`` is where a person finds it, for messages."""

    language: str
    text: str
    file: str


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """What is drafted, and to whom: a template and two names of the table of groups."""

    template: str
    to: str
    cc: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. A draft is made when every ``when`` hits and no ``unless`` does.

    ``wait`` runs from the trigger to the first look, ``due_within_hours`` from the trigger to the deadline (None: the
    setting). ``hash`` changes with the rule, any of its templates or the style, and is kept with each decision.
    """

    name: str
    title: str
    purpose: str
    kind: DraftKind
    trigger: Trigger
    wait: timedelta
    due_within_hours: int | None
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    draft: DraftPlan
    templates: Mapping[str, Template]  # by language
    style: str  # CSS of the letter, inlined when it is rendered
    hash: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules that are switched on, by name (``follow_up/formal``), and one hash over them."""

    rules: Mapping[str, Rule]
    hash: str
