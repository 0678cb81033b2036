"""The ``World`` of a mailbox in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from connectors.memory.drafts import MemoryDraftBox
from connectors.memory.mailbox import MemoryMailbox
from connectors.memory.source import MemorySource
from connectors.memory.trouble import Call
from syncagent.clock import FixedClock, StopSignal
from syncagent.errors import BadItem
from syncagent.formats.ical import read_events
from syncagent.model import Content, Document, Event, Mail, Ref, Span, Stream
from syncagent.vocabulary import Role
from tests.contract.known import MemoryKnown
from tests.contract.world import NOW, OWNER, Letter, Purse, make_surroundings

PAGE_ITEMS = 5


class MemoryWorld:
    """A mailbox in memory; resources are expanded by the world, as a server does it."""

    def __init__(self, *, searches: bool, moves_keep_ids: bool = False) -> None:
        self.known = MemoryKnown()
        self.clock = FixedClock(NOW)
        self.stop = StopSignal()
        self.budget = Purse()
        self.surroundings = make_surroundings(self.known, self.clock, self.stop, self.budget)
        self.page_items = PAGE_ITEMS
        self.exact = True
        self.mailbox = MemoryMailbox(searches=searches, page_items=PAGE_ITEMS, moves_keep_ids=moves_keep_ids)
        for name, role in (
            ("Inbox", Role.INBOX),
            ("Sent Items", Role.SENT),
            ("Drafts", Role.DRAFTS),
            ("Deleted Items", Role.TRASH),
            ("Archive", Role.ARCHIVE),
            ("Calendar", Role.CALENDAR),
        ):
            self.mailbox.add_stream(name, role)
        self._resources: dict[str, str] = {}

    def source(self) -> MemorySource:
        for name in self._resources:
            self._expand(name)
        return MemorySource(self.mailbox, self.surroundings)

    def draft_box(self) -> MemoryDraftBox:
        return MemoryDraftBox(self.mailbox, self.surroundings)

    def stream(self, role: Role) -> Stream:
        return self.mailbox.of_role(role).stream

    def calendar(self) -> Stream:
        return self.stream(Role.CALENDAR)

    def add_folder(self, name: str) -> Stream:
        return self.mailbox.add_stream(name, Role.OTHER)

    def deliver(self, stream: Stream, letter: Letter) -> None:
        documents = (Document(letter.document, "application/pdf", 3),) if letter.document else ()
        self.mailbox.put(stream.id, _mail(letter), Content(letter.text, documents))

    def deliver_broken(self, stream: Stream) -> None:
        self.mailbox.spoil(self.mailbox.put(stream.id, Mail()))

    def move(self, message_id: str, stream: Stream) -> None:
        self.mailbox.move(self._ref(message_id), stream.id)

    def delete(self, message_id: str) -> None:
        self.mailbox.delete(self._ref(message_id))

    def flag(self, message_id: str) -> None:
        self.mailbox.touch(self._ref(message_id), ["is_draft"])

    def put_resource(self, name: str, text: str) -> None:
        self._resources[name] = text
        self._expand(name)

    def remove_resource(self, name: str) -> None:
        self._resources[name] = ""
        self._expand(name)

    def edit_draft(self, ref: Ref, text: str) -> None:
        self.mailbox.edit(ref, content=Content(text))

    def send_draft(self, ref: Ref, *, message_id: str = "", keeps_marker: bool = True) -> None:
        self.mailbox.send_draft(ref, message_id=message_id or None, keeps_marker=keeps_marker)

    def discard_draft(self, ref: Ref) -> None:
        self.mailbox.discard_draft(ref)

    def picture(self) -> Mapping[str, object]:
        return {f"{held.ref.stream}/{held.ref.id}": replace(held) for held in self.mailbox.all_held()}

    def lose_cursors(self, stream: Stream) -> None:
        self.mailbox.lose_cursors(stream.id)

    def exhaust(self) -> None:
        self.budget.empty = True

    def recover(self) -> None:
        self.budget.empty = False

    def crash_in_place(self) -> None:
        self.mailbox.trouble.fail_late(Call.PLACE, ConnectionError("the answer was lost"))

    def blind(self) -> None:
        self.mailbox.trouble.blind_finds = 1

    def _ref(self, message_id: str) -> Ref:
        [ref] = [held.ref for held in self.mailbox.all_held() if held.item == _named(held.item, message_id)]
        return ref

    def _expand(self, name: str) -> None:
        """Brings what lies in the calendar in line with a resource; what was there before keeps its ref."""
        calendar = self.calendar().id
        window = Span(self.clock.now() - timedelta(days=90), self.clock.now() + timedelta(days=180))
        text = self._resources[name]
        tag = f"resource {name}"
        there = {
            (held.item.uid, held.item.recurrence_id): held
            for held in self.mailbox.all_held()
            if isinstance(held.item, Event) and tag in held.content.parts
        }
        wanted: dict[tuple[str, str], Event] = {}
        try:
            events = read_events(text.encode(), window=window, zone="Asia/Baku", owner=frozenset({OWNER.email})).events
            wanted = {(event.uid, event.recurrence_id): event for event in events}
        except BadItem as error:
            if text:
                broken = Event(f"broken {name}", NOW, NOW)
                self.mailbox.spoil(self.mailbox.put(calendar, broken), error.message)
        for key, event in wanted.items():
            if key not in there:
                self.mailbox.put(calendar, event, Content(event.description, parts=(tag,)))
            elif there[key].item != event:
                self.mailbox.edit(there[key].ref, event)
        for key, held in there.items():
            if key not in wanted and (not text or held.item.start_at >= window.since):  # type: ignore[union-attr, operator]  # an event, a bounded window
                self.mailbox.delete(held.ref)


def _mail(letter: Letter) -> Mail:
    return Mail(
        message_id=letter.message_id,
        from_=(letter.from_,),
        to=letter.to,
        cc=letter.cc,
        subject=letter.subject,
        sent_at=letter.at,
        received_at=letter.at,
    )


def _named(item: object, message_id: str) -> object:
    return item if isinstance(item, Mail) and item.message_id == message_id else None
