"""Answers for the demo's conversations with stakeholders: who writes to whom about what, and when. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from syncagent.cli.demo.cast import Account, Cast, Named, Person
from syncagent.cli.demo.documents import document
from syncagent.cli.demo.letter import BAKU, Letter, answer_time, awake, coming_day, slots, working_moment, write
from syncagent.cli.demo.meetings import Meeting
from syncagent.cli.demo.phrases import US, Topic, phrases


def make_threads(
    rng: random.Random, cast: Cast, now: datetime, hushed: Mapping[str, datetime], *, count: int
) -> Iterator[Letter]:
    """``count`` conversations of the last 60 days. Before a letter of ours would break ``hushed`` they end."""
    unused: dict[str, list[Topic]] = {}
    people = [(account, person) for account in cast.accounts for person in account.people]
    for number in range(count):
        account, person = people[number % len(people)] if number < 2 * len(people) else rng.choice(people)
        language = person.language
        left = unused.setdefault(f"{account.name}/{language}", [])
        if not left:
            left += rng.sample(phrases(language).topics, len(phrases(language).topics))
        day = now.astimezone(BAKU).date() - timedelta(days=rng.randrange(1, 60))
        day -= timedelta(days=max(0, day.weekday() - 4))
        thread = _Thread(rng, cast, account, person, working_moment(rng, day))
        yield from thread.letters(left.pop(), now, hushed)


def follow_ups(rng: random.Random, cast: Cast, meetings: tuple[Meeting, ...], now: datetime) -> Iterator[Letter]:
    """The managers' own letters after the closed meetings."""
    people = {email: person for account in cast.accounts for person in account.people for email in person.emails}
    managers = {manager.mailbox: manager for manager in cast.managers}
    for meeting in meetings:
        if meeting.kind != "closed":
            continue
        author = managers[meeting.calendars[0]]
        at = min(answer_time(rng, meeting.end), now - timedelta(minutes=30))
        named = [guest.who for guest in meeting.guests if guest.who.email in people]
        if meeting.organizer.email in people:
            named.insert(0, meeting.organizer)
        note = phrases(meeting.language).follow_up
        values = slots(rng, cast, meeting.language, at)
        values |= {"meeting": meeting.subject, "points": "\n".join(f"- {point}" for point in meeting.points)}
        yield write(
            rng,
            author,
            tuple(named),
            at=at,
            subject=note.subject.format(**values),
            body=note.text.format(**values),
            addressee=people[named[0].email],
            language=meeting.language,
        )


class _Thread:
    """One conversation between a manager of ours and a stakeholder, with others in copy."""

    def __init__(self, rng: random.Random, cast: Cast, account: Account, person: Person, at: datetime) -> None:
        self._rng = rng
        self._person = person
        self._at = at
        owner, other = cast.managers if account is not cast.accounts[1] else cast.managers[::-1]
        self._manager = owner if rng.random() < 0.9 else other
        self._day1 = coming_day(rng, at)
        self._values = slots(rng, cast, person.language, at, self._day1)
        self._cc = self._copied(cast, account, owner if self._manager is other else other)

    def letters(self, topic: Topic, now: datetime, hushed: Mapping[str, datetime]) -> Iterator[Letter]:
        rng, language, at = self._rng, self._person.language, self._at
        email = rng.choice(self._person.emails)
        last: Letter | None = None
        subject = topic.subject.format(**self._values)
        subject = subject[0].upper() + subject[1:]
        turns = topic.turns if rng.random() < 0.75 else topic.turns[: rng.randrange(1, len(topic.turns) + 1)]
        for turn in turns:
            by_us = turn.by == US
            author, addressee = (self._manager, self._person) if by_us else (self._person, self._manager)
            to = (Named(self._person.name, email),) if by_us else (self._manager.main,)
            if turn.after_day1:
                at = max(at, answer_time(rng, working_moment(rng, self._day1)))
            at = awake(author, at)
            if at > now - timedelta(minutes=10):
                return
            if by_us and any(at > hushed.get(named.email, at) for named in (*to, *self._cc)):
                return
            name = turn.document.format(**self._values)
            last = write(
                rng,
                author,
                to,
                at=at,
                subject=subject if last is None else _prefix(rng, language) + subject,
                body=turn.text.format(**self._values),
                addressee=addressee,
                language=language,
                cc=self._cc,
                answers=last,
                attachments=(document(rng, name, subject),) if name else (),
                email="" if by_us else email,
            )
            yield last
            at = answer_time(rng, at)

    def _copied(self, cast: Cast, account: Account, other_manager: Person) -> tuple[Named, ...]:
        """Who else reads along: the other manager, a colleague of ours, one more at the customer; mostly nobody."""
        rng, copied = self._rng, []
        if rng.random() < 0.16:
            copied.append(other_manager.main)
        if rng.random() < 0.12:
            copied.append(rng.choice(cast.colleagues).main)
        if rng.random() < 0.2:
            copied.append(rng.choice([one for one in account.people if one is not self._person]).main)
        return tuple(copied)


def _prefix(rng: random.Random, language: str) -> str:
    return rng.choice(phrases(language).reply)
