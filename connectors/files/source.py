"""Answers for reading a mailbox on disk (``ports.Source``): puts folders, shelves, sweeps and searches together.

Opens files for reading only; access times aside, the tree stays as it is, byte for byte.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.files import faults
from connectors.files.cursor import Cursor
from connectors.files.folders import Folder, Layout, Survey, survey
from connectors.files.names import is_excluded
from connectors.files.opening import shelf_of
from connectors.files.search import Searcher
from connectors.files.shelves import Shelf
from connectors.files.sweep import Sweeper
from syncagent.errors import Stopped, StreamGone, SyncAgentError
from syncagent.model import (
    Baseline,
    Change,
    Content,
    Finding,
    Gone,
    Page,
    Query,
    Ref,
    SearchPage,
    SourceTraits,
    Span,
    Stream,
    Unreadable,
)
from syncagent.ports import Surroundings


@dataclass(frozen=True, slots=True)
class _Reader:
    """What reads one stream; keeps what it listed for the next page."""

    shelf: Shelf
    sweeper: Sweeper
    searcher: Searcher


class FilesSource:
    """One mailbox below a folder. Not for use by two threads at once."""

    def __init__(self, root: Path, surroundings: Surroundings) -> None:
        self._root = root
        self._surroundings = surroundings
        self._folders: Mapping[str, Folder] = {}
        self._readers: dict[str, _Reader] = {}

    def traits(self) -> SourceTraits:
        return SourceTraits(searches=False, network=False)

    def check(self) -> Sequence[Finding]:
        try:
            found = self._look()
        except SyncAgentError as error:
            return [Finding(False, error.message, error.cure)]
        return [*_totals(found), *_closed(found)]

    def streams(self) -> Sequence[Stream]:
        return [folder.stream for folder in self._look().folders.values()]

    def baseline(self, stream: Stream, resume: str) -> Baseline:
        return Baseline(cursor="", done=True)

    def pull(self, stream: Stream, cursor: str) -> Page:
        reader = self._reader(stream.id)
        with self._reading(stream):
            return reader.sweeper.pull(cursor)

    def rewind(self, stream: Stream, span: Span) -> str:
        return Cursor(again=span).encode()

    def search(self, stream: Stream, query: Query, position: str) -> SearchPage:
        if is_excluded(stream.name, self._surroundings.exclude):
            return SearchPage((), position, last=True)
        reader = self._reader(stream.id)
        with self._reading(stream):
            return reader.searcher.search(query, position)

    def fetch(self, refs: Sequence[Ref]) -> Mapping[Ref, Content | Unreadable]:
        """Folders that the user excluded are not read: their refs are missing from the answer."""
        found: dict[Ref, Content | Unreadable] = {}
        for ref in refs:
            self._halt()
            shelf = self._shelf(ref.stream)
            if shelf is None or is_excluded(shelf.folder.stream.name, self._surroundings.exclude):
                continue
            with self._reading(shelf.folder.stream):
                content = shelf.fetch(ref.id)
            if content is not None:
                found[ref] = content
        return found

    def revisit(self, refs: Sequence[Ref]) -> Sequence[Change]:
        asked: dict[str, list[str]] = {}
        for ref in refs:
            asked.setdefault(ref.stream, []).append(ref.id)
        found: dict[Ref, Change] = {}
        for stream, ids in asked.items():
            self._halt()
            shelf = self._shelf(stream)
            if shelf is not None:
                with self._reading(shelf.folder.stream):
                    found.update(
                        (Ref(stream, item), change) for item, change in zip(ids, shelf.revisit(ids), strict=True)
                    )
        return [found.get(ref, Gone(ref)) for ref in refs]

    def locate(self, key: str) -> Sequence[Ref]:
        found: list[Ref] = []
        for stream, folder in self._look().folders.items():
            self._halt()
            with self._reading(folder.stream):
                found += self._reader(stream).shelf.locate(key)
        return found

    def close(self) -> None:
        self._readers.clear()

    def _look(self) -> Survey:
        """Walks the tree anew; readers of folders that are no longer what they were are let go."""
        found = survey(self._root, self._halt)
        self._folders = found.folders
        for stream in [
            name for name, reader in self._readers.items() if found.folders.get(name) != reader.shelf.folder
        ]:
            del self._readers[stream]
        return found

    def _reader(self, stream: str) -> _Reader:
        """The reader of a stream. Raises ``StreamGone``."""
        reader = self._readers.get(stream)
        if reader is None:
            folder = self._folders.get(stream) or self._look().folders.get(stream)
            if folder is None:
                raise StreamGone(
                    "A folder of the mailbox is no longer there.",
                    cure="Put it back, or ignore this if it was removed on purpose.",
                )
            shelf = shelf_of(folder, self._surroundings)
            known = self._surroundings.known
            reader = _Reader(shelf, Sweeper(shelf, known, self._halt), Searcher(shelf, known, self._halt))
            self._readers[stream] = reader
        return reader

    def _shelf(self, stream: str) -> Shelf | None:
        """What reads a stream; None for one that the mailbox does not have."""
        try:
            return self._reader(stream).shelf
        except StreamGone:
            return None

    @contextmanager
    def _reading(self, stream: Stream) -> Iterator[None]:
        """Translates what goes wrong with a folder; when the whole mailbox is not there, ``Unreachable`` says so."""
        try:
            with faults.reading_of(_called(stream)):
                yield
        except StreamGone:
            self._look()
            raise

    def _halt(self) -> None:
        if self._surroundings.stop.requested():
            raise Stopped("The reading of the mailbox was stopped on request.")


def _called(stream: Stream) -> str:
    return f"The folder {stream.name}"


def _totals(found: Survey) -> Iterator[Finding]:
    mail = sum(folder.layout is not Layout.CALENDAR for folder in found.folders.values())
    calendars = len(found.folders) - mail
    yield Finding(True, f"{found.root} holds {mail} folders of mail and {calendars} of calendars.")
    if found.strays:
        yield Finding(
            False,
            f"{found.strays} .ics files lie outside a folder called calendar and are not read.",
            "Move them into calendar/.",
        )
    if found.links:
        yield Finding(True, f"{found.links} symbolic links are not followed.")


def _closed(found: Survey) -> Iterator[Finding]:
    """The folders that may not be read."""
    for folder in found.folders.values():
        if not all(_is_open(path) for path in (folder.path, *_parts(folder))):
            denied = faults.reading(PermissionError(errno.EACCES, ""), _called(folder.stream))
            yield Finding(False, denied.message, denied.cure)


def _parts(folder: Folder) -> list[Path]:
    return [folder.path / "new", folder.path / "cur"] if folder.layout is Layout.MAILDIR else []


def _is_open(path: Path) -> bool:
    """Whether a file or folder may be read; true of one that is not there."""
    return not os.access(path, os.F_OK) or os.access(path, os.R_OK | (0 if path.is_file() else os.X_OK))
