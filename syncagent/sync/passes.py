"""Answers for one pass over all mailboxes: side by side, one in trouble never slowing the others."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from syncagent.errors import Stopped
from syncagent.ports import Stop
from syncagent.sync.mailbox import MailboxResult, sync_mailbox
from syncagent.sync.page import Desk

#: Mailboxes read at the same time. Most of the time is waiting for a provider, but the database has one writer.
AT_ONCE = 8


def sync_all(desks: Sequence[Desk], stop: Stop) -> list[MailboxResult]:
    """Reads every mailbox. Raises ``Stopped`` after all have come to a halt, and errors of the whole process."""
    if len(desks) == 1:
        return [sync_mailbox(desks[0], stop)]
    results: list[MailboxResult] = []
    stopped: Stopped | None = None
    with ThreadPoolExecutor(max_workers=max(1, min(AT_ONCE, len(desks))), thread_name_prefix="mailbox") as pool:
        for future in [pool.submit(sync_mailbox, desk, stop) for desk in desks]:
            try:
                results.append(future.result())
            except Stopped as error:
                stopped = error
    if stopped is not None:
        raise stopped
    return results
