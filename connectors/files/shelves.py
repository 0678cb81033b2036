"""Answers for what a sweep needs to know of a stream, whatever it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from connectors.files.folders import Folder
from connectors.files.stores import Listing
from syncagent.model import Change, Content, Ref, Span, Unreadable, Upsert
from syncagent.ports import Known

#: A mark begins with one of these: the item was read (or will never be readable), or it may become readable.
SETTLED = "="
PENDING = "!"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one item of a listing brings, and the mark to keep for it. No mark: it vanished, look again next time."""

    changes: Sequence[Change]
    mark: str | None


class Shelf(Protocol):
    """One stream as a sweep or a search sees it. An item of its listing is a message, or a resource with many events.

    Its methods raise ``OSError`` for the folder as a whole only; what is wrong with one item is said in the answer.
    """

    folder: Folder

    def stamp(self) -> str: ...

    def list(self, base: str = "") -> Listing: ...

    def window(self) -> str:
        """A word that changes when items must be looked at again because time has passed; empty when it never does."""
        ...

    def is_current(self, item: str, version: str, mark: str) -> bool:
        """Whether ``mark`` says that the item was delivered as it is now."""
        ...

    def read(self, item: str, version: str, mark: str | None, again: Span | None) -> Reading:
        """Reads one item: what is new in it since ``mark``, and what lies in the span that is read again."""
        ...

    def scan(self, item: str, version: str, span: Span) -> Sequence[Upsert]:
        """All that an item holds, for a search; what cannot be read is reported by the pull and left out here."""
        ...

    def fetch(self, ref_id: str) -> Content | Unreadable | None:
        """Text and documents at a ref; None when it is gone."""
        ...

    def revisit(self, ref_ids: Sequence[str]) -> Sequence[Change]:
        """What lies at these refs now, one change for each; ``Gone`` where there is nothing."""
        ...

    def locate(self, key: str) -> Iterator[Ref]:
        """Where the mails with this Message-ID, or the events with this UID, lie."""
        ...

    def item_of(self, ref_id: str) -> str:
        """The item of the listing that a ref of this stream belongs to."""
        ...

    def snapshot_of(self, again: Span) -> Span:
        """The part of ``again`` of which a sweep is complete."""
        ...


def digest_of(shelf: Shelf, listing: Listing, known: Known) -> str:
    """A keyed hash of names and versions: says whether two listings are the same, and nothing else."""
    digest = hashlib.sha256(b"whole" if listing.whole else b"part")
    for item, version in listing.versions.items():
        digest.update(f"{item}\0{version}\0".encode())
    return known.key(shelf.folder.stream.id, f"listing {digest.hexdigest()}")
