"""What the database knows of a mailbox, kept in memory: implements ``ports.Known`` for the suites."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence

from syncagent.model import Ref


class MemoryKnown:
    """Marks and logged refs of one mailbox."""

    def __init__(self) -> None:
        self._marks: dict[str, dict[str, str]] = {}
        self.logged: set[Ref] = set()

    def key(self, stream: str, item: str) -> str:
        return hmac.new(b"secret", f"{stream}\0{item}".encode(), hashlib.sha256).hexdigest()[:32]

    def marks(self, stream: str, keys: Sequence[str]) -> Mapping[str, str]:
        marks = self._marks.get(stream, {})
        return {key: marks[key] for key in keys if key in marks}

    def all_marks(self, stream: str) -> Iterator[tuple[str, str]]:
        yield from sorted(self._marks.get(stream, {}).items())

    def refs(self, stream: str, prefix: str = "") -> Sequence[str]:
        return sorted(ref.id for ref in self.logged if ref.stream == stream and ref.id.startswith(prefix))

    def store(self, stream: str, marks: Mapping[str, str | None]) -> None:
        """What the commit of a page does with its marks."""
        kept = self._marks.setdefault(stream, {})
        for key, value in marks.items():
            if value is None:
                kept.pop(key, None)
            else:
                kept[key] = value
