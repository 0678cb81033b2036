"""Answers for turning SIGTERM and Ctrl-C into a request to stop; touches the signal handlers and gives them back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from syncagent.clock import StopSignal

_ASKING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


@contextmanager
def asked_by_signals(stop: StopSignal) -> Iterator[None]:
    """A block in which the first signal requests a stop, and a second Ctrl-C interrupts at once.

    Only the main thread of a process hears signals; in any other this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(number: int, _frame: FrameType | None) -> None:
        if stop.requested() and number == signal.SIGINT:
            raise KeyboardInterrupt
        # From a thread of its own: this may interrupt the very moment in which the main thread holds the event's lock.
        threading.Thread(target=stop.request, name="stop").start()

    before = {number: signal.signal(number, ask) for number in _ASKING if not _left_alone(number)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)


def _left_alone(number: int) -> bool:
    """Whoever starts us with nohup wants us to live on when the terminal is closed."""
    return number == getattr(signal, "SIGHUP", None) and signal.getsignal(number) is signal.SIG_IGN
