"""Small helpers for tests that lay out a mailbox on disk by hand."""

from __future__ import annotations

import os
from pathlib import Path

from connectors.files.source import FilesSource
from syncagent.clock import FixedClock, StopSignal
from syncagent.model import Stream
from tests.contract.known import MemoryKnown
from tests.contract.reader import Reader
from tests.contract.world import NOW, Purse, make_surroundings

#: Long enough ago for a directory's time stamp to be trusted.
LONG_AGO = NOW.timestamp() - 86_400 * 400


class Tree:
    """A mailbox below ``root`` and a reader of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known = MemoryKnown()
        self.stop = StopSignal()
        self.clock = FixedClock(NOW)
        self.surroundings = make_surroundings(self.known, self.clock, self.stop, Purse())
        root.mkdir(exist_ok=True)

    def source(self) -> FilesSource:
        return FilesSource(self.root, self.surroundings)

    def reader(self) -> Reader:
        return Reader(self.source, self.known)

    def streams(self) -> dict[str, Stream]:
        """The streams by their ids."""
        return {stream.id: stream for stream in self.source().streams()}

    def write(self, name: str, raw: bytes | str = b"") -> Path:
        """A file with all its folders."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
        return path

    def age(self) -> None:
        """Makes everything old, folders too, so that time stamps are trusted."""
        for path in [*self.root.rglob("*"), self.root]:
            os.utime(path, (LONG_AGO, LONG_AGO))


def mail(number: int = 1, subject: str = "Salam") -> str:
    """A message as a file holds it."""
    return (
        f"Message-ID: <{number}@neft.example>\nDate: Tue, 20 Oct 2026 10:{number % 60:02d}:00 +0400\n"
        f"From: Rauf <rauf@neft.example>\nTo: leyla@bizim.az\nSubject: {subject}\n\nMətn {number}.\n"
    )
