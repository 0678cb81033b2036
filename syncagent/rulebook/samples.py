"""Answers for the sample meetings on which ``syncagent rules check`` tries every letter: all is known, or nothing."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from syncagent.rulebook.facts import Colleague, MeetingFacts, Person, StreamState
from syncagent.vocabulary import InteractionState

_ACTOR = Colleague("Kamran Səfərov", "kamran@bizim.example", "az", "Asia/Baku", "Kamran Səfərov\nBizim MMC")

_PEOPLE = (
    Person("Nigar Quliyeva", "nigar@musteri.example", "az", salutation="xanım", contact_person=True, stakeholder_id=1),
    Person("Rəşad Hüseynov", "rashad@musteri.example", "az", stakeholder_id=2),
    Person("", "info@musteri.example", ""),
    Person("Emma Collins", "emma@musteri.example", "en", salutation="Ms", stakeholder_id=3),
)

_END = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

#: A moment at which a follow-up of the samples is due to be looked at.
NOW = _END + timedelta(hours=1)

_FULL = MeetingFacts(
    interaction_id=1,
    subject="Təchizat şərtləri <2027> & endirimlər",
    start_at=_END - timedelta(hours=1),
    end_at=_END,
    all_day=False,
    zone="Asia/Baku",
    state=InteractionState.DONE,
    meeting_kind="meeting",
    private=False,
    internal=False,
    accounts=("Müştəri MMC",),
    key_account=True,
    took_part=_PEOPLE[:1],
    ours=(_ACTOR,),
    actor=_ACTOR,
    actor_mailbox="kamran",
    agenda=("Qiymətlər", "Çatdırılma müddətləri"),
    documents=("Qiymət cədvəli.xlsx",),
    next_meeting_at=_END + timedelta(days=14),
    next_meeting_subject="Müqavilə layihəsi",
    written=(),
    rests_on=(StreamState("kamran", "Sent", NOW),),
)

SAMPLES: tuple[MeetingFacts, ...] = (
    _FULL,
    dataclasses.replace(
        _FULL,
        subject="",
        agenda=(),
        documents=(),
        next_meeting_at=None,
        next_meeting_subject="",
        took_part=_PEOPLE[1:2],
    ),
    dataclasses.replace(_FULL, meeting_kind="call", next_meeting_subject="", took_part=_PEOPLE[:3]),
    dataclasses.replace(_FULL, meeting_kind="meal", took_part=_PEOPLE, actor=dataclasses.replace(_ACTOR, signature="")),
    dataclasses.replace(_FULL, meeting_kind="other", agenda=("",), documents=()),
)
