"""The rows of the table in docs/rules/follow_up_formal.md, each as a meeting and the time to look."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta

from syncagent.rulebook.facts import MeetingFacts, StreamState
from syncagent.vocabulary import InteractionState
from tests.unit.rulebook.builders import END, NIGAR, NOW, RASHAD, THANKS, meeting

_UNREAD = (StreamState("kamran", "Sent", END - timedelta(minutes=1)), StreamState("kamran", "INBOX", NOW))
_DAY_AFTER = NOW + timedelta(days=1)
_OPTED_OUT = dataclasses.replace(NIGAR, opted_out=True)


def _read_to(at: datetime) -> tuple[StreamState, ...]:
    return (StreamState("kamran", "Sent", at),)


def _ended(ago: timedelta) -> MeetingFacts:
    return meeting(start_at=NOW - ago - timedelta(hours=1), end_at=NOW - ago)


SITUATIONS: Mapping[str, tuple[MeetingFacts, datetime]] = {
    "it has ended, a stakeholder of a key account took part, nobody has written since": (meeting(), NOW),
    "it was a call": (meeting(meeting_kind="call"), NOW),
    "a stakeholder has not answered the invitation": (meeting(), NOW),
    "we have only tentatively accepted it": (meeting(state=InteractionState.TENTATIVE), NOW),
    "two took part and one of them has opted out": (meeting(took_part=(_OPTED_OUT, RASHAD)), NOW),
    "it ended 13 days ago": (_ended(timedelta(days=13)), NOW),
    "it has not ended yet": (meeting(state=InteractionState.PLANNED), END - timedelta(seconds=1)),
    "it was cancelled": (meeting(state=InteractionState.CANCELLED), NOW),
    "it was declined": (meeting(state=InteractionState.DECLINED), NOW),
    "none of ours took part": (meeting(ours=()), NOW),
    "no stakeholder took part": (meeting(took_part=(dataclasses.replace(NIGAR, stakeholder_id=None),)), NOW),
    "it was not with a key account": (meeting(key_account=False), NOW),
    "it was internal": (meeting(internal=True), NOW),
    "it is marked private in one of the mailboxes": (meeting(private=True), NOW),
    "it is an all-day block": (meeting(all_day=True), NOW),
    "it was a lunch or dinner": (meeting(meeting_kind="meal"), NOW),
    "it is of another kind, such as a ticket": (meeting(meeting_kind="other"), NOW),
    "it ended more than 14 days ago": (_ended(timedelta(days=14, seconds=1)), NOW),
    "all who took part have opted out": (meeting(took_part=(_OPTED_OUT,)), NOW),
    "nobody of ours who took part has a mailbox here": (meeting(actor=None, actor_mailbox=""), NOW),
    "one of ours who took part wrote to one of them after it": (meeting(written=(THANKS,)), NOW),
    "the Sent folder has not been read since the meeting ended": (meeting(rests_on=_UNREAD), NOW),
    "the Sent folder was read after the meeting, but not for a day": (meeting(rests_on=_read_to(NOW)), _DAY_AFTER),
    "the Sent folder has not been read, but a letter written after the meeting is known already": (
        meeting(rests_on=_UNREAD, written=(THANKS,)),
        NOW,
    ),
}
