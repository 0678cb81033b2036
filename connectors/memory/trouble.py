"""Answers for failures to order: what goes wrong at which call, how often, and before or after the work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Call(StrEnum):
    """The calls of ``Source`` and ``DraftBox`` that can fail."""

    STREAMS = "streams"
    BASELINE = "baseline"
    PULL = "pull"
    SEARCH = "search"
    FETCH = "fetch"
    REVISIT = "revisit"
    LOCATE = "locate"
    PLACE = "place"
    FIND = "find"
    WITHDRAW = "withdraw"
    ANNOTATE = "annotate"
    DELIVER = "deliver"


@dataclass(slots=True)
class _Order:
    """One failure to come: after ``wait`` calls that go well, the next ``times`` raise ``error``."""

    error: BaseException
    times: int
    wait: int
    is_late: bool


@dataclass(slots=True)
class Trouble:
    """What is ordered to go wrong in a mailbox, and what makes its answers awkward but right.

    ``hook`` is called with every call before it is answered: it may advance a clock (latency), change the mailbox
    under the reader's hands, request a stop or raise. ``repeats`` hands the last change of a page over again on the
    next one; ``shuffles`` brings the changes of a page in another order, the same for the same cursor.
    ``blind_finds`` is the number of times that ``find`` cannot tell, as with an index that lags behind.
    """

    hook: Callable[[Call], None] | None = None
    repeats: bool = False
    shuffles: bool = False
    blind_finds: int = 0
    calls: list[Call] = field(default_factory=list)
    _orders: dict[Call, list[_Order]] = field(default_factory=dict)

    def fail(self, call: Call, error: BaseException, *, times: int = 1, wait: int = 0) -> None:
        """The call raises ``error`` before anything is done: the next ``times`` times, after ``wait`` good ones."""
        self._orders.setdefault(call, []).append(_Order(error, times, wait, is_late=False))

    def fail_late(self, call: Call, error: BaseException, *, times: int = 1, wait: int = 0) -> None:
        """The call does its work, then raises ``error`` instead of answering: a crash between stored and returned."""
        self._orders.setdefault(call, []).append(_Order(error, times, wait, is_late=True))

    def clear(self) -> None:
        """Takes back all orders for failures."""
        self._orders.clear()

    @contextmanager
    def around(self, call: Call) -> Iterator[None]:
        """Carries out what is ordered for a call, around its work."""
        self.calls.append(call)
        if self.hook is not None:
            self.hook(call)
        order = self._take(call)
        if order is not None and not order.is_late:
            raise order.error
        yield
        if order is not None:
            raise order.error

    def _take(self, call: Call) -> _Order | None:
        for order in self._orders.get(call, []):
            if order.wait:
                order.wait -= 1
                return None
            if order.times:
                order.times -= 1
                return order
        return None
