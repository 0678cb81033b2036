"""Answers for a folder whose items are files of their own (.eml, .ics): lists and opens them; never writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from connectors.files.names import readable
from connectors.files.stores import Listing, Opened, fingerprint_of, open_regular, utc, version_of


class SingleFiles:
    """The files of one folder that end in ``suffix``, whatever the case; the name is the item's id.

    Programs write into such files and replace them, which leaves the folder's time as it is: each listing looks
    at every file's time and size, and there is no stamp.
    """

    def __init__(self, path: Path, suffix: str) -> None:
        self._path = path
        self._suffix = suffix
        self._names: dict[str, str] = {}

    def is_there(self) -> bool:
        return self._path.is_dir()

    def stamp(self) -> str:
        return ""

    def list(self, base: str = "") -> Listing:
        found: list[tuple[int, str, str]] = []
        names: dict[str, str] = {}
        with os.scandir(self._path) as listing:
            for entry in listing:
                if not entry.name.lower().endswith(self._suffix) or entry.name[0] == ".":
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # removed while we list
                if entry.is_file(follow_symlinks=False):
                    item = readable(entry.name)
                    names[item] = entry.name
                    found.append((status.st_mtime_ns, item, version_of(status)))
        self._names = names
        return Listing({item: version for _, item, version in sorted(found)})

    @contextmanager
    def open(self, item: str) -> Iterator[Opened]:
        with open_regular(self.path_of(item)) as file:
            status = os.fstat(file.fileno())
            _pass_envelope(file)
            yield Opened(file, status.st_size, utc(status.st_mtime))

    def fingerprint(self, item: str) -> str:
        return fingerprint_of(self.path_of(item).stat(follow_symlinks=False))

    def path_of(self, item: str) -> Path:
        """Where the item lies. Raises ``FileNotFoundError``."""
        if item not in self._names:
            self.list()
        if item not in self._names:
            raise FileNotFoundError(item)
        return self._path / self._names[item]


def _pass_envelope(file: BinaryIO) -> None:
    """Leaves out the ``From `` line that programs put before a message taken out of an mbox."""
    if file.read(5) == b"From ":
        file.readline()
    else:
        file.seek(0)
