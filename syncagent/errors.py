"""Answers for what can go wrong: each error says how much it stops (scope) and when to try again (retry).

Two texts belong to every error. ``message`` is for the user: one sentence that says what happened, followed by
``cure``, what to do about it. ``detail`` is for the log and must already be free of secrets, addresses and mail text.
Vendor and library errors are translated into these at the border (connectors, crm) and nowhere else; everything that
is not a ``SyncAgentError`` is a bug and is treated as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """How much of the work an error stops."""

    ITEM = "item"
    STREAM = "stream"
    CONNECTION = "connection"
    MAILBOX = "mailbox"
    PROCESS = "process"


class Retry(StrEnum):
    """When the same thing may be tried again."""

    NOW = "now"
    AT = "at"  # at ``retry_at``, or after the back-off of whoever asks when that is None
    AFTER_USER = "after_user"
    NEVER = "never"


class ExitCode:
    """Exit codes of the command line, fixed by the outside interface."""

    DONE = 0
    ATTENTION = 1
    USAGE = 2
    RUNNING = 3
    SURROUNDINGS = 4


class SyncAgentError(Exception):
    """The base of every expected failure."""

    scope: Scope = Scope.PROCESS
    retry: Retry = Retry.NEVER
    exit_code: int = ExitCode.ATTENTION

    def __init__(self, message: str, *, cure: str = "", detail: str = "", retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.detail = detail
        self.retry_at = retry_at

    @property
    def code(self) -> str:
        """The class name: a stable word for logs and stored failures."""
        return type(self).__name__

    @property
    def sentence(self) -> str:
        """Message and cure as the user reads them."""
        return f"{self.message} {self.cure}".strip()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in something that a user wrote: where (dotted path or file:line) and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class ConfigProblems(SyncAgentError):
    """The configuration, a rule file or an import cannot be used; lists everything found at once."""

    exit_code = ExitCode.USAGE

    def __init__(self, source: str, problems: Sequence[Problem], *, cure: str = "") -> None:
        listed = "; ".join(str(problem) for problem in problems)
        super().__init__(f"{source}: {listed}", cure=cure)
        self.source = source
        self.problems = tuple(problems)


class AuthNeeded(SyncAgentError):
    """The provider wants a person to sign in again; hammering it would lock the account."""

    scope = Scope.CONNECTION
    retry = Retry.AFTER_USER


class AccessDenied(SyncAgentError):
    """Signed in, but not allowed: a permission, policy or file mode is missing."""

    scope = Scope.MAILBOX
    retry = Retry.AFTER_USER


class RateLimited(SyncAgentError):
    """The provider asks to slow down until ``retry_at``."""

    scope = Scope.MAILBOX
    retry = Retry.AT


class Unreachable(SyncAgentError):
    """The provider, folder or network cannot be reached now."""

    scope = Scope.CONNECTION
    retry = Retry.AT


class CursorLost(SyncAgentError):
    """The cursor is no longer accepted; only the sync core may order the bounded re-read that follows."""

    scope = Scope.STREAM
    retry = Retry.NOW


class StreamGone(SyncAgentError):
    """The folder or calendar no longer exists at the source."""

    scope = Scope.STREAM
    retry = Retry.AT


class BadItem(SyncAgentError):
    """One item cannot be read; the rest of the stream goes on."""

    scope = Scope.ITEM
    retry = Retry.AT


class Unsupported(SyncAgentError):
    """The provider or file cannot do what was asked."""

    scope = Scope.STREAM
    retry = Retry.NEVER


class WriteRefused(SyncAgentError):
    """A write that is not on the allow-list was stopped before it left: always a bug of ours (promise 1)."""

    scope = Scope.PROCESS
    retry = Retry.NEVER


class StoreError(SyncAgentError):
    """The database cannot be used: full disk, locked, read-only, or newer than the program."""

    scope = Scope.PROCESS
    retry = Retry.AT
    exit_code = ExitCode.SURROUNDINGS


class PeopleChanged(SyncAgentError):
    """The page was judged with an older version of the people; nothing was written, judge it again."""

    scope = Scope.STREAM
    retry = Retry.NOW


class AlreadyRunning(SyncAgentError):
    """Another syncagent works on this database."""

    exit_code = ExitCode.RUNNING


class NotFound(SyncAgentError):
    """Nothing has the id or name that was asked for."""

    exit_code = ExitCode.USAGE


class Stopped(SyncAgentError):
    """A stop was requested; what was committed stays, the rest is done next time."""

    scope = Scope.PROCESS
    retry = Retry.NOW
    exit_code = ExitCode.DONE
