"""Answers for who lives in the demo's world: managers, colleagues, key accounts and everybody else. Pure.

Everybody is drawn from ``pools``, so that another seed is another cast.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from syncagent.cli.demo import pools

_T = TypeVar("_T")

ORGANISATION = "Bizim Texnologiya MMC"
DOMAIN = "bizim.az"

_LATIN = str.maketrans(
    "əçşğöüıİƏÇŞĞÖÜабвгдеёжзийклмнопрстуфхыэАБВГДЕЖЗИЙКЛМНОПРСТУФХЭ",
    "ecsgouiIECSGOUabvgdeejziiklmnoprstufhyeABVGDEJZIIKLMNOPRSTUFHE",
)
_LATIN_PAIRS = {
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ь": "",
    "Ю": "Yu",
    "Я": "Ya",
}


class Named(NamedTuple):
    """A display name and an address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody's mail program writes: its kind, charset and transfer encoding, and whether it sends HTML too."""

    client: str  # gmail, outlook or apple: decides on quotes, Message-IDs and headers
    charset: str = "utf-8"
    encoding: str = "quoted-printable"
    html: bool = True
    ascii_letters: bool = False  # types Azerbaijani without its letters
    logo: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes mail. ``called`` says how one addresses them in a letter, by language."""

    name: str
    emails: tuple[str, ...]
    language: str
    called: Mapping[str, str]
    habit: Habit
    title: str = ""
    company: str = ""
    phone: str = ""
    decision_roles: tuple[str, ...] = ()
    political_role: str = ""
    contact_person: bool = False
    interests: tuple[str, ...] = ()
    reports_to: str = ""

    @property
    def main(self) -> Named:
        return Named(self.name, self.emails[0])

    @property
    def mailbox(self) -> str:
        """The name of a manager's mailbox."""
        return self.emails[0].partition("@")[0]

    def address(self, language: str) -> str:
        """How to begin a letter to them in ``language``."""
        return self.called.get(language) or self.name.split()[0]


@dataclass(frozen=True, slots=True)
class Account:
    """A key account with its stakeholders, the contact person first."""

    name: str
    domain: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody. ``strangers`` are business partners but no key account."""

    managers: tuple[Person, Person]
    colleagues: tuple[Person, ...]
    accounts: tuple[Account, ...]
    strangers: tuple[Person, ...]
    friends: tuple[Person, ...]
    products: tuple[Mapping[str, str], ...]

    @property
    def ours(self) -> tuple[Person, ...]:
        return (*self.managers, *self.colleagues)

    def account_of(self, person: Person) -> Account:
        """The account of a stakeholder; raises ``KeyError`` for anybody else."""
        for account in self.accounts:
            if person in account.people:
                return account
        raise KeyError(person.name)


# Which language each of an account's five speaks: head, two seniors, specialist, one more.
_LANGUAGES = (("az", "az", "az", "az", "ru"), ("az", "ru", "az", "az", "ru"), ("en", "az", "en", "en", "ru"))

_HABITS: Mapping[str, tuple[Habit, ...]] = {
    "az": (
        Habit("outlook"),
        Habit("gmail", encoding="base64"),
        Habit("gmail", encoding="8bit", html=False),
        Habit("apple", html=False),
        Habit("outlook", charset="us-ascii", encoding="7bit", html=False, ascii_letters=True),
    ),
    "ru": (
        Habit("outlook", charset="koi8-r", encoding="8bit", html=False),
        Habit("outlook", charset="windows-1251", encoding="base64"),
        Habit("apple", encoding="base64", html=False),
    ),
    "en": (
        Habit("outlook", charset="windows-1252", logo=True),
        Habit("gmail", charset="us-ascii", encoding="7bit"),
        Habit("apple", charset="iso-8859-1", html=False),
    ),
}


def latin(text: str) -> str:
    """``text`` in plain ASCII letters, as people spell their names in addresses."""
    for letter, pair in _LATIN_PAIRS.items():
        text = text.replace(letter, pair).replace(letter.upper(), pair.capitalize())
    return text.translate(_LATIN)


def make_cast(rng: random.Random) -> Cast:
    """The cast of one world; draws from ``rng`` alone."""
    names = _Names(rng)
    second = names.azerbaijani(woman=False)
    leyla = _one_of_us("Leyla Əliyeva", {"az": "Leyla xanım", "ru": "Лейла", "en": "Leyla"})
    other = _one_of_us(second, _called(second, woman=False))
    colleagues = []
    for title, woman in (("Mühasib", True), ("Servis mühəndisi", False), ("Anbar və logistika", False)):
        name = names.azerbaijani(woman=woman)
        colleagues.append(replace(_one_of_us(name, _called(name, woman=woman)), title=title))
    companies = (*rng.sample(pools.COMPANIES, 2), rng.choice(pools.INTERNATIONAL))
    oddities = rng.sample(("free", "double", ""), 3)
    return Cast(
        managers=(leyla, other),
        colleagues=tuple(colleagues),
        accounts=tuple(
            _account(rng, names, company=company, languages=spoken, oddity=oddity)
            for company, spoken, oddity in zip(companies, _LANGUAGES, oddities, strict=True)
        ),
        strangers=tuple(_stranger(rng, names, company) for company in rng.sample(pools.OTHER_COMPANIES, 4)),
        friends=tuple(_friend(rng, names) for _ in range(4)),
        products=tuple(rng.sample(pools.PRODUCTS, 5)),
    )


class _Names:
    """Hands out names, none twice."""

    def __init__(self, rng: random.Random) -> None:
        self._women, self._men, self._surnames = (
            _twice(rng, names) for names in (pools.WOMEN, pools.MEN, pools.SURNAMES)
        )
        self._foreign = {"ru": _twice(rng, pools.RUSSIANS), "en": _twice(rng, pools.ENGLISH)}
        self._used: set[str] = set()

    def azerbaijani(self, *, woman: bool) -> str:
        first = (self._women if woman else self._men).pop()
        while True:
            name = f"{first} {self._surnames.pop()}{'a' if woman else ''}"
            if name not in self._used:
                self._used.add(name)
                return name

    def foreign(self, language: str) -> tuple[str, str]:
        return self._foreign[language].pop()


def _twice(rng: random.Random, names: Sequence[_T]) -> list[_T]:
    """A pile in which every name lies twice, in two rounds: nobody has a namesake before all names have been used."""
    return [name for _ in range(2) for name in rng.sample(names, len(names))]


def _called(name: str, *, woman: bool) -> Mapping[str, str]:
    first = name.split()[0]
    polite = f"{first} {'xanım' if woman else 'bəy'}"
    return {"az": polite, "ru": pools.MEN_IN_RUSSIAN.get(first, latin(first)), "en": latin(first)}


def _one_of_us(name: str, called: Mapping[str, str]) -> Person:
    return Person(
        name=name,
        emails=(f"{latin(name.split()[0]).lower()}@{DOMAIN}",),
        language="az",
        called=called,
        habit=Habit("outlook"),
        title="Əsas müştərilərlə iş üzrə menecer",
        company=ORGANISATION,
        phone="+994 12 555 01 40",
    )


def _account(
    rng: random.Random, names: _Names, *, company: tuple[str, str], languages: tuple[str, ...], oddity: str
) -> Account:
    """An account of five. ``oddity``: one of them writes from a free-mail address, or from two addresses."""
    name, slug = company
    seats = (pools.HEAD, *rng.sample(pools.SENIORS, 2), pools.SPECIALIST, rng.choice(pools.OTHERS))
    odd = rng.choice((1, 2, 4)) if oddity else -1
    people: list[Person] = []
    for number, (seat, language) in enumerate(zip(seats, languages, strict=True)):
        person = _stakeholder(rng, names, f"{slug}.example", language=language, used=people)
        if number == odd:
            free = f"{_letters(person.name)}.{rng.randrange(70, 99)}@{'mail.ru' if language == 'ru' else 'gmail.com'}"
            person = replace(person, emails=(free,) if oddity == "free" else (*person.emails, free))
        people.append(
            replace(
                person,
                title=seat.title(language),
                company=name,
                phone=f"+994 50 {rng.randrange(200, 999)} {rng.randrange(10, 99)} {rng.randrange(10, 99)}",
                decision_roles=seat.decision_roles,
                political_role=seat.political_role,
                contact_person=seat is pools.SPECIALIST,
                interests=seat.interests,
                reports_to=people[0].emails[0] if people else "",
            )
        )
    people.insert(0, people.pop(3))
    return Account(name, f"{slug}.example", tuple(people))


def _stakeholder(rng: random.Random, names: _Names, domain: str, *, language: str, used: Sequence[Person]) -> Person:
    called: Mapping[str, str]
    if language == "az":
        woman = rng.random() < 0.5
        name = names.azerbaijani(woman=woman)
        called = _called(name, woman=woman)
    else:
        name, short = names.foreign(language)
        called = {language: short}
    first, last = latin(name).lower().split()
    local = rng.choice((f"{first}.{last}", f"{first[0]}.{last}", f"{last}.{first[0]}"))
    if any(f"{local}@{domain}" in person.emails for person in used):
        local = f"{first}.{last}"
    return Person(name, (f"{local}@{domain}",), language, called, rng.choice(_HABITS[language]))


def _stranger(rng: random.Random, names: _Names, company: tuple[str, str]) -> Person:
    woman = rng.random() < 0.5
    name = names.azerbaijani(woman=woman)
    return Person(
        name=name,
        emails=(f"{latin(name).lower().replace(' ', '.')}@{company[1]}.example",),
        language="az",
        called=_called(name, woman=woman),
        habit=rng.choice(_HABITS["az"]),
        title="Satış meneceri",
        company=company[0],
        phone=f"+994 55 {rng.randrange(200, 999)} {rng.randrange(10, 99)} {rng.randrange(10, 99)}",
    )


def _friend(rng: random.Random, names: _Names) -> Person:
    name = names.azerbaijani(woman=rng.random() < 0.5)
    email = f"{_letters(name)}.{rng.randrange(100, 999)}@gmail.com"
    return Person(name, (email,), "az", {"az": name.split()[0]}, Habit("gmail", html=rng.random() < 0.5))


def _letters(name: str) -> str:
    return "".join(letter for letter in latin(name).lower() if letter.isalpha())
