"""Answers for reading ``people.csv``: bytes to rows, and what is wrong with the rest; touches nothing.

The columns are fixed by the outside interface. A row is one stakeholder, or, without a name, an account alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from syncagent.errors import ConfigProblems, Problem
from syncagent.formats.addresses import normal

REQUIRED = ("account", "name", "emails")
COLUMNS = (
    "account",
    "account_domains",
    "is_key",
    "name",
    "emails",
    "title",
    "decision_roles",
    "political_role",
    "contact_person",
    "language",
    "interests",
    "reports_to",
    "salutation",
    "formality",
    "phone",
    "opted_out",
)
DECISION_ROLES = ("decision_maker", "influencer", "supporter", "opponent")
POLITICAL_ROLES = ("most_powerful", "rising_star", "fading_star", "fox", "foot_soldier")
LANGUAGES = ("az", "en", "tr", "ru")
FORMALITIES = ("formal", "informal")

_TRUE = frozenset({"1", "yes", "true"})
_FALSE = frozenset({"0", "no", "false", ""})

#: A file larger than this is not a list of people (bytes).
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as a row names it. None: the file has no such column, or (``is_key``) the cell is empty."""

    name: str
    domains: tuple[str, ...] | None
    is_key: bool | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A stakeholder as a row names them. A value of None: the file has no such column, what is stored stays."""

    line: int
    account: AccountRow
    name: str
    emails: tuple[str, ...]
    decision_roles: tuple[str, ...] | None
    values: dict[str, str | bool]  # the other columns that the file has, by name


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """Everything usable in a file, and what is wrong with the rest."""

    accounts: tuple[AccountRow, ...]
    people: tuple[PersonRow, ...]
    problems: tuple[Problem, ...]


def read_people(raw: bytes, source: str) -> PeopleFile:
    """Reads the file (UTF-8 with or without BOM, else UTF-16; comma, semicolon or tab).

    Raises ``ConfigProblems`` when it is no such table at all; bad rows are listed and left out.
    """
    reader = csv.DictReader(io.StringIO(_decoded(raw, source), newline=""), dialect=_dialect(raw))
    header = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise ConfigProblems(
            source,
            [Problem("", f"the column {name} is missing") for name in missing],
            cure=f"The first line names the columns: {', '.join(COLUMNS)}.",
        )
    reader.fieldnames = header
    accounts: dict[str, AccountRow] = {}
    people: list[PersonRow] = []
    problems = [Problem(f"{source}:1", f"unknown column {name}") for name in header if name and name not in COLUMNS]
    seen: dict[str, int] = {}
    try:
        for row in reader:
            line = reader.line_num
            cells = {
                name: (value or "").strip()
                for name, value in row.items()
                if isinstance(name, str) and not isinstance(value, list)
            }
            if not any(cells.values()):
                continue
            found, wrong = _row(line, cells)
            problems.extend(Problem(f"{source}:{line}", what) for what in wrong)
            if found is None:
                continue
            if isinstance(found, PersonRow):
                if found.emails[0] in seen:
                    problems.append(
                        Problem(f"{source}:{line}", f"the same first address as in line {seen[found.emails[0]]}")
                    )
                    continue
                seen[found.emails[0]] = line
                people.append(found)
            account = found.account if isinstance(found, PersonRow) else found
            accounts[account.name] = _merged(accounts.get(account.name), account)
    except csv.Error as error:
        problems.append(Problem(f"{source}:{reader.line_num}", f"not readable from here on: {error}"))
    return PeopleFile(tuple(accounts.values()), tuple(people), tuple(problems))


def _decoded(raw: bytes, source: str) -> str:
    if len(raw) > MAX_BYTES:
        raise ConfigProblems(source, [Problem("", "the file is too large for a list of people")])
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise ConfigProblems(
            source,
            [Problem(f"byte {error.start}", "the file is not UTF-8")],
            cure="Save it as 'CSV UTF-8' in the spreadsheet program.",
        ) from error


def _dialect(raw: bytes) -> type[csv.Dialect]:
    first = raw.split(b"\n", 1)[0]

    class Found(csv.excel):
        delimiter = max((",", ";", "\t"), key=lambda mark: first.count(mark.encode()))

    return Found


def _row(line: int, cells: dict[str, str]) -> tuple[PersonRow | AccountRow | None, list[str]]:
    """The row, or None, and everything that is wrong with it."""
    wrong: list[str] = []
    account = AccountRow(
        name=cells["account"],
        domains=_domains(cells["account_domains"], wrong) if "account_domains" in cells else None,
        is_key=_flag("is_key", cells["is_key"], wrong) if cells.get("is_key") else None,
    )
    if not account.name:
        wrong.append("the account is empty")
    if not cells["name"]:
        if cells["emails"]:
            wrong.append("there is an address, but the name is empty")
        return (None if wrong else account), wrong
    person = PersonRow(
        line=line,
        account=account,
        name=cells["name"],
        emails=_emails(cells["emails"], wrong),
        decision_roles=_listed("decision_roles", cells["decision_roles"], DECISION_ROLES, wrong)
        if "decision_roles" in cells
        else None,
        values={name: read(cells[name], wrong) for name, read in _VALUES.items() if name in cells},
    )
    return (None if wrong else person), wrong


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _emails(cell: str, wrong: list[str]) -> tuple[str, ...]:
    parts = _split(cell.replace(",", ";"))
    if not parts:
        wrong.append("emails is empty: a stakeholder is known by the first address")
    found = [normal(part) for part in parts]
    wrong.extend(f"emails: {part!r} is not an address" for part, email in zip(parts, found, strict=True) if not email)
    return tuple(dict.fromkeys(email for email in found if email))


def _domains(cell: str, wrong: list[str]) -> tuple[str, ...]:
    found = []
    for part in _split(cell.replace(",", ";")):
        domain = normal(f"x@{part.lstrip('@')}").removeprefix("x@")
        if not domain or "." not in domain:
            wrong.append(f"account_domains: {part!r} is not a domain")
        else:
            found.append(domain)
    return tuple(dict.fromkeys(found))


def _flag(name: str, cell: str, wrong: list[str]) -> bool:
    if cell.lower() not in _TRUE | _FALSE:
        wrong.append(f"{name}: {cell!r} is neither yes nor no (1/0, yes/no, true/false)")
    return cell.lower() in _TRUE


def _listed(name: str, cell: str, allowed: Sequence[str], wrong: list[str]) -> tuple[str, ...]:
    parts = [part.lower() for part in _split(cell)]
    wrong.extend(f"{name}: {part!r} is not one of {', '.join(allowed)}" for part in parts if part not in allowed)
    return tuple(dict.fromkeys(parts))


def _one_of(name: str, allowed: Sequence[str]) -> Callable[[str, list[str]], str | bool]:
    def read(cell: str, wrong: list[str]) -> str:
        if cell and cell.lower() not in allowed:
            wrong.append(f"{name}: {cell!r} is not one of {', '.join(allowed)}")
        return cell.lower()

    return read


def _reports_to(cell: str, _wrong: list[str]) -> str:
    return normal(cell) or cell


def _plain(cell: str, _wrong: list[str]) -> str:
    return cell


def _yes(name: str) -> Callable[[str, list[str]], str | bool]:
    return lambda cell, wrong: _flag(name, cell, wrong)


#: How each further column is read.
_VALUES: dict[str, Callable[[str, list[str]], str | bool]] = {
    "title": _plain,
    "political_role": _one_of("political_role", POLITICAL_ROLES),
    "contact_person": _yes("contact_person"),
    "language": _one_of("language", LANGUAGES),
    "interests": _plain,
    "reports_to": _reports_to,
    "salutation": _plain,
    "formality": _one_of("formality", FORMALITIES),
    "phone": _plain,
    "opted_out": _yes("opted_out"),
}


def _merged(old: AccountRow | None, new: AccountRow) -> AccountRow:
    """What several rows say of one account: domains add up, and a later word on ``is_key`` wins."""
    if old is None:
        return new
    domains: Iterable[str] | None = None
    if old.domains is not None or new.domains is not None:
        domains = dict.fromkeys((*(old.domains or ()), *(new.domains or ())))
    return AccountRow(
        new.name, None if domains is None else tuple(domains), old.is_key if new.is_key is None else new.is_key
    )
