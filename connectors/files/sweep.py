"""Answers for reading a stream on disk forward: what is there, compared with the marks, page by page.

There is no history on disk to ask, only the present. A sweep goes once through the present listing in three phases:
READ what has no mark or another version, name the logged items that are GONE, FORGET the marks of what vanished.
Marks commit with their page, so a sweep can start again at any time and brings nothing twice. What changes while a
sweep runs is found by it or by the next one: the listing that the next one compares with is the one that this sweep
has worked off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from connectors.files.cursor import Cursor, Phase, decode
from connectors.files.shelves import PENDING, Shelf, digest_of
from connectors.files.stores import Listing
from syncagent.model import Change, Gone, Page, Ref, Span
from syncagent.ports import Known

#: Changes on a page, and items opened for one. A calendar resource stays in one piece even when it goes beyond.
PAGE_ITEMS = 500
#: Marks that one page may remove.
PAGE_MARKS = 5_000


class Sweeper:
    """Pulls one stream. Keeps the listing of a running sweep in memory to be quick; correctness does not rest on it."""

    def __init__(self, shelf: Shelf, known: Known, halt: Callable[[], None]) -> None:
        self._shelf = shelf
        self._known = known
        self._halt = halt
        self._kept: tuple[str, Listing] | None = None

    def pull(self, text: str) -> Page:
        """The page after a cursor. Raises ``CursorLost`` and ``OSError``."""
        cursor = decode(text)
        if cursor.phase is Phase.REST:
            if self._is_untouched(cursor):
                return Page((), text, last=True)
            listing = self._shelf.list(cursor.base)
            digest = digest_of(self._shelf, listing, self._known)
            if digest == cursor.digest and self._is_quiet(cursor):
                return Page((), replace(cursor, stamp=listing.stamp, base=listing.base).encode(), last=True)
            cursor = _begun(replace(cursor, first=cursor == Cursor()), digest)
        else:
            listing, digest = self._resumed(cursor)
            if digest != cursor.digest:
                # Something came or went since: from the start; what is done already has its mark.
                cursor = _begun(cursor, digest)
        page = _Round(self._shelf, self._known, self._halt, listing, cursor).page()
        self._kept = None if page.last else (digest, listing)
        return page

    def _is_untouched(self, cursor: Cursor) -> bool:
        return bool(cursor.stamp) and self._is_quiet(cursor) and cursor.stamp == self._shelf.stamp()

    def _is_quiet(self, cursor: Cursor) -> bool:
        """Whether nothing but the listing could bring something new."""
        return not cursor.watch and cursor.again is None and cursor.window == self._shelf.window()

    def _resumed(self, cursor: Cursor) -> tuple[Listing, str]:
        if self._kept is not None and self._kept[0] == cursor.digest:
            return self._kept[1], cursor.digest
        listing = self._shelf.list(cursor.base)
        return listing, digest_of(self._shelf, listing, self._known)


def _begun(cursor: Cursor, digest: str) -> Cursor:
    return replace(cursor, stamp="", digest=digest, phase=Phase.READ, at=0, after="", watch=False)


class _Round:
    """The making of one page: goes on with the sweep until the page is full or the sweep is over."""

    def __init__(self, shelf: Shelf, known: Known, halt: Callable[[], None], listing: Listing, cursor: Cursor) -> None:
        self._shelf = shelf
        self._stream = shelf.folder.stream.id
        self._known = known
        self._halt = halt
        self._listing = listing
        self._cursor = cursor
        self._changes: list[Change] = []
        self._marks: dict[str, str | None] = {}
        self._keys: set[str] = set()

    def page(self) -> Page:
        again = self._cursor.again
        brings_all = self._cursor.first or again == Span()
        last = self._work()
        return Page(
            changes=tuple(self._changes),
            cursor=(self._rest() if last else self._cursor).encode(),
            last=last,
            complete=None if again is None else self._shelf.snapshot_of(again),
            marks=self._marks,
            total=len(self._listing.versions) if brings_all else None,
        )

    def _work(self) -> bool:
        """Phase after phase; False when the page is full before the sweep is over."""
        if self._cursor.phase is Phase.READ:
            if not self._read():
                return False
            self._cursor = replace(self._cursor, phase=Phase.GONE)
        if self._cursor.phase is Phase.GONE:
            if not self._leave():
                return False
            self._cursor = replace(self._cursor, phase=Phase.FORGET, after="")
        return self._forget()

    def _read(self) -> bool:
        items = list(self._listing.versions)
        opened = 0
        done = self._cursor.at
        while done < len(items):
            self._halt()
            batch = items[done : done + PAGE_ITEMS]
            keys = [self._known.key(self._stream, item) for item in batch]
            self._keys.update(keys)
            marks = self._known.marks(self._stream, keys)
            for item, key in zip(batch, keys, strict=True):
                opened += self._read_one(item, key, marks.get(key))
                done += 1
                if len(self._changes) >= PAGE_ITEMS or opened >= PAGE_ITEMS:
                    self._cursor = replace(self._cursor, at=done)
                    return False
        self._cursor = replace(self._cursor, at=done)
        return True

    def _read_one(self, item: str, key: str, mark: str | None) -> int:
        """Reads an item unless its mark says that it was delivered as it is. Returns how many were opened."""
        version = self._listing.versions[item]
        again = self._cursor.again
        is_read = again is not None or mark is None or not self._shelf.is_current(item, version, mark)
        if is_read:
            reading = self._shelf.read(item, version, mark, again)
            self._changes += reading.changes
            if reading.mark is not None and reading.mark != mark:
                mark = self._marks[key] = reading.mark
        if mark is not None and mark.startswith(PENDING):
            self._cursor = replace(self._cursor, watch=True)
        return int(is_read)

    def _leave(self) -> bool:
        """Names the logged items that are no longer there."""
        if not self._listing.whole:
            return True
        present = self._listing.versions
        refs = sorted(self._known.refs(self._stream))
        missing = [ref for ref in refs if self._shelf.item_of(ref) not in present and ref > self._cursor.after]
        if missing:
            # A directory that is renamed in while it is read may hide a file: gone is what two listings do not show.
            present = self._shelf.list().versions
            missing = [ref for ref in missing if self._shelf.item_of(ref) not in present]
        room = max(0, PAGE_ITEMS - len(self._changes))
        told = missing[:room]
        self._changes += (Gone(Ref(self._stream, ref)) for ref in told)
        if told:
            self._cursor = replace(self._cursor, after=told[-1])
        return len(told) == len(missing)

    def _forget(self) -> bool:
        """Removes the marks of items that are no longer there: one that comes back must be read as new."""
        if not self._listing.whole:
            return True
        self._halt()
        if len(self._keys) < len(self._listing.versions):  # the reading began on an earlier page
            self._keys = {self._known.key(self._stream, item) for item in self._listing.versions}
        for key, _ in self._known.all_marks(self._stream):
            if key in self._keys or key <= self._cursor.after:
                continue
            if len(self._marks) >= PAGE_MARKS:
                return False
            self._marks[key] = None
            self._cursor = replace(self._cursor, after=key)
        return True

    def _rest(self) -> Cursor:
        """The cursor after the sweep, by which the next pull tells whether anything is new."""
        listing = self._listing
        return Cursor(
            stamp=listing.stamp,
            base=listing.base,
            digest=self._cursor.digest,
            window=self._shelf.window(),
            watch=self._cursor.watch,
        )
