"""Answers for how a letter speaks in each language: greetings, forms of address, dates and closings. Tables, no text of
the letter itself (that is in ``rules/``), and nothing but the standard library and Babel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list

from syncagent.rulebook.facts import Person

#: A greeting names up to so many people; more are greeted together.
MOST_NAMES = 3

#: What a letter shows for a fact that is missing; never guessed.
GAP = "[…]"


class Title(StrEnum):
    """What a bare title says, whatever language it was written in."""

    MS = "ms"
    MR = "mr"
    BEY = "bey"  # as ``mr``, but with the first name where the language does so
    TEACHER = "teacher"
    DOCTOR = "doctor"


@dataclass(frozen=True, slots=True)
class Forms:
    """How one language greets, closes and writes a moment.

    ``titled`` has the slots first, last and name. ``openers`` are words with which a stakeholder's salutation may
    already begin; ``closings`` those with which a manager's own signature may.
    """

    dear: str = "{}"
    dear_all: str = GAP
    titled: Mapping[Title, str] = field(default_factory=dict)
    openers: tuple[str, ...] = ()
    closings: tuple[str, ...] = ()
    date: str = "long"  # Babel's name of a format, or a pattern (Unicode LDML)
    day: str = "full"
    moment: str = "{day}, {time}"


FORMS: Mapping[str, Forms] = {
    "az": Forms(
        dear="Hörmətli {}",
        dear_all="Hörmətli həmkarlar",
        titled={
            Title.MS: "{first} xanım",
            Title.MR: "cənab {last}",
            Title.BEY: "{first} bəy",
            Title.TEACHER: "{first} müəllim",
            Title.DOCTOR: "doktor {last}",
        },
        openers=("hörmətli", "əziz", "salam"),
        closings=("hörmətlə", "ehtiramla", "ən xoş arzularla"),
        date="d MMMM y",
        day="d MMMM y, EEEE",
        moment="{day}, saat {time}",
    ),
    "en": Forms(
        dear="Dear {}",
        dear_all="Dear all",
        titled={
            Title.MS: "Ms {last}",
            Title.MR: "Mr {last}",
            Title.BEY: "Mr {last}",
            Title.DOCTOR: "Dr {last}",
        },
        openers=("dear", "hello", "hi"),
        closings=("kind regards", "best regards", "with best", "regards", "best wishes", "sincerely", "yours"),
        date="d MMMM y",
        day="EEEE, d MMMM y",
        moment="{day}, at {time}",
    ),
    "ru": Forms(
        # Says neither he nor she, so that it fits a name of which nothing else is known.
        dear="Здравствуйте, {}",
        dear_all="Здравствуйте, уважаемые коллеги",
        titled={
            Title.MS: "госпожа {last}",
            Title.MR: "господин {last}",
            Title.BEY: "господин {last}",
            Title.DOCTOR: "доктор {last}",
        },
        openers=("уважаемый", "уважаемая", "уважаемые", "здравствуйте", "добрый день"),
        closings=("с уважением", "с наилучшими"),
        date="d MMMM y 'года'",
        day="d MMMM y 'года' (EEEE)",
    ),
    "tr": Forms(
        dear="Sayın {}",
        dear_all="Değerli katılımcılar",
        titled={
            Title.MS: "{first} Hanım",
            Title.MR: "{first} Bey",
            Title.BEY: "{first} Bey",
            Title.DOCTOR: "Dr. {last}",
        },
        openers=("sayın", "değerli", "merhaba"),
        closings=("saygılarımla", "saygılar", "iyi çalışmalar"),
        date="d MMMM y",
        day="d MMMM y EEEE",
        moment="{day}, saat {time}",
    ),
}

# Written with dots and without, and without the letters that a foreign keyboard lacks.
_TITLES: Mapping[str, Title] = {
    **dict.fromkeys(("xanım", "xanim", "hanım", "hanim", "khanim", "ms", "mrs", "госпожа", "г-жа", "ханум"), Title.MS),
    **dict.fromkeys(("cənab", "cenab", "mr", "господин", "г-н"), Title.MR),
    **dict.fromkeys(("bəy", "bey", "bay"), Title.BEY),
    **dict.fromkeys(("müəllim", "muellim", "муаллим"), Title.TEACHER),
    **dict.fromkeys(("dr", "doktor", "doctor", "доктор"), Title.DOCTOR),
}


def primary(language: str) -> str:
    """The language itself of a tag: ``az`` of ``az-Latn-AZ`` or ``AZ``; empty for an empty one."""
    return re.split(r"[-_]", language.strip().lower())[0]


def forms(language: str) -> Forms:
    """The forms of a language; for one that has none here, a greeting with a gap and Babel's own dates."""
    return FORMS.get(language, Forms(dear=f"{GAP} {{}}"))


def display_name(name: str) -> str:
    """``Leyla Əliyeva`` for ``Əliyeva, Leyla``, as directories of companies write names."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else name.strip()


def form_of_address(person: Person, language: str) -> str:
    """How a letter in ``language`` names ``person``; empty when nothing is known that could name them.

    Only the stakeholder's own ``salutation`` decides on a title. Without one it is the full name, which says neither
    he nor she; a title of which the language has no form is not guessed at either.
    """
    name = display_name(person.name)
    wish = _without_opener(person.salutation)
    title = _TITLES.get(_folded(wish).rstrip("."))
    if title is None:
        return wish or name
    words = name.split()
    pattern = forms(language).titled.get(title)
    if pattern is None or not words or (len(words) == 1 and "{last}" in pattern):
        return name
    return pattern.format(first=words[0], last=words[-1])


def greeting(people: Sequence[Person], language: str) -> str:
    """The greeting without its final sign: up to three people by name, more of them together."""
    words = forms(language)
    if len(people) > MOST_NAMES:
        return words.dear_all
    return words.dear.format(listed([form_of_address(person, language) or GAP for person in people] or [GAP], language))


def listed(names: Sequence[str], language: str) -> str:
    """``A, B və C``."""
    return format_list(list(names), locale=_locale(language))


def closes(signature: str) -> bool:
    """Whether a signature already begins with a closing formula, in any language, so that none is put before it."""
    opening = _folded(signature)
    return any(opening.startswith(closing) for words in FORMS.values() for closing in words.closings)


def written_date(at: date, language: str) -> str:
    """``20 noyabr 2026``."""
    return format_date(at, forms(language).date, locale=_locale(language))


def written_day(at: date, language: str) -> str:
    """``20 noyabr 2026, cümə``."""
    return format_date(at, forms(language).day, locale=_locale(language))


def written_moment(at: datetime, language: str) -> str:
    """``20 noyabr 2026, cümə, saat 15:00``, in the zone that ``at`` carries."""
    return forms(language).moment.format(day=written_day(at.date(), language), time=f"{at:%H:%M}")


def _without_opener(salutation: str) -> str:
    wish = salutation.strip().rstrip(",!.").strip()
    for opener in sorted((each for words in FORMS.values() for each in words.openers), key=len, reverse=True):
        rest = wish[len(opener) :]
        if _folded(wish[: len(opener)]) == opener and rest[:1] in {"", " ", ","}:
            return rest.lstrip(" ,")
    return wish


def _folded(text: str) -> str:
    # str.casefold turns İ into i and a combining dot, which no table would find.
    return text.strip().replace("İ", "i").casefold()


def _locale(language: str) -> Locale:
    try:
        # British English writes the day before the month and lists without a last comma, as these letters do.
        return Locale.parse("en_GB" if language == "en" else language)
    except (UnknownLocaleError, ValueError):
        return Locale("en")
