"""Answers for one pass over one mailbox: every stream in its turn, and what stops how much of the rest."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from syncagent.crm import mailboxes, pages
from syncagent.crm.mailboxes import StreamState
from syncagent.errors import Retry, Scope, Stopped, StreamGone, SyncAgentError
from syncagent.model import Span
from syncagent.ports import Stop
from syncagent.sync.page import Desk
from syncagent.sync.stream import read_forward, retry_failures, search
from syncagent.vocabulary import Role

log = logging.getLogger(__name__)

#: What is read first: where somebody waits. Search goes last, after everything that is new.
_ORDER = (Role.INBOX, Role.SENT, Role.CALENDAR, Role.DRAFTS, Role.OTHER, Role.ARCHIVE, Role.TRASH, Role.JUNK)


class Bug(SyncAgentError):
    """A fault of the program itself: logged with its traceback, kept away from the other streams."""

    scope = Scope.STREAM
    retry = Retry.AT


@dataclass(slots=True)
class MailboxResult:
    """How a pass over a mailbox went; ``troubles`` by stream name, "" for the whole mailbox."""

    mailbox: str
    streams: int = 0
    troubles: dict[str, SyncAgentError] = field(default_factory=dict)


def sync_mailbox(desk: Desk, stop: Stop) -> MailboxResult:
    """Reads a mailbox: new mail first, then failures that are due, then history.

    Raises ``Stopped`` and errors of the whole process; everything else is kept with its stream.
    """
    result = MailboxResult(desk.mailbox.settings.name)
    try:
        streams = _streams(desk)
    except Exception as error:  # noqa: BLE001 - one mailbox's trouble must not stop the others
        _note(desk, _known(desk), _trouble(error), result, "")
        return result
    result.streams = len(streams)
    compared: list[tuple[StreamState, Span]] = []
    for number, stream in enumerate(streams):
        try:
            complete = read_forward(desk, stream, stop)
            if complete is not None:
                compared.append((stream, complete))
            retry_failures(desk, stream, stop)
        except Exception as error:  # noqa: BLE001 - one stream's trouble, even a bug, must not stop the others
            trouble = _trouble(error)
            rest = [stream, *streams[number + 1 :]] if trouble.scope in (Scope.CONNECTION, Scope.MAILBOX) else [stream]
            _note(desk, rest, trouble, result, stream.stream.name)
            if len(rest) > 1:
                return result
    _compare(desk, compared)
    _search(desk, streams, stop, result)
    return result


def _compare(desk: Desk, reread: list[tuple[StreamState, Span]]) -> None:
    """Only when every folder of the round was read is it known what is gone: a move is a removal and an arrival."""
    for stream, span in reread:
        now = desk.clocks.system.now()
        with desk.database.write() as connection:
            gone = pages.end_round(connection, stream.id, span, now=now)
        log.info("re-read compared", extra={"action": "reread_compared", "gone": gone})


def _search(desk: Desk, streams: list[StreamState], stop: Stop, result: MailboxResult) -> None:
    for stream in streams:
        if stream.stream.name in result.troubles:
            continue
        try:
            search(desk, stream, stop)
        except Exception as error:  # noqa: BLE001 - as above: kept with its stream
            _note(desk, [stream], _trouble(error), result, stream.stream.name)


def _streams(desk: Desk) -> list[StreamState]:
    now = desk.clocks.system.now()
    listed = desk.source.streams()
    states = desk.database.retrying(
        lambda connection: mailboxes.adopt_streams(connection, desk.mailbox.id, listed, now=now)
    )
    ready = [one for one in states if one.retry_at is None or one.retry_at <= now]
    return sorted(ready, key=lambda one: (_ORDER.index(one.stream.role), one.id))


def _known(desk: Desk) -> list[StreamState]:
    with desk.database.read() as connection:
        return mailboxes.streams(connection, desk.mailbox.id)


def _trouble(error: Exception) -> SyncAgentError:
    """The error as one of ours. Raises it on when it concerns the whole process."""
    if not isinstance(error, SyncAgentError):
        log.error("unexpected error", exc_info=error, extra={"action": "bug"})
        return Bug(
            "An unexpected error stopped this folder.",
            cure="It is tried again in the next pass; please report it with the log.",
            detail=type(error).__name__,
        )
    if isinstance(error, Stopped) or error.scope is Scope.PROCESS:
        raise error
    return error


def _note(desk: Desk, streams: list[StreamState], error: SyncAgentError, result: MailboxResult, name: str) -> None:
    result.troubles[name] = error
    if isinstance(error, StreamGone):
        log.info("stream gone", extra={"action": "stream_gone"})
    now = desk.clocks.system.now()
    if streams:
        desk.database.retrying(
            lambda connection: mailboxes.went_wrong(connection, [one.id for one in streams], error, now=now)
        )
