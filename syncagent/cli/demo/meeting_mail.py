"""Answers for the mails that carry the demo's meetings: invitations, answers, cancellations (RFC 6047). Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from syncagent.cli.demo.cast import DOMAIN, Cast, Named
from syncagent.cli.demo.ics import calendar, description
from syncagent.cli.demo.letter import Letter, answer_time, message_id
from syncagent.cli.demo.meetings import Guest, Meeting
from syncagent.cli.demo.phrases import phrases


def meeting_mails(rng: random.Random, cast: Cast, meetings: tuple[Meeting, ...], now: datetime) -> Iterator[Letter]:
    """What went to and fro about those meetings that somebody invited to by mail, up to ``now``."""
    for meeting in meetings:
        if not meeting.by_mail:
            continue
        invited = tuple(guest for guest in meeting.guests if not guest.room and guest.who != meeting.organizer)
        invitation = _mail(
            rng,
            meeting,
            meeting.organizer,
            tuple(guest.who for guest in invited),
            at=meeting.invited_at,
            subject=meeting.subject,
            said=description(meeting),
            itip=("REQUEST", calendar(replace(meeting, cancelled=False), method="REQUEST")),
        )
        yield invitation
        yield from _answers(rng, meeting, invited, invitation, now)
        if meeting.cancelled:
            at = min(meeting.start - timedelta(hours=rng.randrange(3, 30)), now - timedelta(hours=1))
            yield _mail(
                rng,
                meeting,
                meeting.organizer,
                invitation.to,
                at=max(at, meeting.invited_at + timedelta(hours=1)),
                subject=f"Canceled: {meeting.subject}",
                said="",
                itip=("CANCEL", calendar(meeting, method="CANCEL")),
            )


def _answers(
    rng: random.Random, meeting: Meeting, invited: tuple[Guest, ...], invitation: Letter, now: datetime
) -> Iterator[Letter]:
    prefixes = phrases(meeting.language).responses
    for guest in invited:
        at = answer_time(rng, meeting.invited_at)
        if guest.who.email.endswith(f"@{DOMAIN}") and meeting.organizer.email.endswith(f"@{DOMAIN}"):
            continue  # colleagues see each other's answer in the calendar
        # Programs answer without a text of their own, and not everybody lets them send the answer.
        if guest.answer not in prefixes or at > now or (guest.answer != "DECLINED" and rng.random() < 0.4):
            continue
        answer = _mail(
            rng,
            meeting,
            guest.who,
            (meeting.organizer,),
            at=at,
            subject=prefixes[guest.answer] + meeting.subject,
            said="",
            itip=("REPLY", calendar(replace(meeting, cancelled=False), method="REPLY", only=guest)),
        )
        yield replace(answer, in_reply_to=invitation.message_id, references=(invitation.message_id,))


def _mail(
    rng: random.Random,
    meeting: Meeting,
    author: Named,
    to: tuple[Named, ...],
    *,
    at: datetime,
    subject: str,
    said: str,
    itip: tuple[str, str],
) -> Letter:
    return Letter(
        message_id=message_id(rng, "outlook" if meeting.zone_style == "windows" else "apple", author.email),
        at=at.replace(microsecond=0),
        author=author,
        to=to,
        subject=subject,
        said=said,
        client="outlook",
        itip=itip,
    )
