"""Answers for the demo's folder: writes a world as mailboxes, people.csv and config.toml, and nothing outside it.

A folder is only written into when it is new, empty, or holds an earlier demo that nobody has changed: a mark in it says
what was written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from syncagent.cli.demo.cast import DOMAIN, Person
from syncagent.cli.demo.ics import calendar
from syncagent.cli.demo.mime import to_bytes
from syncagent.cli.demo.world import DRAFTS, INBOX, Copy, World
from syncagent.errors import ConfigProblems, Problem

MARK = ".syncagent-demo"
CONFIG, PEOPLE, MAIL = "config.toml", "people.csv", "mail"

# Windows allows no colon in names; mail programs there write an exclamation mark.
_INFO = "!2," if os.name == "nt" else ":2,"

#: What syncagent itself leaves beside the demo's files, and what is out of date with another world.
_MADE_LATER = ("syncagent.db", "syncagent.db-wal", "syncagent.db-shm", "syncagent.db-journal", "reports")

COLUMNS = (
    *("account", "account_domains", "is_key", "name", "emails", "title", "decision_roles", "political_role"),
    *("contact_person", "language", "interests", "reports_to", "salutation", "phone"),
)


def write_world(world: World, folder: Path) -> None:
    """Makes ``folder`` hold this world and no other.

    Raises ``ConfigProblems`` and changes nothing when the folder holds something else, or a demo whose config.toml or
    people.csv a person has changed. An interrupted run can be repeated.
    """
    _clear(folder)
    texts = {CONFIG: _config(world), PEOPLE: _people(world)}
    # First of all, so that what an interrupted run leaves behind is known for ours.
    digests = {name: _digest(text.encode()) for name, text in texts.items()}
    (folder / MARK).write_text(json.dumps({"seed": world.seed, "files": digests}), encoding="utf-8")
    for manager in world.cast.managers:
        _make_mailbox(folder / MAIL / manager.mailbox)
    for number, copy in enumerate(world.copies):
        _write_copy(folder / MAIL / copy.mailbox, copy, number)
    for meeting in world.meetings:
        name = f"{meeting.start:%Y%m%d}-{_digest(meeting.uid.encode())[:12]}.ics"
        for mailbox in meeting.calendars:
            (folder / MAIL / mailbox / "calendar" / name).write_bytes(calendar(meeting).encode())
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())


def _clear(folder: Path) -> None:
    """Leaves an empty folder, or raises."""
    if not folder.exists():
        folder.mkdir(parents=True)
        return
    if not folder.is_dir():
        raise _refused(folder, "is not a folder")
    if not any(folder.iterdir()):
        return
    written = _mark(folder)
    for name in (CONFIG, PEOPLE):
        file = folder / name
        if file.exists() and _digest(file.read_bytes()) != written.get(name):
            raise _refused(folder, f"holds a {name} that was changed since the demo was made")
    for name in (CONFIG, PEOPLE, MAIL, *_MADE_LATER):
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _mark(folder: Path) -> Mapping[str, str]:
    """What an earlier demo wrote here, with digests; raises when the folder is none of ours."""
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        mark = None
    files = mark.get("files") if isinstance(mark, dict) else None
    if not isinstance(files, dict):
        raise _refused(folder, "exists and is no demo folder")
    return files


def _refused(folder: Path, why: str) -> ConfigProblems:
    return ConfigProblems("demo", [Problem(str(folder), why)], cure="Name another folder: syncagent demo DIR")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _make_mailbox(path: Path) -> None:
    """An empty Maildir++ with a calendar beside its folders."""
    (path / "calendar").mkdir(parents=True)
    for folder in ("", ".Sent", ".Archive", ".Drafts"):
        for part in ("cur", "new", "tmp"):
            (path / folder / part).mkdir(parents=True)
        if folder:
            (path / folder / "maildirfolder").touch()


def _write_copy(mailbox: Path, copy: Copy, number: int) -> None:
    folder = mailbox if copy.folder == INBOX else mailbox / f".{copy.folder}"
    at = int(copy.letter.at.timestamp())
    name = f"{at}.M{number:06d}P1.demo"
    if copy.folder == DRAFTS:
        file = folder / "cur" / f"{name}{_INFO}DS"
    elif copy.seen:
        file = folder / "cur" / f"{name}{_INFO}S"
    else:
        file = folder / "new" / name
    file.write_bytes(to_bytes(copy.letter, arrived=copy.letter.author.email != f"{copy.mailbox}@{DOMAIN}"))
    os.utime(file, (at, at))


def _people(world: World) -> str:
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    for account in world.cast.accounts:
        for person in account.people:
            table.writerow(
                {
                    "account": account.name,
                    "account_domains": account.domain,
                    "is_key": "yes",
                    "name": person.name,
                    "emails": ";".join(person.emails),
                    "title": person.title,
                    "decision_roles": ";".join(person.decision_roles),
                    "political_role": person.political_role,
                    "contact_person": "yes" if person.contact_person else "no",
                    "language": person.language,
                    "interests": ";".join(person.interests),
                    "reports_to": person.reports_to,
                    "salutation": person.called[person.language],
                    "phone": person.phone,
                }
            )
    return out.getvalue()


def _config(world: World) -> str:
    head = f"""\
# The configuration of a demo: made-up managers, customers and mail (seed {world.seed}, {world.now:%Y-%m-%d}).
# Every other command works on it with: syncagent --config {CONFIG} ...
#
# To try syncagent on mail of your own, copy this folder's {CONFIG} elsewhere and
#   1. put your company's e-mail domains into [organisation],
#   2. let `path` of a [[mailbox]] name your Maildir, or a folder with mbox or .eml files (meetings: calendar/*.ics
#      inside it); drafts are written into its Drafts folder, nothing else there is changed,
#   3. list your customers' people in a CSV file with the columns of {PEOPLE}: syncagent people import FILE.
# All keys are explained in config.example.toml.

[agent]
database = "sqlite:///syncagent.db"
language = "az"
time_zone = "Asia/Baku"
store = "excerpt"           # how much of a contact's text is kept: metadata, excerpt or body

[organisation]
domains = ["{DOMAIN}"]      # mail among these alone is internal

[secrets]
store = "file"              # syncagent.key, made beside the database
"""
    return "\n".join([head, *(_mailbox(manager) for manager in world.cast.managers)])


def _mailbox(manager: Person) -> str:
    return f"""\
[[mailbox]]
name = "{manager.mailbox}"
manager = "{manager.name}"
addresses = ["{manager.emails[0]}"]
kind = "files"
path = "{MAIL}/{manager.mailbox}"
"""
