"""Answers for what the operating system refuses: turns ``OSError`` into the errors of the house, each with its cure."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from syncagent.errors import AccessDenied, Scope, StoreError, StreamGone, SyncAgentError, Unreachable

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})


def code_of(error: OSError) -> str:
    """The symbolic name of an error: all that may go to a log, since the rest of it quotes names of files."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


def reading(error: OSError, what: str, *, scope: Scope = Scope.STREAM) -> SyncAgentError:
    """The error of the house for a folder or file that could not be read; ``what`` names it for the user."""
    if isinstance(error, PermissionError):
        denied = AccessDenied(
            f"{what} may not be read.",
            cure="Give the user that runs syncagent the right to read it, with everything in it (chmod -R u+rX).",
            detail=code_of(error),
        )
        denied.scope = scope
        return denied
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return StreamGone(
            f"{what} is no longer there.",
            cure="Put it back, or ignore this if it was removed on purpose.",
            detail=code_of(error),
        )
    return Unreachable(
        f"{what} cannot be read now.",
        cure="Look whether its disk or network drive is mounted and healthy.",
        detail=code_of(error),
    )


def writing(error: OSError, what: str) -> SyncAgentError:
    """The error of the house for a file that could not be written; nothing half-written is left behind."""
    if error.errno in _FULL:
        full = StoreError(
            f"There is no room for {what}.", cure="Make room on the disk or raise its quota.", detail=code_of(error)
        )
        full.scope = Scope.MAILBOX
        return full
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return AccessDenied(
            f"{what} may not be written.",
            cure="Give the user that runs syncagent the right to write into the mailbox's Drafts folder and inbox.",
            detail=code_of(error),
        )
    return Unreachable(
        f"{what} cannot be written now.",
        cure="Look whether the mailbox's disk or network drive is mounted and healthy.",
        detail=code_of(error),
    )


@contextmanager
def reading_of(what: str) -> Iterator[None]:
    """Translates what goes wrong while ``what`` is read."""
    try:
        yield
    except OSError as error:
        raise reading(error, what) from error


@contextmanager
def writing_of(what: str) -> Iterator[None]:
    """Translates what goes wrong while ``what`` is written."""
    try:
        yield
    except OSError as error:
        raise writing(error, what) from error
