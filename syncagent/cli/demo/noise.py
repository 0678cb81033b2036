"""Answers for the rest of the demo's mail: newsletters, programs, colleagues, friends, absences, bounces. Pure.

Some of it names a stakeholder or comes from a customer's domain and is still no contact; the rest concerns no customer.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from syncagent.cli.demo.cast import DOMAIN, Cast, Named, Person
from syncagent.cli.demo.documents import document
from syncagent.cli.demo.letter import BAKU, Letter, answer_time, message_id, slots, working_moment, write
from syncagent.cli.demo.phrases import US, phrases


@cache
def _texts() -> Mapping[str, Any]:
    text = files("syncagent.cli.demo").joinpath("texts", "noise.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


class Noise:
    """Makes everything that is no conversation with a stakeholder."""

    def __init__(self, rng: random.Random, cast: Cast, now: datetime) -> None:
        self._rng = rng
        self._cast = cast
        self._now = now

    def letters(self, business: Sequence[Letter]) -> Iterator[Letter]:
        """All of it; ``business`` is what automatic replies and bounces answer."""
        rng = self._rng
        yield from self._newsletters(rng.randrange(34, 42))
        yield from self._customer_news(rng.randrange(4, 8))
        yield from self._notifications(rng.randrange(26, 34))
        yield from self._portal(rng.randrange(6, 10))
        yield from self._talk("internal", rng.randrange(14, 18))
        yield from self._talk("strangers", rng.randrange(9, 13))
        yield from self._talk("friends", rng.randrange(6, 9))
        yield from self._accounting(rng.randrange(5, 9))
        yield from self._third_parties()
        yield from self._confidential(rng.randrange(2, 4))
        sent = [letter for letter in business if letter.author.email.endswith(f"@{DOMAIN}") and not letter.itip[0]]
        yield from self._away(rng.sample(sent, rng.randrange(4, 7)))
        yield from self._bounces(rng.sample(sent, rng.randrange(2, 4)))
        yield self._unsent()

    def _newsletters(self, count: int) -> Iterator[Letter]:
        for _ in range(count):
            source = self._rng.choice(_texts()["newsletters"])
            yield self._bulk(Named(source["name"], source["email"]), source)

    def _customer_news(self, count: int) -> Iterator[Letter]:
        for number in range(count):
            account = self._cast.accounts[number % len(self._cast.accounts)]
            yield self._bulk(Named(account.name, f"newsletter@{account.domain}"), _texts()["customer_news"])

    def _bulk(self, author: Named, source: Mapping[str, Any]) -> Letter:
        letter = self._by_program(author, source)
        domain = author.email.partition("@")[2]
        unsubscribe = f"https://{domain}/unsubscribe/{self._rng.getrandbits(48):x}"
        extra = (
            ("List-Id", f"<news.{domain}>"),
            ("List-Unsubscribe", f"<{unsubscribe}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Precedence", "bulk"),
            ("Feedback-ID", f"{self._rng.randrange(100, 999)}:news:{domain}"),
        )
        return replace(letter, said=f"{letter.said}\n\n--\n{unsubscribe}", html=True, extra=extra)

    def _notifications(self, count: int) -> Iterator[Letter]:
        for _ in range(count):
            source = self._rng.choice(_texts()["notifications"])
            letter = self._by_program(Named(source["name"], source["email"]), source)
            yield replace(letter, html=self._rng.random() < 0.6, extra=(("Auto-Submitted", "auto-generated"),))

    def _portal(self, count: int) -> Iterator[Letter]:
        for number in range(count):
            account = self._cast.accounts[number % len(self._cast.accounts)]
            author = Named(f"{account.name} – təchizat portalı", f"noreply@{account.domain}")
            letter = self._by_program(author, _texts()["portal"])
            yield replace(letter, extra=(("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")))

    def _by_program(self, author: Named, source: Mapping[str, Any]) -> Letter:
        at, manager = self._moment(weekend=True), self._rng.choice(self._cast.managers)
        values = slots(self._rng, self._cast, "az", at) | {"name": self._rng.choice(self._cast.colleagues).name}
        return Letter(
            message_id=message_id(self._rng, "", author.email),
            at=at,
            author=author,
            to=(manager.main,),
            subject=self._rng.choice(source["subjects"]).format(**values),
            said=source["text"].format(**values),
            encoding=self._rng.choice(("quoted-printable", "base64")),
        )

    def _talk(self, kind: str, count: int) -> Iterator[Letter]:
        """Conversations of ours among ourselves, with other companies, or with friends."""
        rng, talks = self._rng, _texts()[kind]
        for number in range(count):
            talk = talks[number % len(talks)]
            manager = rng.choice(self._cast.managers)
            others = {
                "internal": [person for person in self._cast.ours if person is not manager],
                "strangers": self._cast.strangers,
                "friends": self._cast.friends,
            }[kind]
            yield from self._conversation(rng.choice(others), manager, talk)

    def _conversation(self, other: Person, manager: Person, talk: Mapping[str, Any]) -> Iterator[Letter]:
        rng, at = self._rng, self._moment(weekend=other in self._cast.friends)
        values = slots(rng, self._cast, "az", at)
        first = talk["subject"].format(**values)
        last: Letter | None = None
        author, addressee = other, manager
        for text in talk["texts"]:
            if at > self._now - timedelta(minutes=5):
                return
            subject = first if last is None else rng.choice(phrases("az").reply) + first
            last = write(
                rng,
                author,
                (addressee.main,),
                at=at,
                subject=subject,
                body=text.format(**values),
                addressee=addressee,
                language="az",
                answers=last,
                informal=other not in self._cast.strangers,
            )
            yield last
            author, addressee = addressee, author
            at = answer_time(rng, at)

    def _accounting(self, count: int) -> Iterator[Letter]:
        """From people at a customer whom nobody has entered as stakeholders."""
        rng = self._rng
        for number in range(count):
            account = self._cast.accounts[number % len(self._cast.accounts)]
            head = account.people[1]
            note, at = rng.choice(phrases(head.language).accounting), self._moment()
            values = slots(rng, self._cast, head.language, at)
            clerk = replace(head, name=account.name, emails=(f"accounting@{account.domain}",), title="", phone="")
            manager = self._cast.managers[1 if account is self._cast.accounts[1] else 0]
            subject = note.subject.format(**values)
            yield write(
                rng,
                clerk,
                (manager.main,),
                at=at,
                subject=subject,
                body=note.text.format(**values),
                addressee=manager,
                language=head.language,
                attachments=(document(rng, f"{values['number']}.pdf", subject),),
            )

    def _third_parties(self) -> Iterator[Letter]:
        for source in _texts()["third_parties"]:
            at, person = self._moment(), self._rng.choice(self._cast.accounts[0].people)
            values = slots(self._rng, self._cast, "az", at)
            author = Named(source["name"], source["email"])
            yield Letter(
                message_id=message_id(self._rng, "", author.email),
                at=at,
                author=author,
                to=(self._cast.managers[0].main,),
                cc=(person.main,),
                subject=source["subject"].format(**values),
                said=f"Salam,\n\n{source['text'].format(**values)}\n\nHörmətlə,\n{author.name}",
            )

    def _confidential(self, count: int) -> Iterator[Letter]:
        """Marked as private by a stakeholder: not to be looked into."""
        for number in range(count):
            account = self._cast.accounts[number % len(self._cast.accounts)]
            person = self._rng.choice(account.people)
            note = self._rng.choice(phrases(person.language).confidential)
            manager = self._cast.managers[number % 2]
            yield write(
                self._rng,
                person,
                (manager.main,),
                at=self._moment(),
                subject=note.subject,
                body=note.text,
                addressee=manager,
                language=person.language,
                extra=(("Sensitivity", self._rng.choice(("Private", "Personal", "Company-Confidential"))),),
            )

    def _away(self, answered: Sequence[Letter]) -> Iterator[Letter]:
        """Out-of-office notes of stakeholders whom we wrote to."""
        people = {
            email: person for account in self._cast.accounts for person in account.people for email in person.emails
        }
        for letter in answered:
            person = people[letter.to[0].email]
            note = phrases(person.language).away
            at = letter.at + timedelta(seconds=self._rng.randrange(5, 50))
            values = slots(self._rng, self._cast, person.language, at)
            yield Letter(
                message_id=message_id(self._rng, person.habit.client, letter.to[0].email),
                at=at,
                author=letter.to[0],
                to=(letter.author,),
                subject=note.subject.format(subject=letter.subject),
                said=note.text.format(**values).strip(),
                in_reply_to=letter.message_id,
                references=(*letter.references, letter.message_id),
                extra=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")),
            )

    def _bounces(self, bounced: Sequence[Letter]) -> Iterator[Letter]:
        """Delivery reports of customers' mail systems, and one of somebody else's."""
        hosts = [letter.to[0].email.partition("@")[2] for letter in bounced]
        for letter, host in zip(bounced, [*hosts[:-1], "mailrelay.example"], strict=True):
            at = letter.at + timedelta(seconds=self._rng.randrange(20, 400))
            yield Letter(
                message_id=message_id(self._rng, "", f"x@{host}"),
                at=at,
                author=Named("Mail Delivery System", f"MAILER-DAEMON@{host}"),
                to=(letter.author,),
                subject="Undelivered Mail Returned to Sender",
                said=(
                    f"This is the mail system at host {host}.\n\nI'm sorry to have to inform you that your message "
                    f"could not be delivered to one or more recipients.\n\n<archive@{host}>: 550 5.1.1 User unknown"
                ),
                undelivered=f"archive@{host}",
                extra=(("Auto-Submitted", "auto-replied"), ("Return-Path", "<>")),
            )

    def _unsent(self) -> Letter:
        """A draft that a manager has begun and left lying."""
        manager, person = self._cast.managers[0], self._cast.accounts[0].people[0]
        begun = [topic for topic in phrases(person.language).topics if topic.turns[0].by == US]
        topic, at = self._rng.choice(begun), self._now - timedelta(hours=3)
        values = slots(self._rng, self._cast, person.language, at)
        letter = write(
            self._rng,
            manager,
            (person.main,),
            at=at,
            subject=topic.subject.format(**values),
            body=topic.turns[0].text.format(**values),
            addressee=person,
            language=person.language,
        )
        return replace(letter, is_draft=True)

    def _moment(self, *, weekend: bool = False) -> datetime:
        """Some time in the last 60 days, never after now; on working days unless ``weekend``."""
        rng, now = self._rng, self._now.astimezone(BAKU)
        at = working_moment(rng, now.date() - timedelta(days=rng.randrange(60)))
        if not weekend:
            at -= timedelta(days=max(0, at.weekday() - 4))
        return at if at < now - timedelta(minutes=20) else at - timedelta(days=7)
