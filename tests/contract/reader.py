"""Reads a mailbox the way the core does: page by page, marks and cursor kept together, nothing else remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeGuard

from syncagent.model import Event, Gone, Item, Mail, Page, Ref, Stream, Unreadable, Upsert
from syncagent.ports import Source
from tests.contract.known import MemoryKnown


def everything(item: Item) -> bool:
    """Everybody is a stakeholder."""
    return True


class Reader:
    """What a core would know after the pages that it committed. ``logs`` says which items are of interest."""

    def __init__(
        self, open_source: Callable[[], Source], known: MemoryKnown, logs: Callable[[Item], bool] = everything
    ) -> None:
        self._open = open_source
        self._known = known
        self._logs = logs
        self.source = open_source()
        self.cursors: dict[str, str] = {}
        self.items: dict[Ref, Item] = {}
        self.versions: dict[Ref, str] = {}
        self.failures: dict[Ref, str] = {}

    def restart(self) -> None:
        """Goes on with a fresh object, as another process would."""
        self.source.close()
        self.source = self._open()

    def baseline(self, stream: Stream) -> None:
        """Walks to the forward cursor."""
        step = self.source.baseline(stream, "")
        while not step.done:
            step = self.source.baseline(stream, step.resume)
        self.cursors[stream.id] = step.cursor

    def pull(self, stream: Stream) -> Page:
        """One page, committed."""
        page = self.source.pull(stream, self.cursors.get(stream.id, ""))
        self.commit(stream, page)
        return page

    def read(self, stream: Stream, *, between: Callable[[], None] | None = None) -> list[Page]:
        """Pages up to the last one; ``between`` is called after each but the last."""
        pages = [self.pull(stream)]
        while not pages[-1].last:
            if between is not None:
                between()
            pages.append(self.pull(stream))
        return pages

    def read_all(self) -> None:
        """A pass over all streams."""
        for stream in self.source.streams():
            self.read(stream)

    def commit(self, stream: Stream, page: Page) -> None:
        """What one transaction does."""
        self._known.store(stream.id, page.marks)
        self.cursors[stream.id] = page.cursor
        for change in page.changes:
            match change:
                case Upsert(_, Mail(), _, known) if known is not None:
                    pass  # tells flags or folders: who wrote what to whom never changes
                case Upsert(ref, item, version):
                    self._keep(ref, item, version)
                case Gone(ref):
                    self._drop(ref)
                case Unreadable(ref, reason):
                    self.failures[ref] = reason

    def _keep(self, ref: Ref, item: Item, version: str) -> None:
        self.failures.pop(ref, None)
        if self._logs(item):
            self.items[ref] = item
            self.versions[ref] = version
            self._known.logged.add(ref)

    def _drop(self, ref: Ref) -> None:
        self.items.pop(ref, None)
        self.failures.pop(ref, None)
        self._known.logged.discard(ref)

    def mails(self, stream: Stream | None = None) -> list[Mail]:
        """The logged mails, of one stream or of all."""
        return [item for ref, item in self.items.items() if isinstance(item, Mail) and _lies_in(ref, stream)]

    def events(self, stream: Stream | None = None) -> list[Event]:
        """The logged events, by their start."""
        found = [item for ref, item in self.items.items() if isinstance(item, Event) and _lies_in(ref, stream)]
        return sorted(found, key=lambda event: (event.start_at, event.uid))

    def ids(self, stream: Stream | None = None) -> list[str]:
        """Message-IDs of the logged mails, sorted: a mail that is logged twice is there twice."""
        return sorted(mail.message_id for mail in self.mails(stream))

    def ref_of(self, message_id: str) -> Ref:
        """Where the mail with this Message-ID was last seen."""
        [ref] = [ref for ref, item in self.items.items() if isinstance(item, Mail) and item.message_id == message_id]
        return ref


def upserts(pages: Iterable[Page]) -> list[Upsert]:
    """The items that pages brought, in order."""
    return [change for page in pages for change in page.changes if is_upsert(change)]


def is_upsert(change: object) -> TypeGuard[Upsert]:
    return isinstance(change, Upsert)


def _lies_in(ref: Ref, stream: Stream | None) -> bool:
    return stream is None or ref.stream == stream.id
