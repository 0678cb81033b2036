"""Answers for one Maildir folder: lists and opens its messages under whatever name they have now; never writes.

A message is a file in ``new`` or ``cur``. Its name up to the info (``:2,FLAGS``) is unique and stays the same when
a mail program reads, flags or moves the message, so it is the item's id (https://cr.yp.to/proto/maildir.html).
Windows does not allow a colon in names: programs there write ``!2,`` (or ``;2,``) instead, which is understood
everywhere. ``tmp`` is never read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from connectors.files.names import readable
from connectors.files.stores import Listing, Opened, fingerprint_of, open_regular, trusted_stamp, utc, version_of
from syncagent.clock import Clock

#: What separates the unique name from the info in names that we write.
INFO = "!" if os.name == "nt" else ":"

_FOREIGN_INFO = re.compile(r"[!;][12],[^!;]*$")
_DELIVERED = re.compile(r"(\d{9,10})\.")


class Maildir:
    """The messages of one Maildir folder. ``edited`` says that programs may write into them, as into drafts."""

    def __init__(self, path: Path, clock: Clock, *, edited: bool = False) -> None:
        self._path = path
        self._clock = clock
        self._edited = edited
        self._names: dict[str, str] = {}

    def is_there(self) -> bool:
        return _status(self._path / "new") is not None or _status(self._path / "cur") is not None

    def stamp(self) -> str:
        """Times of ``new`` and ``cur``: any arrival, removal or renaming changes one. Writing into a file does not."""
        if self._edited:
            return ""
        statuses = [status for part in ("new", "cur") if (status := _status(self._path / part)) is not None]
        return trusted_stamp(self._clock, *statuses) if statuses else ""

    def list(self, base: str = "") -> Listing:
        stamp = self.stamp()
        versions: dict[str, str] = {}
        names: dict[str, str] = {}
        # new before cur: a message moves from new to cur, so it is met at least once.
        for part in ("new", "cur"):
            for entry in _messages(self._path / part):
                item = readable(unique_name(entry.name))
                names[item] = f"{part}/{entry.name}"
                versions[item] = _version_of(entry) if self._edited else ""
        if not names and not self.is_there():
            raise FileNotFoundError(self._path)
        self._names = names
        # Unique names begin with the time of delivery, so the oldest come first.
        return Listing({item: versions[item] for item in sorted(versions)}, stamp=stamp)

    @contextmanager
    def open(self, item: str) -> Iterator[Opened]:
        file, name = self._open(item)
        with file:
            status = os.fstat(file.fileno())
            flags = name[len(unique_name(name)) :]
            yield Opened(file, status.st_size, _received_at(name, status), is_draft="D" in flags)

    def fingerprint(self, item: str) -> str:
        return fingerprint_of(self.path_of(item).stat(follow_symlinks=False))

    def path_of(self, item: str) -> Path:
        """Where the message lies now. Raises ``FileNotFoundError``."""
        known = self._names.get(item)
        if known is None or not (self._path / known).is_file():
            self.list()
            known = self._names.get(item)
        if known is None:
            raise FileNotFoundError(item)
        return self._path / known

    def _open(self, item: str) -> tuple[BinaryIO, str]:
        """Opens the message by the name it had when last listed; if it was renamed since, looks for it once more."""
        known = self._names.get(item)
        if known is not None:
            try:
                return open_regular(self._path / known), known.partition("/")[2]
            except FileNotFoundError:
                self._names.pop(item, None)
        path = self.path_of(item)
        return open_regular(path), path.name


def unique_name(name: str) -> str:
    """The part of a file name that stays the same for the life of the message."""
    unique, colon, _ = name.partition(":")
    if not colon and ("!" in name or ";" in name):
        return _FOREIGN_INFO.sub("", name)
    return unique


def _messages(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Plain files alone: names with a dot in front are no messages, and links could lead outside."""
    if folder.is_symlink():
        return
    try:
        listing = os.scandir(folder)
    except FileNotFoundError:
        return  # copies of a mailbox often come without its empty folders
    with listing:
        yield from (entry for entry in listing if entry.name[0] != "." and entry.is_file(follow_symlinks=False))


def _version_of(entry: os.DirEntry[str]) -> str:
    try:
        return version_of(entry.stat(follow_symlinks=False))
    except FileNotFoundError:
        return ""  # renamed or removed just now; the version differs next time


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None


def _received_at(name: str, status: os.stat_result) -> datetime:
    """The earlier of the time in the name and the file's own: a copy moves either one forward, never back."""
    match = _DELIVERED.match(name)
    delivered = float(match[1]) if match else status.st_mtime
    return utc(min(delivered, status.st_mtime))
