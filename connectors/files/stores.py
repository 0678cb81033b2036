"""Answers for what all stores of mail on disk share: listings, time stamps that can be trusted, and safe opening."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from syncagent.clock import Clock

#: A directory's time stamp proves that nothing changed since only when it was this old at the time of the listing: a
#: second change within one tick of the file system's clock (FAT: 2 s) leaves the stamp as it is.
SAFE_AGE_NS = 2_000_000_000

_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a named pipe in a mail folder must not hold us up
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a store holds: the id of each item and its version, oldest first.

    ``stamp`` is equal later only if nothing was added or removed since; empty when that cannot be promised.
    ``base`` lets the store list only what was appended since; ``whole`` is False for such a listing. No item is
    opened for it, so the version of an item that never changes is empty.
    """

    versions: Mapping[str, str]
    stamp: str = ""
    base: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """An item open for reading: size in bytes, when the mailbox got it, whether it is flagged as a draft."""

    file: BinaryIO
    size: int
    received_at: datetime
    is_draft: bool = False


class Store(Protocol):
    """The items of one folder or file. Never writes. Raises ``OSError``; a missing item is ``FileNotFoundError``."""

    def is_there(self) -> bool:
        """Whether the folder or file itself exists: a missing item says nothing when it does not."""
        ...

    def stamp(self) -> str:
        """The stamp that a listing made now would have, without listing."""
        ...

    def list(self, base: str = "") -> Listing: ...

    def open(self, item: str) -> AbstractContextManager[Opened]:
        """Opens an item under whatever name it has now."""
        ...

    def fingerprint(self, item: str) -> str:
        """Changes with what could make an unreadable item readable and leave no trace in the listing; or empty."""
        ...


def open_regular(path: Path) -> BinaryIO:
    """Opens a plain file for reading; refuses links, pipes and devices with ``OSError``."""
    descriptor = os.open(path, _READ_FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        return cast(BinaryIO, os.fdopen(descriptor, "rb"))
    except BaseException:
        os.close(descriptor)
        raise


def trusted_stamp(clock: Clock, *statuses: os.stat_result) -> str:
    """The modification times as one word, or nothing when one is too young, or from the future, to prove anything."""
    now_ns = int(clock.now().timestamp() * 1_000_000_000)
    if any(now_ns - status.st_mtime_ns < SAFE_AGE_NS for status in statuses):
        return ""
    return ".".join(str(status.st_mtime_ns) for status in statuses)


def version_of(status: os.stat_result) -> str:
    """The version of a file that programs write into or replace."""
    return f"{status.st_mtime_ns}.{status.st_size}"


def fingerprint_of(status: os.stat_result) -> str:
    """What ``Store.fingerprint`` answers for a file."""
    return f"{version_of(status)}.{status.st_ctime_ns}.{status.st_mode}"


def utc(seconds: float) -> datetime:
    """A time stamp of a file as an aware time; nonsense stamps become the epoch."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
