"""Answers for what may stand in config.toml: every key with its type, default and sentence; touches nothing.

The models are the one source: config.example.toml and docs/configuration.md are checked against them by a test. A key
appears here with the feature that reads it, never before.

Validation happens within ``config_values.Beside``: relative paths become absolute there, and a mailbox takes over from
``[agent]`` what it leaves empty, so that nobody downstream asks where a value came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StrictBool,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from syncagent import config_values as value
from syncagent.config_values import EMPTY, Said, Whole
from syncagent.vocabulary import StoreLevel


class Keys(BaseModel):
    """The base of every table: frozen, no unknown keys, and defaults pass the same checks as values."""

    # Pydantic's own messages would quote the value, and a value may be a secret in the wrong place.
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)


class Agent(Keys):
    """What holds for the whole installation."""

    database: value.Database = Field(
        default="sqlite:///syncagent.db",
        repr=False,
        description="Where contacts are written: sqlite:///FILE, or postgresql://user@host/name for a team. "
        "Leave a password out of it: PostgreSQL's own ~/.pgpass or PGPASSWORD is used.",
    )
    language: value.Language = Field(
        default="az", description="The language of reports and of drafts when nobody's own is known."
    )
    time_zone: value.Zone = Field(
        default="Asia/Baku", description="The time zone of dates in reports and of times without a zone."
    )
    store: StoreLevel = Field(
        default=StoreLevel.EXCERPT,
        description="How much of a contact's text is kept: metadata (none), excerpt (200 characters) or body (all).",
    )

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database; None when the database is a server."""
        return value.database_file(self.database)


class Organisation(Keys):
    """Who is one of us."""

    domains: tuple[value.Domain, ...] = Field(
        default=(),
        description="Our own e-mail domains: mail and meetings among them alone are internal and never logged.",
    )


class Schedule(Keys):
    """When `syncagent run` does its work."""

    sync_every_minutes: Whole = Field(
        default=5, ge=1, le=1440, description="Minutes between two passes over the mailboxes."
    )
    report_at: value.ReportAt = Field(
        default="monday 08:00", description="Day and time of the weekly report, in each manager's own time zone."
    )

    @property
    def report_day(self) -> str:
        """An English weekday in lower case, as the schedule library names its methods."""
        return self.report_at.split()[0]

    @property
    def report_time(self) -> str:
        """``HH:MM``, 24 hours."""
        return self.report_at.split()[1]


class FollowUp(Keys):
    """The letter after a meeting."""

    within_hours: Whole = Field(
        default=48, ge=1, le=720, description="Hours after its end in which a meeting is followed up."
    )
    give_up_after_days: Whole = Field(
        default=14, ge=1, le=365, description="A meeting that ended more days ago than this gets no follow-up any more."
    )


class Rules(Keys):
    """What decides on drafts."""

    folder: value.Here = Field(
        default=Path("rules"),
        description="A folder of rules and templates of your own; a file named like one of ours replaces it.",
    )


class Report(Keys):
    """The weekly report."""

    silent_after_days: Whole = Field(
        default=30, ge=1, le=3650, description="Days without a contact after which a stakeholder is shown as silent."
    )


class Secrets(Keys):
    """Where the installation's key lies; it protects tokens and keeps marks of unlogged mail unreadable."""

    store: Literal["file", "keyring"] = Field(
        default="file",
        description="Where the key is kept: file (works everywhere) or keyring (the desktop's own safe).",
    )
    key_file: value.KeyFile = Field(
        default=EMPTY,
        description="The key's file; left empty, syncagent.key beside the database file or else this file.",
    )


class Mailbox(Keys):
    """The keys that every kind of mailbox has."""

    name: value.Name = Field(description="A short name for commands and reports: letters, digits, - _ and a full stop.")
    manager: Said = Field(description="The manager whose mailbox this is, as people read the name.")
    addresses: value.Addresses = Field(
        description="All addresses of this mailbox; drafts and reports carry the first one."
    )
    language: value.OwnLanguage = Field(
        default=EMPTY, description="The manager's language for reports; left empty, that of [agent]."
    )
    time_zone: value.OwnZone = Field(default=EMPTY, description="The manager's time zone; left empty, that of [agent].")
    exclude: tuple[Said, ...] = Field(default=(), description="Folders, labels or categories that are never read.")
    store: value.OwnStore = Field(
        default=EMPTY, description="How much text of this mailbox is kept; left empty, as in [agent]."
    )
    history_since: value.Day = Field(
        default=EMPTY, description="Older mail than this date is not logged; left empty, all there is."
    )
    calendar_days_back: Whole = Field(
        default=90, ge=0, le=3650, description="Days of the calendar before today that are read."
    )
    calendar_days_ahead: Whole = Field(
        default=180, ge=1, le=1095, description="Days of the calendar after today that are read."
    )
    deliver_report: StrictBool = Field(
        default=True, description="Whether the weekly report is put into this mailbox's inbox."
    )
    signature: str = Field(
        default="", description="The text at the end of every draft; left empty, the manager's name."
    )
    kind: str = Field(description="Where the mailbox lies: files (a folder on this computer).")


class FilesMailbox(Mailbox):
    """A mailbox in a folder on disk."""

    kind: Literal["files"] = Field(description="Where the mailbox lies: files (a folder on this computer).")
    path: value.Here = Field(
        description="The folder: a Maildir++ tree, or folders with mbox or .eml files; calendar/*.ics inside it."
    )


AnyMailbox = FilesMailbox  # a union from the second kind on

#: Every kind that ``[[mailbox]]`` may have; a provider adds its own line.
KINDS: Mapping[str, type[AnyMailbox]] = {"files": FilesMailbox}


def _of_its_kind(table: object, info: ValidationInfo) -> object:
    """Reads the table by the keys of its kind, so that only the one mistake is reported when the kind is wrong."""
    if not isinstance(table, Mapping):
        return table
    kind = table.get("kind", "files")  # a missing kind is reported as such by the model of any kind
    if not isinstance(kind, str) or kind not in KINDS:
        mistake = PydanticCustomError("kind", "must be one of these kinds: {kinds}", {"kinds": ", ".join(KINDS)})
        raise ValidationError.from_exception_data("mailbox", [{"type": mistake, "loc": ("kind",), "input": None}])
    return KINDS[kind].model_validate(table, context=info.context)


class Config(Keys):
    """A whole config.toml, checked and with every path absolute."""

    agent: Agent = Field(default_factory=Agent)
    organisation: Organisation = Field(default_factory=Organisation)
    schedule: Schedule = Field(default_factory=Schedule)
    follow_up: FollowUp = Field(default_factory=FollowUp)
    rules: Rules = Field(default_factory=Rules)
    report: Report = Field(default_factory=Report)
    secrets: Secrets = Field(default_factory=Secrets)
    mailboxes: tuple[Annotated[AnyMailbox, BeforeValidator(_of_its_kind)], ...] = Field(default=(), alias="mailbox")

    _file: Path = PrivateAttr(default=Path("config.toml"))

    @property
    def file(self) -> Path:
        """The file that was read, absolute."""
        return self._file

    @property
    def folder(self) -> Path:
        """The folder that relative paths count from."""
        return self._file.parent

    def mailbox(self, name: str) -> AnyMailbox | None:
        """The mailbox with this name; None when there is none."""
        return next((mailbox for mailbox in self.mailboxes if mailbox.name == name), None)
