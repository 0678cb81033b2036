"""One pass of the real pipeline that kills itself at a named point; a program of its own, started by ``test_kill``.

It writes each glimpse to stdout before it goes on, so that whoever kills it from outside knows where it hit.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from syncagent.clock import StopSignal
from syncagent.config import load
from syncagent.ports import Glimpse
from syncagent.wiring import open_house
from syncagent.work import whole_pass


class Killer:
    """An observer that ends its own process, without any chance to clean up, at the nth sight of a point."""

    def __init__(self, point: str, nth: int) -> None:
        self._point, self._left = point, nth

    def saw(self, glimpse: Glimpse) -> None:
        os.write(1, f"{glimpse.point.value} {glimpse.seen}\n".encode())
        if glimpse.point.value == self._point:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    config, now, point, nth = sys.argv[1:5]
    house = open_house(load(Path(config)), now=datetime.fromisoformat(now))
    os.write(1, b"ready 0\n")
    whole_pass(house, StopSignal(), Killer(point, int(nth)))
    os.write(1, b"finished 0\n")


if __name__ == "__main__":
    main()
