"""Counts a demo folder a second time: plain standard library over its files, no code shared with syncagent.

What syncagent says about a demo is compared with this. It knows the rules by which mail and meetings count (the Words
of the outside interface), but only the few shapes of mail and iCalendar that the demo writes.

    python tests/acceptance/demo_count.py DIR
"""

from __future__ import annotations

import csv
import email
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ZONES = {"Azerbaijan Standard Time": "Asia/Baku", "GMT Standard Time": "Europe/London"}
FREE_MAIL = {"gmail.com", "mail.ru"}
MEALS = ("nahar", "lunch", "обед", "restoran")
GIVE_UP_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class Mail:
    """One message, whoever of us has a copy."""

    message_id: str
    at: datetime
    author: str
    addresses: frozenset[str]  # everybody outside
    skip: str  # empty when it is logged
    accounts: frozenset[str]
    ours: bool


@dataclass(frozen=True)
class Occurrence:
    """One meeting, whoever of us has it in the calendar."""

    uid: str
    recurrence: str
    subject: str
    start: datetime
    end: datetime
    all_day: bool
    cancelled: bool
    skip: str
    accounts: frozenset[str]
    took_part: frozenset[str]  # outside, did not decline
    ours_took_part: frozenset[str]
    stakeholder_took_part: bool
    meal: bool


@dataclass
class Expected:
    """What syncagent should say about the folder at a given time."""

    mail_in: Counter[str] = field(default_factory=Counter)  # interactions by account
    mail_out: Counter[str] = field(default_factory=Counter)
    meetings: Counter[str] = field(default_factory=Counter)
    interactions: Counter[str] = field(default_factory=Counter)  # by kind; one that touches two accounts counts once
    states: Counter[str] = field(default_factory=Counter)  # of meetings: done, planned, cancelled, declined
    sightings: Counter[str] = field(default_factory=Counter)  # logged copies by mailbox: mail and meetings
    seen: Counter[str] = field(default_factory=Counter)  # files and occurrences by mailbox, drafts left out
    skipped: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # mailbox: reason: copies
    drafts_folder: Counter[str] = field(default_factory=Counter)  # files in the Drafts folders, by mailbox
    follow_ups: list[tuple[str, datetime, str]] = field(default_factory=list)  # uid, end, subject


def count(folder: Path, now: datetime) -> Expected:
    """Counts the demo in ``folder`` as it stands at ``now``."""
    return _Counter(folder, now).expected()


class _Counter:
    def __init__(self, folder: Path, now: datetime) -> None:
        config = tomllib.loads((folder / "config.toml").read_text(encoding="utf-8"))
        self.now = now
        self.mailboxes = {box["name"]: folder / box["path"] for box in config["mailbox"]}
        self.owners = {box["name"]: set(box["addresses"]) for box in config["mailbox"]}
        self.our_domains = set(config["organisation"]["domains"])
        self.person: dict[str, str] = {}  # address: main address
        self.account: dict[str, str] = {}  # address: account
        self.domain: dict[str, str] = {}  # domain: account
        with open(folder / "people.csv", encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                assert row["is_key"] == "yes"
                self.domain.update((name, row["account"]) for name in row["account_domains"].split(";") if name)
                emails = row["emails"].split(";")
                self.account.update((address, row["account"]) for address in emails)
                self.person.update((address, emails[0]) for address in emails)

    def expected(self) -> Expected:
        out = Expected()
        mails: dict[str, Mail] = {}
        for mailbox, path in self.mailboxes.items():
            for file in sorted(path.glob(".Drafts/*/*")):
                out.drafts_folder[mailbox] += file.is_file()
            for file in self._message_files(path):
                mail = self._mail(file)
                out.seen[mailbox] += 1
                self._add_mail(out, mailbox, mail, new=mail.message_id not in mails)
                mails[mail.message_id] = mail
        meetings: dict[tuple[str, str], Occurrence] = {}
        for mailbox, path in self.mailboxes.items():
            for file in sorted((path / "calendar").glob("*.ics")):
                for meeting in self._occurrences(file):
                    out.seen[mailbox] += 1
                    key = (meeting.uid, meeting.recurrence)
                    self._add_meeting(out, mailbox, meeting, new=key not in meetings)
                    meetings[key] = meeting
        for meeting in meetings.values():
            if self._wants_follow_up(meeting, list(mails.values())):
                out.follow_ups.append((meeting.uid, meeting.end, meeting.subject))
        out.follow_ups.sort(key=lambda found: (found[1], found[0]))
        return out

    @staticmethod
    def _message_files(path: Path) -> Iterator[Path]:
        for part in ("cur", "new", ".Sent/cur", ".Sent/new", ".Archive/cur", ".Archive/new"):
            yield from sorted(file for file in (path / part).iterdir() if file.is_file())

    def _add_mail(self, out: Expected, mailbox: str, mail: Mail, *, new: bool) -> None:
        if mail.skip:
            out.skipped[mailbox][mail.skip] += 1
            return
        out.sightings[mailbox] += 1
        if new:
            out.interactions["mail_out" if mail.ours else "mail_in"] += 1
            (out.mail_out if mail.ours else out.mail_in).update(mail.accounts)

    def _add_meeting(self, out: Expected, mailbox: str, meeting: Occurrence, *, new: bool) -> None:
        if meeting.skip:
            out.skipped[mailbox][meeting.skip] += 1
            return
        out.sightings[mailbox] += 1
        if new:
            out.interactions["meeting"] += 1
            out.meetings.update(meeting.accounts)
            if meeting.cancelled:
                state = "cancelled"
            elif not meeting.ours_took_part or not meeting.stakeholder_took_part:
                state = "declined"
            else:
                state = "done" if meeting.end <= self.now else "planned"
            out.states[state] += 1

    # Who is who

    def _is_ours(self, address: str) -> bool:
        return address.partition("@")[2] in self.our_domains

    def _account_of(self, address: str) -> str:
        domain = address.partition("@")[2]
        return self.account.get(address) or ("" if domain in FREE_MAIL else self.domain.get(domain, ""))

    def _accounts_of(self, addresses: set[str]) -> frozenset[str]:
        return frozenset(account for address in addresses if (account := self._account_of(address)))

    def _persons(self, addresses: frozenset[str]) -> set[str]:
        """Main addresses: who has two is one."""
        return {self.person.get(address, address) for address in addresses}

    # Mail

    def _mail(self, file: Path) -> Mail:
        message = email.message_from_bytes(file.read_bytes())
        named = _addresses(message, "From", "To", "Cc", "Bcc")
        outside = {address for address in named if not self._is_ours(address)}
        accounts = self._accounts_of(outside)
        author = min(_addresses(message, "From"))
        return Mail(
            message_id=str(message["Message-ID"]).strip("<> \n"),
            at=parsedate_to_datetime(str(message["Date"])),
            author=author,
            addresses=frozenset(outside),
            skip=self._mail_skip(message, outside, accounts),
            accounts=accounts,
            ours=self._is_ours(author),
        )

    def _mail_skip(self, message: Message, outside: set[str], accounts: frozenset[str]) -> str:
        if not outside:
            return "internal"
        if not accounts:
            return "no_stakeholder"
        if str(message.get("Sensitivity", "")).lower() in ("private", "personal", "company-confidential"):
            return "private"
        if any(part.get_content_type() == "text/calendar" for part in message.walk()):
            return "meeting_mail"
        if message.get_content_type() == "multipart/report":
            return "bounce"
        if message.get("Auto-Submitted") == "auto-replied":
            return "auto_reply"
        if message.get("List-Unsubscribe"):
            return "newsletter"
        return "automated" if message.get("Auto-Submitted") else ""

    # Meetings

    def _occurrences(self, file: Path) -> Iterator[Occurrence]:
        lines = file.read_bytes().decode().replace("\r\n ", "").split("\r\n")
        starts = [number for number, line in enumerate(lines) if line == "BEGIN:VEVENT"]
        events = [lines[start : lines.index("END:VEVENT", start)] for start in starts]
        masters = [event for event in events if not _value(event, "RECURRENCE-ID")]
        moved = {_moment(_line(event, "RECURRENCE-ID")): event for event in events if _value(event, "RECURRENCE-ID")}
        (master,) = masters
        rule = _value(master, "RRULE")
        if not rule:
            yield self._occurrence(master, "", timedelta())
            return
        assert rule.startswith("FREQ=WEEKLY;COUNT=")
        weeks = int(rule.removeprefix("FREQ=WEEKLY;COUNT="))
        start, dropped = _moment(_line(master, "DTSTART")), _moment(_line(master, "EXDATE"))
        for week in range(weeks):
            at = start + timedelta(weeks=week)  # wall-clock weeks, since the time carries its zone
            if at == dropped:
                continue
            recurrence = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            if at in moved:
                yield self._occurrence(moved[at], recurrence, timedelta())
            else:
                yield self._occurrence(master, recurrence, timedelta(weeks=week))

    def _occurrence(self, event: list[str], recurrence: str, shift: timedelta) -> Occurrence:
        guests: dict[str, str] = {}
        for line in event:
            if line.startswith("ATTENDEE;") and "CUTYPE=ROOM" not in line:
                answer = re.search(r"PARTSTAT=([A-Z-]+)", line)
                guests[line.rpartition("mailto:")[2]] = answer[1] if answer else ""
        organizer = _value(event, "ORGANIZER").rpartition("mailto:")[2]
        if organizer:
            guests.setdefault(organizer, "ACCEPTED")
        outside = {address for address in guests if not self._is_ours(address)}
        came = {address for address, answer in guests.items() if answer != "DECLINED"}
        accounts = self._accounts_of(outside)
        subject = _value(event, "SUMMARY").replace("\\,", ",").replace("\\;", ";")
        if accounts and _value(event, "CLASS") != "PUBLIC":
            skip = "private"
        elif not outside:
            skip = "internal"
        else:
            skip = "" if accounts else "no_stakeholder"
        said = f"{subject} {_value(event, 'LOCATION')}".lower()
        return Occurrence(
            uid=_value(event, "UID"),
            recurrence=recurrence,
            subject=subject,
            start=_moment(_line(event, "DTSTART")) + shift,
            end=_moment(_line(event, "DTEND")) + shift,
            all_day="VALUE=DATE" in _line(event, "DTSTART"),
            cancelled=_value(event, "STATUS") == "CANCELLED",
            skip=skip,
            accounts=accounts,
            took_part=frozenset(came & outside),
            ours_took_part=frozenset(came - outside),
            stakeholder_took_part=bool(self._accounts_of(came & outside)),
            meal=any(word in said for word in MEALS),
        )

    def _wants_follow_up(self, meeting: Occurrence, mails: list[Mail]) -> bool:
        if meeting.skip or meeting.cancelled or meeting.all_day or meeting.meal:
            return False
        if not meeting.ours_took_part or not meeting.stakeholder_took_part:
            return False
        if not self.now - GIVE_UP_AFTER < meeting.end <= self.now:
            return False
        came = self._persons(meeting.took_part)
        return not any(
            mail.author in meeting.ours_took_part
            and mail.at > meeting.end
            and not mail.skip
            and came & self._persons(mail.addresses)
            for mail in mails
        )


def _addresses(message: Message, *names: str) -> set[str]:
    # Names in encoded words may hold commas once decoded; addresses never do, so nothing is decoded here.
    values = [str(value) for name in names for value in message.get_all(name, [])]
    return {address.lower() for _, address in getaddresses(values) if "@" in address}


def _line(event: list[str], name: str) -> str:
    return next((line for line in event if re.match(rf"{name}[;:]", line)), "")


def _value(event: list[str], name: str) -> str:
    # A quoted parameter may hold a colon only in TZID, which the demo never writes.
    return _line(event, name).partition(":")[2]


def _moment(line: str) -> datetime:
    head, _, value = line.partition(":")
    if "VALUE=DATE" in head:
        return datetime.combine(date.fromisoformat(value), time(), ZoneInfo("Asia/Baku"))
    if value.endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    zone = re.search(r'TZID="?([^";:]+)', head)
    assert zone is not None, line
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(ZONES.get(zone[1], zone[1])))


def show(expected: Expected) -> Mapping[str, object]:
    """The numbers as plain values."""
    skipped: Counter[str] = Counter()
    for reasons in expected.skipped.values():
        skipped.update(reasons)
    return {
        **vars(expected),
        "skipped": {box: dict(reasons) for box, reasons in expected.skipped.items()},
        "all": skipped,
    }


if __name__ == "__main__":
    for name, value in show(count(Path(sys.argv[1]), datetime.now(UTC))).items():
        print(f"{name}: {value}")
