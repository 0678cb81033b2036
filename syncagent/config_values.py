"""Answers for the checks of single values in config.toml: each returns the value in normal form or says what is wrong.

Touches nothing: no file is opened and no path has to exist. Messages show a value only where it cannot hold a secret.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from syncagent.formats.addresses import normal
from syncagent.vocabulary import StoreLevel

Language = Literal["az", "en", "ru", "tr"]

EMPTY: Any = ""  # a default that stands for a value found elsewhere; validation puts that value in its place

_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SQLITE = "sqlite:///"
_NAME = re.compile(r"[^\W_][\w.\-]{0,39}")
_REPORT_AT = re.compile(rf"({_WEEKDAYS}) ([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Beside:
    """What validation knows beside the value: the folder of config.toml, and what ``[agent]`` says for everybody."""

    folder: Path = Path()
    language: Language = "az"
    time_zone: str = "Asia/Baku"
    store: StoreLevel = StoreLevel.EXCERPT
    database_file: Path | None = None


def _beside(info: ValidationInfo) -> Beside:
    return info.context if isinstance(info.context, Beside) else Beside()


def database_file(url: str) -> Path | None:
    """The file of a SQLite database; None when the database is a server."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def _absolute(path: str | Path, info: ValidationInfo) -> Path:
    """``path`` counted from the folder of config.toml; ``~`` is the home folder."""
    try:
        path = Path(path).expanduser()
    except RuntimeError:
        raise ValueError("begins with ~, but the home folder is not known here") from None
    return _beside(info).folder / path


def _from_here(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str | Path):
        return value
    if not str(value).strip():
        raise ValueError("must name a file or folder")
    return _absolute(value, info)


def _database(value: str, info: ValidationInfo) -> str:
    """A URL that SQLAlchemy takes. No message shows the value: it may hold a password."""
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in ("sqlite", "postgresql", "postgresql+psycopg"):
        raise ValueError("must begin with sqlite:/// (a file) or postgresql:// (a server)")
    if scheme == "sqlite":
        file = rest[1:]
        if not rest.startswith("/") or not file or file == ":memory:" or "?" in file:
            raise ValueError("must name a file, like sqlite:///syncagent.db, with no options after it")
        return f"{_SQLITE}{_absolute(file, info).as_posix()}"
    try:
        urlsplit(value).port  # noqa: B018 - reading it is what checks it
    except ValueError:
        # Without "from": urlsplit quotes what it could not read.
        raise ValueError("must look like postgresql://user@host:5432/name") from None
    return f"postgresql+psycopg://{rest}"


def _key_file(value: object, info: ValidationInfo) -> object:
    """Empty means beside the database file, or beside config.toml when the database is a server."""
    if value != "":
        return _from_here(value, info)
    file = _beside(info).database_file
    return file.with_name("syncagent.key") if file else _absolute("syncagent.key", info)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Asia" is a folder of the time zone data
        raise ValueError(f"is not a time zone: “{value}”. Write it as Area/City, like Asia/Baku") from None
    return value


def _domain(value: str) -> str:
    domain: str = normal(f"x@{value.strip()}").removeprefix("x@")
    if "." not in domain:
        raise ValueError(f"is not a domain: “{value}”. Write what stands after the @, like bizim.az")
    return domain


def _address(value: str) -> str:
    address: str = normal(value)
    if not address:
        raise ValueError(f"is not an e-mail address: “{value}”")
    return address


def _at_least_one(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise ValueError("needs at least one e-mail address")
    return tuple(dict.fromkeys(values))


def _name(value: str) -> str:
    value = unicodedata.normalize("NFC", value)
    if not _NAME.fullmatch(value):
        raise ValueError("must be a simple name: letters, digits, and - _ . after the first letter, at most 40")
    return value


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _report_at(value: str) -> str:
    value = " ".join(value.lower().split())
    if not _REPORT_AT.fullmatch(value):
        raise ValueError("must be a day of the week and a time, like monday 08:00")
    return value


def _day(value: object) -> object:
    """A date as TOML has it or as text; empty means no date."""
    if value == "":
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"is not a date: “{value}”. Write it like 2026-01-31") from None
    if value is not None and (isinstance(value, datetime) or not isinstance(value, date)):
        raise ValueError("must be a date, like 2026-01-31")
    return value


def _from_agent(key: str) -> Callable[[object, ValidationInfo], object]:
    """A value that is left empty is the one of the same key in ``[agent]``."""

    def inherited(value: object, info: ValidationInfo) -> object:
        return getattr(_beside(info), key) if value == "" else value

    return inherited


Whole = Annotated[int, Field(strict=True)]  # neither "5" nor true is a number
Said = Annotated[str, AfterValidator(_said)]
Name = Annotated[str, AfterValidator(_name)]
Domain = Annotated[str, AfterValidator(_domain)]
Addresses = Annotated[tuple[Annotated[str, AfterValidator(_address)], ...], AfterValidator(_at_least_one)]
Day = Annotated[date | None, BeforeValidator(_day)]
ReportAt = Annotated[str, AfterValidator(_report_at)]
Zone = Annotated[str, AfterValidator(_zone)]
Here = Annotated[Path, BeforeValidator(_from_here)]
KeyFile = Annotated[Path, BeforeValidator(_key_file)]
Database = Annotated[str, AfterValidator(_database)]

# What a mailbox takes over from [agent] when it is left empty.
OwnLanguage = Annotated[Language, BeforeValidator(_from_agent("language"))]
OwnZone = Annotated[Zone, BeforeValidator(_from_agent("time_zone"))]
OwnStore = Annotated[StoreLevel, BeforeValidator(_from_agent("store"))]
