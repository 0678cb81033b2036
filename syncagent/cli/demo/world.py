"""Answers for the demo's world as a whole: the same for the same seed and time, another one for another seed. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncagent.cli.demo.cast import Cast, make_cast
from syncagent.cli.demo.letter import Letter
from syncagent.cli.demo.meeting_mail import meeting_mails
from syncagent.cli.demo.meetings import Meeting, hushed, make_meetings
from syncagent.cli.demo.noise import Noise
from syncagent.cli.demo.threads import follow_ups, make_threads

INBOX, SENT, ARCHIVE, DRAFTS = "INBOX", "Sent", "Archive", "Drafts"

_ARCHIVED_AFTER = timedelta(days=25)


@dataclass(frozen=True, slots=True)
class Copy:
    """A letter as it lies in one mailbox."""

    mailbox: str
    folder: str
    letter: Letter
    seen: bool


@dataclass(frozen=True, slots=True)
class World:
    """Everything of one demo: people, mail in its folders, meetings."""

    seed: int
    now: datetime
    cast: Cast
    copies: tuple[Copy, ...]
    meetings: tuple[Meeting, ...]


def make_world(seed: int, now: datetime) -> World:
    """The world of ``seed`` as it stands at ``now`` (aware): the last 60 days of mail, meetings up to 30 days ahead."""
    now = now.replace(second=0, microsecond=0)
    # Each part draws from a source of its own, so that a change in one leaves the others as they were.
    cast = make_cast(random.Random(f"{seed}/cast"))
    meetings = make_meetings(random.Random(f"{seed}/meetings"), cast, now)
    rng = random.Random(f"{seed}/threads")
    business = [
        *make_threads(rng, cast, now, hushed(cast, meetings), count=rng.randrange(54, 60)),
        *follow_ups(rng, cast, meetings, now),
    ]
    letters = [*business, *meeting_mails(random.Random(f"{seed}/meeting mail"), cast, meetings, now)]
    letters += Noise(random.Random(f"{seed}/noise"), cast, now).letters(business)
    rng = random.Random(f"{seed}/folders")
    copies = [copy for letter in sorted(letters, key=_order) for copy in _copies(rng, cast, letter, now)]
    return World(seed, now, cast, tuple(copies), meetings)


def _order(letter: Letter) -> tuple[datetime, str]:
    return letter.at, letter.message_id


def _copies(rng: random.Random, cast: Cast, letter: Letter, now: datetime) -> list[Copy]:
    """Where a letter lies: with its author, and with each manager whom it names."""
    copies = []
    for manager in cast.managers:
        if letter.author.email == manager.emails[0]:
            copies.append(Copy(manager.mailbox, DRAFTS if letter.is_draft else SENT, letter, seen=True))
        elif manager.emails[0] in (named.email for named in (*letter.to, *letter.cc)):
            age = now - letter.at
            archived = age > _ARCHIVED_AFTER and rng.random() < 0.5
            unread = age < timedelta(hours=30) and rng.random() < 0.6
            copies.append(Copy(manager.mailbox, ARCHIVE if archived else INBOX, letter, seen=not unread))
    return copies
