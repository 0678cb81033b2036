"""Answers for what kind of meeting an event is and how it stands; pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from syncagent.model import Event
from syncagent.reading.words import CALL_STEMS, MEAL_STEMS, OTHER_STEMS, any_of, fold
from syncagent.vocabulary import EventStatus, InteractionState, Response

MeetingKind = Literal["meeting", "call", "meal", "other"]

# A whole word, since the beginning of one is not enough here: neither "callback form" nor "call for tenders" is a call.
_CALL = r"\bcalls?\b(?!\s+for\b)"

#: The first pattern that is found in subject or place decides.
_KINDS: tuple[tuple[MeetingKind, re.Pattern[str]], ...] = (
    ("meal", re.compile(rf"\b{any_of(MEAL_STEMS)}")),
    ("call", re.compile(rf"\b{any_of(CALL_STEMS)}|{_CALL}")),
    ("other", re.compile(rf"\b{any_of(OTHER_STEMS)}")),
)


def meeting_kind(event: Event) -> MeetingKind:
    """Meal, call or other by the words of subject and place in four languages, else meeting.

    An online meeting is a meeting: a link alone makes no call. An all-day entry without such words is other.
    """
    said = fold(f"{event.subject} | {event.location}")
    for kind, pattern in _KINDS:
        if pattern.search(said):
            return kind
    return "other" if event.all_day else "meeting"


def meeting_state(
    status: EventStatus,
    ours_responses: Collection[Response],
    stakeholder_responses: Collection[Response],
    end_at: datetime,
    now: datetime,
) -> InteractionState:
    """How a meeting stands at ``now``.

    Declined: when all of ours, or all stakeholders, declined; no answer is not a refusal. A tentative meeting that has
    ended counts as held, like every other that was neither cancelled nor declined.
    """
    if status is EventStatus.CANCELLED:
        return InteractionState.CANCELLED
    if _all_declined(ours_responses) or _all_declined(stakeholder_responses):
        return InteractionState.DECLINED
    if now >= end_at:
        return InteractionState.DONE
    return InteractionState.TENTATIVE if status is EventStatus.TENTATIVE else InteractionState.PLANNED


def _all_declined(responses: Collection[Response]) -> bool:
    return bool(responses) and all(response is Response.DECLINED for response in responses)
