"""A signal asks to stop, a second Ctrl-C insists, and the handlers of before come back."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from syncagent.clock import StopSignal
from syncagent.daemon.signals import asked_by_signals

pytestmark = pytest.mark.skipif(os.name == "nt", reason="os.kill means something else there")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_asks_to_stop(number: signal.Signals) -> None:
    stop = StopSignal()
    before = signal.getsignal(number)
    with asked_by_signals(stop):
        os.kill(os.getpid(), number)
        assert stop.wait(10)
    assert signal.getsignal(number) is before


def test_a_second_ctrl_c_interrupts() -> None:
    stop = StopSignal()
    with pytest.raises(KeyboardInterrupt), asked_by_signals(stop):
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(10)
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(10)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_nohup_is_respected() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stop = StopSignal()
        with asked_by_signals(stop):
            os.kill(os.getpid(), signal.SIGHUP)
            assert not stop.wait(0.1)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_another_thread_hears_no_signals() -> None:
    before = signal.getsignal(signal.SIGTERM)
    inside: list[object] = []

    def look() -> None:
        with asked_by_signals(StopSignal()):
            inside.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert inside == [before]
