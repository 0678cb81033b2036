"""Answers for a whole mailbox in memory and for what happens in it: what its owner, their colleagues and the server do.

Deterministic: ids and versions are counted, nothing is drawn by chance and no clock is read. The methods here are the
human's hand; ``source`` and ``drafts`` are ours. A mailbox keeps a log of changes for each stream, as servers do; its
cursors name a place in that log.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.memory.trouble import Trouble
from syncagent.model import Content, Event, Item, Mail, Ref, Stream
from syncagent.vocabulary import Role


@dataclass(slots=True)
class Held:
    """An item as it lies in a stream; ``arrival`` counts up, ``unreadable`` is the reason why it cannot be read."""

    ref: Ref
    item: Item
    content: Content
    version: str
    unreadable: str = ""
    arrival: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a stream's log: the item changed or left; ``known`` are the fields that a partial change tells."""

    item: str
    known: frozenset[str] | None = None


@dataclass(slots=True)
class Shelf:
    """A folder or calendar: what lies in it, in order of arrival, and its log. Cursors of an older ``era`` are lost."""

    stream: Stream
    items: dict[str, Held] = field(default_factory=dict)
    log: list[Entry] = field(default_factory=list)
    era: int = 1


class MemoryMailbox:
    """A mailbox of one person.

    ``searches`` chooses between the two kinds of source (``SourceTraits.searches``). ``page_items`` bounds a page. A
    search brings no more than ``search_cap`` items and then says that it was cut. ``moves_keep_ids`` tells whether an
    item that is moved keeps its id (Gmail, Graph with immutable ids) or gets a new one (IMAP, plain Graph).
    """

    def __init__(
        self,
        *,
        searches: bool = True,
        page_items: int = 50,
        search_cap: int | None = None,
        moves_keep_ids: bool = False,
        annotates: bool = True,
        delivers: bool = True,
    ) -> None:
        self.searches = searches
        self.page_items = page_items
        self.search_cap = search_cap
        self.moves_keep_ids = moves_keep_ids
        self.annotates = annotates
        self.delivers = delivers
        self.trouble = Trouble()
        self.shelves: dict[str, Shelf] = {}
        self._numbers = itertools.count(1)

    # --- The server -------------------------------------------------------------------------------------------

    def add_stream(self, name: str, role: Role) -> Stream:
        """Makes a folder or calendar; its id has nothing to do with its name."""
        stream = Stream(f"s{next(self._numbers)}", name, role)
        self.shelves[stream.id] = Shelf(stream)
        return stream

    def rename_stream(self, stream: str, name: str) -> None:
        """Gives a folder another name; its id and role stay."""
        shelf = self.shelves[stream]
        shelf.stream = replace(shelf.stream, name=name)

    def remove_stream(self, stream: str) -> None:
        """Removes a folder with all that lies in it."""
        del self.shelves[stream]

    def of_role(self, role: Role) -> Shelf:
        """The first folder of a role; made when there is none."""
        for shelf in self.shelves.values():
            if shelf.stream.role is role:
                return shelf
        return self.shelves[self.add_stream(role.value, role).id]

    def lose_cursors(self, stream: str) -> None:
        """Forgets the log of a stream: no cursor given out so far is accepted any more, as after Graph's 410."""
        shelf = self.shelves[stream]
        shelf.era += 1
        shelf.log = [Entry(item) for item in shelf.items]

    # --- Its owner and everybody else --------------------------------------------------------------------------

    def put(self, stream: str, item: Item, content: Content | None = None) -> Ref:
        """A mail arrives, or a meeting is made."""
        ref = Ref(stream, f"i{next(self._numbers)}")
        self._lay(Held(ref, item, content or Content(), self._new_version()))
        return ref

    def edit(self, ref: Ref, item: Item | None = None, content: Content | None = None) -> None:
        """Somebody changes an item: its version changes with it."""
        held = self.held(ref)
        self._lay(replace(held, item=item or held.item, content=content or held.content, version=self._new_version()))

    def touch(self, ref: Ref, known: Sequence[str] = (), **changes: Any) -> None:
        """A change that the provider reports in part: only the changed fields, and those named in ``known``."""
        held = self.held(ref)
        held.item = replace(held.item, **changes)
        held.version = self._new_version()
        self.shelves[ref.stream].log.append(Entry(ref.id, frozenset(changes) | frozenset(known)))

    def move(self, ref: Ref, stream: str) -> Ref:
        """Moves an item to another folder: gone here, new there."""
        held = self._take(ref)
        new = Ref(stream, ref.id if self.moves_keep_ids else f"i{next(self._numbers)}")
        self._lay(replace(held, ref=new))
        return new

    def delete(self, ref: Ref) -> None:
        """Deletes an item for good."""
        self._take(ref)

    def spoil(self, ref: Ref, reason: str = "the message is damaged") -> None:
        """Makes an item unreadable; an empty reason mends it."""
        self._lay(replace(self.held(ref), unreadable=reason, version=self._new_version()))

    # --- What becomes of a draft -------------------------------------------------------------------------------

    def edit_draft(self, ref: Ref, **changes: Any) -> None:
        """The manager writes into a draft; its marker stays."""
        held = self.held(ref)
        self.edit(ref, replace(held.item, **changes))

    def send_draft(self, ref: Ref, *, message_id: str | None = None, keeps_marker: bool = True, **changes: Any) -> Ref:
        """The manager sends a draft: it leaves Drafts, a copy arrives in Sent.

        Some programs give the sent copy a new Message-ID and leave out headers that they do not know.
        """
        held = self._take(ref)
        assert isinstance(held.item, Mail)
        sent = replace(
            held.item,
            is_draft=False,
            message_id=held.item.message_id if message_id is None else message_id,
            marker=held.item.marker if keeps_marker else "",
            **changes,
        )
        return self.put(self.of_role(Role.SENT).stream.id, sent, held.content)

    def discard_draft(self, ref: Ref) -> Ref:
        """The manager throws a draft away: it lies in Trash."""
        return self.move(ref, self.of_role(Role.TRASH).stream.id)

    # --- Looking in ----------------------------------------------------------------------------------------------

    def held(self, ref: Ref) -> Held:
        """The item at a ref. Raises ``KeyError`` when there is none."""
        return self.shelves[ref.stream].items[ref.id]

    def all_held(self) -> list[Held]:
        """Everything in the mailbox, stream by stream."""
        return [held for shelf in self.shelves.values() for held in shelf.items.values()]

    def events(self, stream: str) -> dict[Ref, Event]:
        """The meetings in a calendar."""
        items = self.shelves[stream].items.values()
        return {held.ref: held.item for held in items if isinstance(held.item, Event)}

    def _lay(self, held: Held) -> None:
        shelf = self.shelves[held.ref.stream]
        if held.ref.id not in shelf.items:
            held.arrival = next(self._numbers)
        shelf.items[held.ref.id] = held
        shelf.log.append(Entry(held.ref.id))

    def _take(self, ref: Ref) -> Held:
        shelf = self.shelves[ref.stream]
        held = shelf.items.pop(ref.id)
        shelf.log.append(Entry(ref.id))
        return held

    def _new_version(self) -> str:
        return f"v{next(self._numbers)}"
