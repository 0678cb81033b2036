"""What the suites need of a provider: the ``World``, with a mailbox in it and the hands of everybody but syncagent.

Glossary. A **letter** is a mail as its author thinks of it, known by its Message-ID. A **resource** is an iCalendar
text under a name, with all overrides of a series in it. The **picture** is everything that a mailbox holds, to
compare before and after. A world that cannot let something happen (a folder on disk forgets no cursors) skips the
test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from syncagent.clock import Clock, FixedClock, StopSignal
from syncagent.errors import RateLimited
from syncagent.model import Address, DraftMail, Notice, Ref, Stream
from syncagent.ports import DraftBox, Source, Surroundings
from syncagent.vocabulary import Role
from tests.contract.known import MemoryKnown

#: When the suites take place: a Tuesday in Baku, in the week in which Berlin leaves summer time.
NOW = datetime(2026, 10, 27, 6, 0, tzinfo=UTC)
OWNER = Address("leyla@bizim.az", "Leyla Əliyeva")
CLIENT = Address("rauf@neft.example", "Rauf Məmmədov")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail; ``number`` makes its id and, an hour each, its time."""

    number: int
    subject: str = "Müqavilənin imzalanması"
    from_: Address = CLIENT
    to: tuple[Address, ...] = (OWNER,)
    cc: tuple[Address, ...] = ()
    text: str = "Salam, görüşə gözləyirik: ə ı ş ç ğ ö ü."
    document: str = ""  # the name of an attached file

    @property
    def message_id(self) -> str:
        return f"letter-{self.number:04d}@neft.example"

    @property
    def at(self) -> datetime:
        return NOW - timedelta(days=60) + timedelta(hours=self.number)


def letters(count: int, first: int = 1) -> list[Letter]:
    """Letters one after the other."""
    return [Letter(first + number) for number in range(count)]


class World(Protocol):
    """A mailbox at one provider, all other hands that are in it, and what a connector is handed."""

    surroundings: Surroundings
    known: MemoryKnown
    clock: FixedClock
    stop: StopSignal
    page_items: int  # how many changes a page of this world holds at most
    exact: bool  # nothing comes twice unless it is asked for again; providers may repeat what they said

    def source(self) -> Source:
        """A fresh object on the same mailbox, as after a restart."""
        ...

    def draft_box(self) -> DraftBox: ...

    def stream(self, role: Role) -> Stream:
        """The stream of a role: inbox, sent, trash and archive are always there, drafts once needed."""
        ...

    def calendar(self) -> Stream: ...

    def add_folder(self, name: str) -> Stream:
        """A folder at the top, without a role."""
        ...

    def deliver(self, stream: Stream, letter: Letter) -> None: ...

    def deliver_broken(self, stream: Stream) -> None:
        """Something arrives that is no readable message."""
        ...

    def move(self, message_id: str, stream: Stream) -> None: ...

    def delete(self, message_id: str) -> None: ...

    def flag(self, message_id: str) -> None:
        """The owner reads a mail: its flags change."""
        ...

    def put_resource(self, name: str, text: str) -> None:
        """Makes or replaces a resource of the calendar."""
        ...

    def remove_resource(self, name: str) -> None: ...

    def edit_draft(self, ref: Ref, text: str) -> None:
        """The manager writes into a draft with a mail program and saves it."""
        ...

    def send_draft(self, ref: Ref, *, message_id: str = "", keeps_marker: bool = True) -> None:
        """The manager sends a draft: a copy lies in Sent, with another Message-ID if one is given."""
        ...

    def discard_draft(self, ref: Ref) -> None:
        """The manager moves a draft to Trash."""
        ...

    def picture(self) -> Mapping[str, object]:
        """Everything in the mailbox that a person could see, by its place."""
        ...

    def lose_cursors(self, stream: Stream) -> None: ...

    def exhaust(self) -> None:
        """The provider asks to slow down, until ``recover``."""
        ...

    def recover(self) -> None: ...

    def crash_in_place(self) -> None:
        """The next ``place`` stores the draft, but its answer is lost."""
        ...

    def blind(self) -> None:
        """The next ``find`` cannot tell."""
        ...


class Purse:
    """A budget (``ports.Budget``) that is used up as long as ``empty`` is set."""

    def __init__(self) -> None:
        self.empty = False

    def spend(self, *, requests: int = 1, units: int = 0) -> None:
        if self.empty:
            raise RateLimited("The provider asks to slow down.", retry_at=NOW + timedelta(minutes=5))


class NoVault:
    """A token vault for connectors that sign in nowhere (``ports.TokenVault``)."""

    def load(self, name: str) -> bytes | None:
        raise AssertionError("no token is needed here")

    def store(self, name: str, token: bytes) -> None:
        raise AssertionError("no token is needed here")

    def lock(self, name: str) -> object:
        raise AssertionError("no token is needed here")


def make_surroundings(known: MemoryKnown, clock: Clock, stop: StopSignal, budget: Purse) -> Surroundings:
    """What a connector is handed in, with a calendar window from 90 days back to 180 days ahead."""
    return Surroundings(
        mailbox="leyla",
        owner=(OWNER,),
        zone="Asia/Baku",
        exclude=frozenset(),
        calendar_days_back=90,
        calendar_days_ahead=180,
        clock=clock,
        known=known,
        vault=NoVault(),  # type: ignore[arg-type]  # its lock is never entered
        budget=budget,
        stop=stop,
    )


def sample_draft(marker: str = "5f2c9e", **changes: object) -> DraftMail:
    """A follow-up in Azerbaijani."""
    draft = DraftMail(
        marker=marker,
        message_id=f"{marker}.draft@bizim.az",
        from_=OWNER,
        to=(CLIENT,),
        cc=(Address("aysel@neft.example", "Aysel Quliyeva"),),
        subject="Görüşümüz üçün təşəkkür",
        text="Hörmətli Rauf müəllim,\n\ngörüş üçün təşəkkür edirəm: ə ı ş ç ğ ö ü.\n",
        html="<p>Hörmətli Rauf müəllim,</p><p>görüş üçün təşəkkür edirəm: ə ı ş ç ğ ö ü.</p>",
        at=NOW,
        language="az",
        in_reply_to="letter-0001@neft.example",
        references=("letter-0001@neft.example",),
    )
    return replace(draft, **changes)  # type: ignore[arg-type]  # the names are checked by replace


def sample_notice() -> Notice:
    """A weekly report."""
    return Notice(
        message_id="report-2026-44@bizim.az",
        from_=OWNER,
        to=OWNER,
        subject="Həftəlik hesabat",
        text="Bu həftə 3 təmas.",
        html="<p>Bu həftə 3 təmas.</p>",
        at=NOW,
    )
