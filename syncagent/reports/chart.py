"""Answers for drawing: a Vega-Lite specification to PNG, in a child process that ends with the picture.

The renderer holds 84 MB once it is loaded, so neither the daemon nor a command ever loads it: ``png`` starts Python
on this very file, which reads the specification as JSON from its input and writes the PNG to its output. Offline: the
renderer may fetch nothing. Touches no file.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)

#: The first picture takes half a second on an idle machine.
TIMEOUT_S = 60.0

#: Two points for each pixel of the page, so that a picture is sharp on dense screens.
_SCALE = 2.0

#: Fixed, so that a new version of the library draws the same.
_VEGA_LITE = "v5.20"

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(spec: Mapping[str, Any], *, timeout_s: float = TIMEOUT_S) -> bytes | None:
    """The picture, or None when it could not be drawn; never raises, and says in the log what went wrong.

    Blocks until the child has ended, at most ``timeout_s`` seconds.
    """
    # The file and not the module, which would load more of us; -P, so that no file beside it poses as a library.
    command = [sys.executable, "-P", __file__]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(spec).encode("ascii"),
            capture_output=True,
            timeout=timeout_s,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        log.warning("chart not drawn: no picture within %g s", timeout_s)
        return None
    except OSError as error:
        log.warning("chart not drawn: the renderer could not be started: %s", error.strerror)
        return None
    if done.returncode != 0 or not done.stdout.startswith(_SIGNATURE):
        log.warning("chart not drawn: the renderer ended with code %d: %s", done.returncode, _error_in(done.stderr))
        return None
    return done.stdout


def _error_in(said: bytes) -> str:
    """The name of the error in a traceback; what follows it may quote names out of the report."""
    lines = said.decode("utf-8", "replace").strip().splitlines() or ["nothing said"]
    return lines[-1].partition(":")[0][:80]


def main() -> None:
    """The child: one specification in, one picture out."""
    import vl_convert

    picture = vl_convert.vegalite_to_png(
        json.load(sys.stdin.buffer), vl_version=_VEGA_LITE, scale=_SCALE, allowed_base_urls=[]
    )
    sys.stdout.buffer.write(picture)


if __name__ == "__main__":
    main()
