"""Answers for when two copies are the same mail or meeting; pure, over ``model``."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from syncagent.model import Event, Mail

#: An Exchange GlobalObjectId in hex: 16 bytes of class id, 4 of instance date, the rest ([MS-OXOCAL] 2.2.1.27).
_EXCHANGE_UID = re.compile(r"^(040000008200e00074c5b7101a82e008)[0-9a-f]{8}([0-9a-f]+)$")


def uid_of(uid: str) -> str:
    """The UID for comparison: case does not count, nor does the instance date inside an Exchange UID."""
    return _EXCHANGE_UID.sub(r"\g<1>00000000\g<2>", uid.strip().lower())


def event_key(event: Event) -> str:
    """UID and recurrence id; where the UID is missing, what the meeting says of itself."""
    uid = uid_of(event.uid)
    if uid:
        return f"e:{uid}|{event.recurrence_id}"
    organizer = event.organizer.email if event.organizer else ""
    return "f:" + _digest(event.start_at.isoformat(), event.end_at.isoformat(), organizer, _plain(event.subject))


def mail_key(mail: Mail) -> str:
    """The Message-ID; where it is missing, what the mail says of itself."""
    if mail.message_id:
        return f"m:{mail.message_id}"
    recipients = ",".join(sorted(address.email for address in (*mail.to, *mail.cc)))
    return "c:" + _digest(author_of(mail), _moment(mail.sent_at), _plain(mail.subject), recipients)


def second_mail_key(mail: Mail) -> str:
    """The key of a different mail that carries a Message-ID which is taken already (a broken sender)."""
    return f"m:{mail.message_id}|{_digest(author_of(mail), _moment(mail.at))}"


def same_mail(mail: Mail, author: str, at: datetime) -> bool:
    """Whether a stored mail with the same Message-ID is this one: unless author and date both differ, it is."""
    other_author = author_of(mail) != author
    other_date = mail.sent_at is not None and abs((mail.sent_at - at).total_seconds()) >= 1
    return not (other_author and other_date)


def author_of(mail: Mail) -> str:
    """The author's address; empty for a mail without one."""
    return mail.author.email if mail.author else ""


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
