"""Answers for building the objects of the house from the configuration; knows everything, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import entry_points
from typing import Protocol, cast

from syncagent.clock import Clocks, FixedClock, SystemClock
from syncagent.config_keys import AnyMailbox, Config
from syncagent.crm import mailboxes, schema
from syncagent.crm.database import Database
from syncagent.crm.mailboxes import MailboxRow, MailboxSettings
from syncagent.crm.marks import StoredKnowledge
from syncagent.drafting.due import Bench
from syncagent.drafting.outbox import Outbox
from syncagent.errors import ConfigProblems, NotFound, Problem
from syncagent.model import Address
from syncagent.ports import DraftBox, Observer, Source, Stop, Surroundings
from syncagent.rulebook.load import find_rules_folder, load
from syncagent.rulebook.rule import Rulebook
from syncagent.rulebook.settings import RuleSettings
from syncagent.secrets import SessionVault, installation_key
from syncagent.sync.judging import Policy
from syncagent.sync.page import Desk
from syncagent.sync.people import People
from syncagent.vocabulary import StoreLevel


class Connector(Protocol):
    """What the module behind an entry point of the group ``syncagent.connectors`` offers."""

    def open_source(self, settings: Mapping[str, object], surroundings: Surroundings) -> Source: ...

    def open_draft_box(self, settings: Mapping[str, object], surroundings: Surroundings) -> DraftBox: ...


def connector(kind: str) -> Connector:
    """The connector of a kind of mailbox, imported now. Raises ``ConfigProblems`` when it is not installed."""
    found = entry_points(group="syncagent.connectors", name=kind)
    if not found:
        raise ConfigProblems(
            "mailbox.kind",
            [Problem(kind, "there is no connector of this name")],
            cure="Install syncagent with the extra for this provider.",
        )
    return cast(Connector, next(iter(found)).load())


class NoBudget:
    """The budget of a mailbox without limits: a folder on disk."""

    def spend(self, *, requests: int = 1, units: int = 0) -> None: ...


class Nobody:
    """An observer that looks away."""

    def saw(self, glimpse: object) -> None: ...


@dataclass(frozen=True, slots=True)
class OpenMailbox:
    """A mailbox ready to be read and written to."""

    desk: Desk
    outbox: Outbox
    network: bool

    def close(self) -> None:
        """Gives back what the connector holds."""
        self.desk.source.close()
        self.outbox.box.close()


@dataclass(frozen=True, slots=True)
class House:
    """The objects that all commands share."""

    config: Config
    database: Database
    clocks: Clocks
    secret: bytes
    rulebook: Rulebook
    people: People
    mailboxes: tuple[MailboxRow, ...]

    @property
    def moved(self) -> bool:
        """Whether the domain's clock was moved by ``--now``."""
        return isinstance(self.clocks.domain, FixedClock)

    def bench(self) -> Bench:
        """What deciding needs."""
        settings = RuleSettings(
            within_hours=self.config.follow_up.within_hours,
            give_up_after_days=self.config.follow_up.give_up_after_days,
            default_language=self.config.agent.language,
        )
        return Bench(self.database, self.rulebook, settings, self.clocks, self.secret)

    def chosen(self, names: Sequence[str]) -> list[MailboxRow]:
        """The mailboxes of these names, all when there are none; paused ones only when named. Raises ``NotFound``."""
        known = {row.settings.name: row for row in self.mailboxes}
        for name in names:
            if name not in known:
                raise NotFound(f"No mailbox is called {name}.", cure=f"The configuration names: {', '.join(known)}.")
        return [known[name] for name in names] if names else [row for row in self.mailboxes if not row.paused]

    def close(self) -> None:
        """Gives the database back."""
        self.database.close()

    def open_mailbox(self, row: MailboxRow, stop: Stop, observer: Observer) -> OpenMailbox:
        """Opens a mailbox through its connector."""
        settings = self.config.mailbox(row.settings.name)
        assert settings is not None
        surroundings = self._surroundings(row, settings, stop)
        values = settings.model_dump(mode="json")
        module = connector(row.settings.kind)
        source, box = module.open_source(values, surroundings), module.open_draft_box(values, surroundings)
        policy = Policy(
            owner=frozenset(row.settings.addresses),
            exclude=surroundings.exclude,
            store=StoreLevel(row.settings.store),
            history_since=row.settings.history_since,
        )
        desk = Desk(
            self.database, source, row, policy, self.people, self.clocks, self.secret, _wakes(self.rulebook), observer
        )
        return OpenMailbox(desk, Outbox(self.bench(), row, box, source, observer), source.traits().network)

    def _surroundings(self, row: MailboxRow, settings: AnyMailbox, stop: Stop) -> Surroundings:
        return Surroundings(
            mailbox=row.settings.name,
            owner=tuple(Address(email, row.settings.manager) for email in row.settings.addresses),
            zone=row.settings.zone,
            exclude=frozenset(name.casefold() for name in settings.exclude),
            calendar_days_back=settings.calendar_days_back,
            calendar_days_ahead=settings.calendar_days_ahead,
            clock=self.clocks.domain,
            known=StoredKnowledge(self.database, row.id, self.secret),
            vault=SessionVault(),
            budget=NoBudget(),
            stop=stop,
        )


def _wakes(rulebook: Rulebook) -> tuple[tuple[str, timedelta], ...]:
    """The rules that look at meetings, and how long after their end."""
    return tuple((rule.name, rule.wait) for rule in rulebook.rules.values())


def open_house(
    config: Config, *, now: datetime | None = None, database: Database | None = None, secret: bytes | None = None
) -> House:
    """Builds the house: opens the database (created or upgraded as needed), adopts the mailboxes, loads the rules.

    ``now`` stops the domain's clock there. ``database`` and ``secret`` take the place of the configured ones
    (rehearsals). Raises ``ConfigProblems`` and ``StoreError``.
    """
    rulebook = load([find_rules_folder(), *([config.rules.folder] if config.rules.folder.is_dir() else [])])
    clocks = Clocks(FixedClock(now) if now else SystemClock(), SystemClock())
    opened = database or Database(config.agent.database)
    schema.ensure(opened)
    settings = [_settings(mailbox) for mailbox in config.mailboxes]
    rows = opened.retrying(lambda connection: mailboxes.adopt(connection, settings, now=clocks.system.now()))
    people = People(opened, frozenset(config.organisation.domains))
    return House(config, opened, clocks, secret or installation_key(config.secrets), rulebook, people, tuple(rows))


def _settings(mailbox: AnyMailbox) -> MailboxSettings:
    return MailboxSettings(
        name=mailbox.name,
        kind=mailbox.kind,
        manager=mailbox.manager,
        addresses=tuple(mailbox.addresses),
        language=mailbox.language,
        zone=mailbox.time_zone,
        store=StoreLevel(mailbox.store).value,
        signature=mailbox.signature,
        history_since=mailbox.history_since or None,
        deliver_report=mailbox.deliver_report,
    )
