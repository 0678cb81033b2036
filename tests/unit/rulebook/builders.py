"""Makes the meetings that the tests of the rulebook are about: one plain meeting, changed where a test needs it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from syncagent.rulebook.facts import Colleague, MeetingFacts, Person, StreamState, Written
from syncagent.rulebook.load import find_rules_folder, load
from syncagent.rulebook.rule import Rule
from syncagent.vocabulary import InteractionState

START = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
NOW = END + timedelta(minutes=30)

NIGAR = Person("Nigar Quliyeva", "nigar@musteri.example", "az", stakeholder_id=1)
RASHAD = Person("Rəşad Hüseynov", "rashad@musteri.example", "az", stakeholder_id=2)
AYSEL = Person("Aysel Məmmədova", "aysel@musteri.example", "az", stakeholder_id=3)
EMMA = Person("Emma Collins", "emma@customer.example", "en", stakeholder_id=4)
OLGA = Person("Ольга Петрова", "olga@customer.example", "ru", stakeholder_id=5)
ELIF = Person("Elif Yılmaz", "elif@customer.example", "tr", stakeholder_id=6)

KAMRAN = Colleague("Kamran Səfərov", "kamran@bizim.example", "az", "Asia/Baku")
SEVDA = Colleague("Sevda Kərimova", "sevda@bizim.example", "en", "Europe/London")

READ_ALL = (StreamState("kamran", "Sent", NOW), StreamState("kamran", "INBOX", NOW))
THANKS = Written(END + timedelta(minutes=10), KAMRAN.email, NIGAR.email, "thanks@bizim.example")


def meeting(**changes: Any) -> MeetingFacts:
    """A meeting with one stakeholder that has ended, of which nothing but the bare entry is known."""
    plain = MeetingFacts(
        interaction_id=7,
        subject="",
        start_at=START,
        end_at=END,
        all_day=False,
        zone="Asia/Baku",
        state=InteractionState.DONE,
        meeting_kind="meeting",
        private=False,
        internal=False,
        accounts=("Müştəri MMC",),
        key_account=True,
        took_part=(NIGAR,),
        ours=(KAMRAN,),
        actor=KAMRAN,
        actor_mailbox="kamran",
        agenda=(),
        documents=(),
        next_meeting_at=None,
        next_meeting_subject="",
        written=(),
        rests_on=READ_ALL,
    )
    return dataclasses.replace(plain, **changes)


@cache
def formal() -> Rule:
    """The shipped rule ``follow_up/formal``."""
    return load([find_rules_folder()]).rules["follow_up/formal"]
