"""A small laboratory: mailboxes in memory, the real core and a real database, with clocks that stand still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from connectors.memory.drafts import MemoryDraftBox
from connectors.memory.mailbox import MemoryMailbox
from connectors.memory.source import MemorySource
from syncagent.clock import Clocks, FixedClock, StopSignal
from syncagent.crm import drafts, ledger, mailboxes, people, schema, search_jobs
from syncagent.crm.database import Database
from syncagent.crm.mailboxes import MailboxRow, MailboxSettings
from syncagent.crm.marks import StoredKnowledge
from syncagent.crm.tables.drafting import Draft, WakeUp
from syncagent.crm.tables.interactions import Contact, Interaction, Sighting
from syncagent.crm.tables.mailboxes import Stream as StreamRow
from syncagent.crm.tables.people import Stakeholder
from syncagent.drafting.due import Bench, decide_due
from syncagent.drafting.outbox import Outbox, place_all, settle_vanished
from syncagent.formats.people_csv import read_people
from syncagent.model import Address, Attendee, Content, Event, Mail
from syncagent.ports import Glimpse, Observer, Surroundings
from syncagent.rulebook.load import find_rules_folder, load
from syncagent.rulebook.settings import RuleSettings
from syncagent.secrets import SessionVault
from syncagent.sync.judging import Policy
from syncagent.sync.mailbox import MailboxResult
from syncagent.sync.page import Desk
from syncagent.sync.passes import sync_all
from syncagent.sync.people import People
from syncagent.vocabulary import Response, Role, StoreLevel

#: Noon of a Wednesday, in the zone of the managers 16:00.
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECRET = b"k" * 32

PEOPLE = """account,account_domains,is_key,name,emails,language,contact_person
Xəzər Enerji,xezer.az,yes,Günel Əliyeva,gunel@xezer.az,az,yes
Xəzər Enerji,xezer.az,yes,Rəşad Məmmədov,rashad@xezer.az;rashad@gmail.com,az,no
Baku Steel,bakusteel.com,yes,James Carter,james@bakusteel.com,en,no
"""


class Free:
    """A budget without end."""

    def spend(self, *, requests: int = 1, units: int = 0) -> None: ...


class Quiet:
    """An observer who keeps what it saw."""

    def __init__(self) -> None:
        self.glimpses: list[Glimpse] = []

    def saw(self, glimpse: Glimpse) -> None:
        self.glimpses.append(glimpse)


@dataclass(frozen=True, slots=True)
class Manager:
    """One of us with a mailbox in memory."""

    row: MailboxRow
    box: MemoryMailbox
    source: MemorySource
    drafts: MemoryDraftBox
    policy: Policy

    def stream(self, role: Role) -> str:
        return self.box.of_role(role).stream.id

    def receives(self, mail: Mail, text: str = "Salam, görüşü təsdiq edirəm.", *, role: Role = Role.INBOX) -> Any:
        return self.box.put(self.stream(role), mail, Content(text=text, parts=("text/plain",)))

    def plans(self, event: Event) -> Any:
        return self.box.put(self.stream(Role.CALENDAR), event)


class Lab:
    """The core over a database and any number of mailboxes."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        schema.ensure(self.database)
        self.domain, self.system = FixedClock(NOW), FixedClock(NOW)
        self.clocks = Clocks(self.domain, self.system)
        self.people = People(self.database, frozenset({"bizim.az"}))
        self.rulebook = load([find_rules_folder()])
        self.settings = RuleSettings()
        self.stop = StopSignal()
        self.observer: Observer = Quiet()
        self.managers: list[Manager] = []

    def close(self) -> None:
        self.database.close()

    def passes(self, step: timedelta) -> None:
        """Time goes by, for everybody."""
        self.domain.advance(step)
        self.system.advance(step)

    def go_on(self) -> None:
        """Takes a stop back: the next start of the program."""
        self.stop._event.clear()

    def manager(self, name: str = "leyla", *, store: StoreLevel = StoreLevel.EXCERPT, **box: Any) -> Manager:
        """Hires a manager; their mailbox has an inbox, Sent, Drafts, Trash and a calendar."""
        mailbox = MemoryMailbox(**{"searches": False, **box})
        for role in (Role.INBOX, Role.SENT, Role.DRAFTS, Role.TRASH, Role.CALENDAR):
            mailbox.of_role(role)
        email = f"{name}@bizim.az"
        settings = MailboxSettings(
            name, "memory", name.title(), (email,), "az", "Asia/Baku", store.value, "", None, deliver_report=True
        )
        known = [manager.row.settings for manager in self.managers]
        rows = self.database.retrying(
            lambda connection: mailboxes.adopt(connection, [*known, settings], now=self.system.now())
        )
        surroundings = Surroundings(
            mailbox=name,
            owner=(Address(email, name.title()),),
            zone="Asia/Baku",
            exclude=frozenset({"private"}),
            calendar_days_back=90,
            calendar_days_ahead=180,
            clock=self.domain,
            known=StoredKnowledge(self.database, rows[-1].id, SECRET),
            vault=SessionVault(),
            budget=Free(),
            stop=self.stop,
        )
        policy = Policy(frozenset({email}), surroundings.exclude, store, None)
        hired = Manager(
            rows[-1], mailbox, MemorySource(mailbox, surroundings), MemoryDraftBox(mailbox, surroundings), policy
        )
        self.managers.append(hired)
        return hired

    def import_people(self, text: str = PEOPLE) -> people.ImportResult:
        """As ``people import`` does it, searches included."""

        def work(connection: Any) -> people.ImportResult:
            result = people.import_people(connection, read_people(text.encode(), "people.csv"), now=self.system.now())
            emails = [
                email for row in people.listed(connection) if row["id"] in result.searched for email in row["emails"]
            ]
            search_jobs.order(connection, emails=emails, domains=result.new_domains, since=None, now=self.system.now())
            return result

        return self.database.retrying(work)

    def desk(self, manager: Manager) -> Desk:
        wake = tuple((rule.name, rule.wait) for rule in self.rulebook.rules.values())
        return Desk(
            self.database,
            manager.source,
            manager.row,
            manager.policy,
            self.people,
            self.clocks,
            SECRET,
            wake,
            self.observer,
        )

    def sync(self) -> list[MailboxResult]:
        """Reads all mailboxes."""
        return sync_all([self.desk(manager) for manager in self.managers], self.stop)

    def whole_pass(self) -> list[MailboxResult]:
        """Reads, decides, places, settles: what ``syncagent sync`` does."""
        results = self.sync()
        bench = Bench(self.database, self.rulebook, self.settings, self.clocks, SECRET)
        outboxes = [
            Outbox(bench, manager.row, manager.drafts, manager.source, self.observer) for manager in self.managers
        ]
        for outbox in outboxes:
            settle_vanished(outbox)
        decide_due(bench)
        for outbox in outboxes:
            place_all(outbox)
        return results

    def interactions(self) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(select(Interaction.__table__).order_by(Interaction.at, Interaction.id)))

    def contacts(self) -> list[tuple[str, str, str | None]]:
        """Subject, address and person of every contact."""
        with self.database.read() as connection:
            return [
                tuple(row)
                for row in connection.execute(
                    select(Interaction.subject, Contact.email, Stakeholder.name)
                    .join(Contact, Contact.interaction_id == Interaction.id)
                    .outerjoin(Stakeholder, Stakeholder.id == Contact.stakeholder_id)
                    .order_by(Interaction.subject, Contact.email)
                )
            ]

    def count(self, table: Any) -> int:
        with self.database.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    def sightings(self) -> int:
        return self.count(Sighting)

    def drafts(self) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return drafts.listed(connection)

    def draft_row(self) -> Any:
        with self.database.read() as connection:
            return connection.execute(select(Draft.__table__)).one()

    def decision(self) -> Any:
        """What the only wake-up says."""
        with self.database.read() as connection:
            return connection.execute(select(WakeUp.__table__)).one()

    def stream_row(self, manager: Manager, role: Role) -> Any:
        with self.database.read() as connection:
            return connection.execute(
                select(StreamRow.__table__).where(StreamRow.mailbox_id == manager.row.id, StreamRow.role == role.value)
            ).one()

    def ledger(self) -> dict[str, int]:
        """Sums over all streams, with skips by reason; checks that each stream adds up."""
        with self.database.read() as connection:
            rows = ledger.status(connection, now=self.system.now(), late_after=timedelta(hours=1))
        total: dict[str, int] = {}
        for row in rows:
            parts = ("logged", "updated", "removed", "ignored", "failed")
            assert row["seen"] == sum(row[name] for name in parts) + sum(row["skipped"].values()), row
            for name in ("seen", *parts):
                total[name] = total.get(name, 0) + row[name]
            for reason, number in row["skipped"].items():
                total[reason] = total.get(reason, 0) + number
        return {name: number for name, number in total.items() if number}


def mail_from(email: str, subject: str = "Təklif", **more: Any) -> Mail:
    """A mail that a person outside wrote to Leyla an hour ago."""
    values: dict[str, Any] = {
        "message_id": f"{abs(hash((email, subject)))}@test",
        "from_": (Address(email, email.partition("@")[0].title()),),
        "to": (Address("leyla@bizim.az", "Leyla"),),
        "subject": subject,
        "sent_at": NOW - timedelta(hours=1),
    }
    return Mail(**(values | more))


def mail_to(email: str, subject: str = "Cavab", *, by: str = "leyla", **more: Any) -> Mail:
    """A mail that one of us wrote."""
    return mail_from(f"{by}@bizim.az", subject, to=(Address(email),), **more)


def meeting(
    *guests: str,
    hours_ago: float = 3,
    uid: str = "UID-1",
    subject: str = "Layihənin müzakirəsi",
    organizer: str = "leyla@bizim.az",
    **more: Any,
) -> Event:
    """A meeting of an hour that began so many hours ago; negative: it is still to come."""
    start = NOW - timedelta(hours=hours_ago)
    invited: Sequence[Attendee] = [Attendee(Address(guest), Response.ACCEPTED) for guest in guests]
    values: dict[str, Any] = {
        "uid": uid,
        "start_at": start,
        "end_at": start + timedelta(hours=1),
        "organizer": Address(organizer),
        "attendees": tuple(invited),
        "subject": subject,
        "description": "Gündəm:\n1. Qiymət təklifi\n2. Çatdırılma müddəti\n",
        "zone": "Asia/Baku",
    }
    return Event(**(values | more))


def moved(event: Event, hours: float) -> Event:
    """The same meeting, so many hours later, as its organiser moves it."""
    step = timedelta(hours=hours)
    return replace(event, start_at=event.start_at + step, end_at=event.end_at + step, sequence=event.sequence + 1)
