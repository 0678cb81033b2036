"""Answers for files that appear whole or not at all; touches the one file that it is told to write, and its folder."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from syncagent.errors import StoreError


def write_whole(path: Path, content: bytes) -> None:
    """Puts ``content`` at ``path``, durably; whatever goes wrong, what was there before stays as it was.

    Makes the folder. Raises ``StoreError`` with the reason: no space, no right.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(draft, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written ({error.strerror or type(error).__name__}).",
            cure="Check the free space and the permissions of its folder, then try again.",
        ) from error
