"""Answers for one whole pass of the main job: read all, decide what is due, place drafts, learn their fate."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from syncagent.config_keys import Config
from syncagent.crm import rehearsal, schema
from syncagent.crm.database import Database
from syncagent.drafting.due import decide_due
from syncagent.drafting.outbox import Outbox, place_all, settle_vanished
from syncagent.drafting.paper import PaperBox
from syncagent.model import DraftMail
from syncagent.ports import Observer, Stop
from syncagent.secrets import KEY_BYTES, installation_key
from syncagent.sync.mailbox import MailboxResult
from syncagent.sync.passes import sync_all
from syncagent.wiring import House, OpenMailbox, open_house


@dataclass(slots=True)
class PassResult:
    """What a pass did."""

    mailboxes: list[MailboxResult] = field(default_factory=list)
    planned: int = 0
    placed: int = 0
    papers: list[DraftMail] = field(default_factory=list)  # drafts that a rehearsal would have placed

    @property
    def troubled(self) -> bool:
        """Whether a person should look at it."""
        return any(result.troubles for result in self.mailboxes)


def whole_pass(house: House, stop: Stop, observer: Observer, *, names: Sequence[str] = ()) -> PassResult:
    """Does the main job once. Every step may be cut off and is taken up again by the next pass.

    Raises ``Stopped`` and errors of the whole process; a mailbox's own trouble is in the result and in ``status``.
    """
    with ExitStack() as stack:
        boxes = _opened(house, stack, stop, observer, names)
        return _do(house, boxes, stop)


def _opened(house: House, stack: ExitStack, stop: Stop, observer: Observer, names: Sequence[str]) -> list[OpenMailbox]:
    boxes = [house.open_mailbox(row, stop, observer) for row in house.chosen(names)]
    for box in boxes:
        stack.callback(box.close)
    return boxes


def _do(house: House, boxes: Sequence[OpenMailbox], stop: Stop) -> PassResult:
    result = PassResult(mailboxes=sync_all([box.desk for box in boxes], stop))
    whole = {one.mailbox for one in result.mailboxes if "" not in one.troubles}
    for box in boxes:
        if box.outbox.mailbox.settings.name in whole:
            settle_vanished(box.outbox)
    result.planned = decide_due(house.bench())
    for box in boxes:
        if not stop.requested():
            result.placed += place_all(box.outbox)
    return result


@contextmanager
def rehearsed(
    config: Config, stop: Stop, observer: Observer, *, now: datetime | None = None, names: Sequence[str] = ()
) -> Iterator[tuple[House, PassResult]]:
    """A pass of which nothing remains: on a copy of the database, with drafts that go on paper.

    Gives the house of the copy, to be looked into until the block ends, and what the pass did. The copy is a SQLite
    file in a temporary folder whatever the real database is, so that no writer is held up; a database that does not
    exist
    yet is not created.
    """
    with _copied(config, now) as copy, ExitStack() as stack:
        papers = PaperBox()
        boxes = [
            OpenMailbox(
                box.desk, Outbox(copy.bench(), box.outbox.mailbox, papers, box.desk.source, observer), box.network
            )
            for box in _opened(copy, stack, stop, observer, names)
        ]
        result = _do(copy, boxes, stop)
        result.papers = papers.drafts
        yield copy, result


@contextmanager
def _copied(config: Config, now: datetime | None) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="syncagent-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'rehearsal.db'}")
        original = Database(config.agent.database)
        try:
            exists = original.file is None or original.file.exists()
            if exists:
                schema.ensure(original)
                rehearsal.copy(original, database)
            # Without a database there are no marks to recognise, so any key will do and none is made.
            secret = installation_key(config.secrets) if exists else os.urandom(KEY_BYTES)
            yield open_house(config, now=now, database=database, secret=secret)
        finally:
            original.close()
            database.close()
