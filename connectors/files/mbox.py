"""Answers for one mbox file: finds the messages in it and opens each; never writes, never locks.

A message begins with a line ``From sender date`` at the start of the file or after an empty line (RFC 4155); lines
of the body that would look like it carry a ``>`` more (mboxrd). A message has no id of its own: ours is a hash of
its header without the lines that mail programs rewrite in place, so it stays when the file is compacted. Identical
copies in one file are one item.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

from connectors.files.stores import Listing, Opened, open_regular, trusted_stamp, utc
from syncagent.clock import Clock
from syncagent.formats.limits import HEAD_BYTES

_CHUNK = 1 << 20
#: What may follow ``From `` in a separator: a clock time and a year in either order, which every writer puts there;
#: they tell it from a paragraph that begins with the word.
_ENVELOPE = re.compile(
    rb"From [^\n]{0,900}?(?:\d{1,2}:\d{2}[^\n]{0,80}\d{4}|\d{4}[^\n]{0,80}\d{1,2}:\d{2})[^\n]{0,80}\n"
)
#: No separator is longer; so much of a chunk is looked at again together with the next one.
_OVERLAP = 2_048
_ENVELOPE_DATE = re.compile(
    r"(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) +(?P<time>\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?: +(?:[A-Z]{2,5}|(?P<early>[+-]\d{4})))? +(?P<year>\d{4})(?: +(?P<late>[+-]\d{4}))?"
)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
#: Lines that mail programs rewrite in place when a message is read or flagged, or the file compacted.
_VOLATILE = re.compile(
    rb"^(?:status|x-status|x-keywords|x-uid|x-imap|x-imapbase|x-mozilla-\w+|x-evolution|content-length|lines)[ \t]*:",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(rb"^message-id[ \t]*:", re.IGNORECASE | re.MULTILINE)
_PROOF_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class _Slice:
    """Where a message lies: its separator, its first byte, and the first byte after it."""

    separator: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Index:
    """The messages of a file as it was at a moment, or those behind a point in it."""

    status: os.stat_result
    slices: dict[str, _Slice]
    versions: dict[str, str]
    last: int  # where the last message begins
    whole: bool


class Mbox:
    """The messages of one mbox file. ``edited``: the text of a message counts for its version, as in drafts."""

    def __init__(self, path: Path, clock: Clock, *, edited: bool = False) -> None:
        self._path = path
        self._clock = clock
        self._edited = edited
        self._index: _Index | None = None

    def is_there(self) -> bool:
        return self._path.is_file()

    def stamp(self) -> str:
        return _stamp(self._clock, self._path.stat(follow_symlinks=False))

    def list(self, base: str = "") -> Listing:
        """Lists from the last message on if ``base`` proves that everything before it stands as it stood."""
        with open_regular(self._path) as file:
            status = os.fstat(file.fileno())
            origin = 0 if self._edited else _appended_from(file, status, base)
            index = self._index = self._scan(file, status, origin)
            proof = _proof(file, index.last)
        listed = f"{status.st_size}.{index.last}.{proof}"
        return Listing(index.versions, _stamp(self._clock, status), base=listed, whole=index.whole)

    @contextmanager
    def open(self, item: str) -> Iterator[Opened]:
        with open_regular(self._path) as file:
            status = os.fstat(file.fileno())
            index = self._index
            if index is None or item not in index.slices or _changed(index.status, status):
                index = self._index = self._scan(file, status, 0)
            place = index.slices.get(item)
            if place is None:
                raise FileNotFoundError(item)
            file.seek(place.separator)
            envelope = file.readline()
            message = io.BufferedReader(_Unquoted(file, place))
            yield Opened(message, place.end - place.start, _received_at(envelope, status))

    def fingerprint(self, item: str) -> str:
        return ""  # a message in an mbox cannot change without the listing

    def _scan(self, file: BinaryIO, status: os.stat_result, origin: int) -> _Index:
        """Indexes the file from ``origin``, where a separator stands, to its size in ``status``."""
        slices: dict[str, _Slice] = {}
        versions: dict[str, str] = {}
        last = origin
        settled = bool(trusted_stamp(self._clock, status))
        for place in list(_slices(file, origin, status.st_size)):
            file.seek(place.start)
            head, is_finished = _head(file, place.end)
            # A header with a Message-ID tells messages apart; of any other one the text must help.
            is_enough = is_finished and bool(_MESSAGE_ID.search(head))
            last = place.separator
            if place.end >= status.st_size and not is_enough and not settled:
                break  # its writer may still be at what makes the id: next time
            item = _identity(file, place, head, is_enough=is_enough)
            slices[item] = place
            versions[item] = _content_version(file, place) if self._edited else ""
        return _Index(status, slices, versions, last, whole=origin == 0)


class _Unquoted(io.RawIOBase):
    """The bytes of one message in the file, with the quoting of mboxrd undone, read piece by piece."""

    def __init__(self, file: BinaryIO, place: _Slice) -> None:
        self._file = file
        self._left = place.end - place.start
        self._ready = b""
        file.seek(place.start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # the stubs' buffer type cannot be named here
        while not self._ready and self._left:
            # Whole lines, so that a quoted line is seen in one piece.
            piece = self._file.read(min(self._left, 64 << 10))
            if not piece:
                self._left = 0  # the file became shorter under our hands
                break
            if len(piece) < self._left and not piece.endswith(b"\n"):
                piece += self._file.readline(self._left - len(piece))
            self._left -= len(piece)
            self._ready = _QUOTED_FROM.sub(rb"\1", piece)
        taken = self._ready[: len(view)]
        view[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)


def _slices(file: BinaryIO, origin: int, size: int) -> Iterator[_Slice]:
    """The messages from ``origin`` on; the empty line before a separator belongs to neither message."""
    previous: tuple[int, int] | None = None
    for before, separator, start in _separators(file, origin, size):
        if previous is not None:
            yield _Slice(*previous, end=max(before, previous[1]))
        previous = separator, start
    if previous is not None:
        yield _Slice(*previous, end=max(_end_of_last(file, size), previous[1]))


def _end_of_last(file: BinaryIO, size: int) -> int:
    """Where the last message ends: it must not depend on whether another one follows."""
    file.seek(max(0, size - 3))
    tail = file.read(3)
    if tail.endswith(b"\n\r\n"):
        return size - 2
    return size - 1 if tail.endswith(b"\n\n") else size


def _separators(file: BinaryIO, origin: int, size: int) -> Iterator[tuple[int, int, int]]:
    """For each separator: where the text before it ends, where it begins, and where the message after it does."""
    begin = offset = found_to = origin
    buffer = b""
    while offset < size:
        file.seek(offset)
        chunk = file.read(min(_CHUNK, size - offset))
        if not chunk:
            return
        begin, buffer = offset - len(buffer), buffer + chunk
        offset += len(chunk)
        for blank, position in _candidates(buffer, is_start=begin == origin):
            match = _ENVELOPE.match(buffer, position)
            if match and begin + position >= found_to:
                found_to = begin + match.end()
                yield begin + position - blank, begin + position, found_to
        buffer = buffer[-_OVERLAP:]


def _candidates(buffer: bytes, *, is_start: bool) -> Iterator[tuple[int, int]]:
    """The length of the empty line before each ``From `` (0 at the start of the file), and where that stands."""
    if is_start and buffer.startswith(b"From "):
        yield 0, 0
    position = buffer.find(b"\nFrom ")
    while position >= 0:
        if buffer[position - 1 : position] == b"\n":
            yield 1, position + 1
        elif buffer[max(0, position - 2) : position] == b"\n\r":
            yield 2, position + 1
        position = buffer.find(b"\nFrom ", position + 1)


def _head(file: BinaryIO, end: int) -> tuple[bytes, bool]:
    """The header from where the file stands, up to ``limits.HEAD_BYTES``, and whether its end was seen."""
    lines: list[bytes] = []
    left = min(end - file.tell(), HEAD_BYTES)
    while left > 0:
        line = file.readline(left)
        if not line.strip(b"\r\n"):
            return b"".join(lines), bool(line)
        lines.append(line)
        left -= len(line)
    return b"".join(lines), False


def _identity(file: BinaryIO, place: _Slice, head: bytes, *, is_enough: bool) -> str:
    """128 bits of the hash of what a message is known by: its header, and its text where that is not enough."""
    digest = hashlib.sha256()
    is_volatile = False
    for line in head.splitlines():
        if line[:1] not in b" \t":
            is_volatile = bool(_VOLATILE.match(line))
        if not is_volatile:
            digest.update(line + b"\n")
    offset = place.end if is_enough else place.start + len(head)
    file.seek(offset)
    while offset < place.end and (piece := file.read(min(_CHUNK, place.end - offset))):
        digest.update(piece)
        offset += len(piece)
    return digest.hexdigest()[:32]


def _content_version(file: BinaryIO, place: _Slice) -> str:
    file.seek(place.start)
    return hashlib.sha256(file.read(place.end - place.start)).hexdigest()[:32]


def _appended_from(file: BinaryIO, status: os.stat_result, base: str) -> int:
    """Where to go on reading: where the last message began, if everything before it stands as it stood; else 0."""
    if not base:
        return 0
    size, last, proof = base.split(".")
    if status.st_size <= int(size) or _proof(file, int(last)) != proof:
        return 0
    return int(last)


def _proof(file: BinaryIO, last: int) -> str:
    """A hash of the file's first bytes and of those around ``last``: a file that was compacted or edited has others."""
    file.seek(0)
    digest = hashlib.sha256(file.read(min(_PROOF_BYTES, last)))
    file.seek(max(0, last - _PROOF_BYTES))
    digest.update(file.read(min(_PROOF_BYTES, last)))
    digest.update(file.readline(_OVERLAP))
    return digest.hexdigest()[:32]


def _stamp(clock: Clock, status: os.stat_result) -> str:
    trusted = trusted_stamp(clock, status)
    return f"{trusted}.{status.st_size}" if trusted else ""


def _changed(before: os.stat_result, now: os.stat_result) -> bool:
    return (before.st_mtime_ns, before.st_size) != (now.st_mtime_ns, now.st_size)


def _received_at(envelope: bytes, status: os.stat_result) -> datetime:
    """The date of the separator (asctime form, UTC unless it names an offset), else the file's own time."""
    found = _ENVELOPE_DATE.search(envelope.decode("ascii", "replace"))
    if found is None:
        return utc(status.st_mtime)
    offset = found["early"] or found["late"] or "+0000"
    try:
        return parsedate_to_datetime(
            f"{found['day']} {found['month']} {found['year']} {found['time']} {offset}"
        ).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return utc(status.st_mtime)
