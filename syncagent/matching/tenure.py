"""Answers for who held something at a given time (an address, a membership, a domain); standard library only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Generic, TypeVar

Key = TypeVar("Key", str, int)
Holding = tuple[int, datetime | None, datetime | None]  # holder, since, until

_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Tenures(Generic[Key]):
    """Keys and their holders over time; the order in which the rows come makes no difference.

    Nearly every key has one holder and no dates. Such a key keeps the bare holder instead of a tuple of tuples, which
    is more than half of the memory that an index of 100,000 people takes.
    """

    __slots__ = ("_held",)

    def __init__(self, rows: Iterable[tuple[Key, int, datetime | None, datetime | None]]) -> None:
        held: dict[Key, int | tuple[Holding, ...]] = {}
        for key, holder, since, until in rows:
            before: int | tuple[Holding, ...] | None = held.get(key)
            always = since is None and until is None
            if always and (before is None or before == holder):
                held[key] = holder
            else:
                held[key] = (*_holdings(before), (holder, since, until))
        for key, value in held.items():
            if isinstance(value, tuple):
                held[key] = tuple(sorted(set(value), key=_newest_first))
        self._held: dict[Key, int | tuple[Holding, ...]] = held

    def __contains__(self, key: object) -> bool:
        """Whether anybody held it at any time."""
        return key in self._held

    def __iter__(self) -> Iterator[Key]:
        return iter(self._held)

    def at(self, key: Key, when: datetime | None) -> tuple[int, ...]:
        """The distinct holders at ``when``, who began last first; without a time those whose tenure has no end."""
        value = self._held.get(key)
        if value is None:
            return ()
        if isinstance(value, int):
            return (value,)
        return tuple(dict.fromkeys(holder for holder, since, until in value if _holds(since, until, when)))

    def held_by(self, holders: Collection[int]) -> Iterator[Key]:
        """The keys that any of ``holders`` held at any time."""
        for key, value in self._held.items():
            if any(holder in holders for holder, _, _ in _holdings(value)):
                yield key


def _holdings(value: int | tuple[Holding, ...] | None) -> tuple[Holding, ...]:
    return ((value, None, None),) if isinstance(value, int) else value or ()


def _holds(since: datetime | None, until: datetime | None, when: datetime | None) -> bool:
    if when is None:
        return until is None
    return (since is None or when >= since) and (until is None or when < until)


def _newest_first(holding: Holding) -> tuple[float, int]:
    holder, since, _ = holding
    return (-((since or _EARLIEST) - _EARLIEST).total_seconds(), holder)
