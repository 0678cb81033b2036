"""The process is killed (SIGKILL) 50 times, at named points and at random ones; nothing may be lost or doubled.

Between two kills a person delivers more mail and another meeting ends, so that every run has pages to commit and
drafts to place. At the end an undisturbed run over the same mailbox must have found exactly the same.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from syncagent.clock import StopSignal
from syncagent.config import load
from syncagent.crm import drafts, ledger, people
from syncagent.crm.tables.interactions import Contact, Interaction, Sighting
from syncagent.formats.people_csv import read_people
from syncagent.wiring import House, Nobody, open_house
from syncagent.work import whole_pass

KILLS = int(os.environ.get("SYNCAGENT_KILLS", "50"))
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

#: Where a run is told to kill itself; None: from outside, at a random moment.
POINTS = [
    "committing",
    "committed",
    "placing",
    "placed",
    "place_stored",
    "page_read",
    "committing",
    "placing",
    None,
    None,
]

#: After one of these, and before the next event, the process was inside a page or a placing.
INSIDE = {"page_read", "committing", "placing", "placed"}

PEOPLE = (
    "account,account_domains,is_key,name,emails,language\n"
    "Xəzər Enerji,xezer.az,yes,Günel Əliyeva,gunel@xezer.az,az\n"
    "Baku Steel,bakusteel.com,yes,James Carter,james@bakusteel.com,en\n"
)

pytestmark = [pytest.mark.slow, pytest.mark.acceptance, pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")]


@dataclass
class World:
    """A mailbox on disk that grows."""

    folder: Path
    mails: int = 0
    meetings: int = 0

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def build(self) -> None:
        (self.folder / "mail" / "calendar").mkdir(parents=True)
        for name in ("", ".Sent", ".Drafts", ".Archive"):
            for part in ("cur", "new", "tmp"):
                (self.folder / "mail" / name / part).mkdir(parents=True, exist_ok=True)
        self.config.write_text(
            '[organisation]\ndomains = ["bizim.az"]\n[[mailbox]]\nname = "leyla"\nmanager = "Leyla Əliyeva"\n'
            'addresses = ["leyla@bizim.az"]\nkind = "files"\npath = "mail"\n',
            encoding="utf-8",
        )

    def deliver(self, number: int) -> None:
        """Some mail, most of it of stakeholders, and one more meeting that ended an hour ago."""
        for _ in range(number):
            self.mails += 1
            who = ("gunel@xezer.az", "james@bakusteel.com", "nobody@elsewhere.com")[self.mails % 3]
            folder = ("", ".Sent", ".Archive")[self.mails % 2 * (self.mails % 3)]
            sender, to = ("leyla@bizim.az", who) if folder == ".Sent" else (who, "leyla@bizim.az")
            at = NOW - timedelta(days=3, minutes=self.mails)
            text = (
                f"From: {sender}\nTo: {to}\nSubject: =?utf-8?q?M=C9=99ktub_{self.mails}?=\n"
                f"Message-ID: <{self.mails}@test>\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\n\nSalam.\n"
            )
            path = self.folder / "mail" / folder / "cur" / f"{self.mails}.M1P1.test:2,S"
            path.write_text(text, encoding="utf-8")
        self.meetings += 1
        start = NOW - timedelta(hours=2, minutes=self.meetings)
        (self.folder / "mail" / "calendar" / f"{self.meetings}.ics").write_text(
            "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\nBEGIN:VEVENT\n"
            f"UID:meeting-{self.meetings}\nDTSTAMP:{start:%Y%m%dT%H%M%SZ}\nDTSTART:{start:%Y%m%dT%H%M%SZ}\n"
            f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}\nSUMMARY:Müzakirə {self.meetings}\n"
            "ORGANIZER:mailto:leyla@bizim.az\nATTENDEE;PARTSTAT=ACCEPTED:mailto:gunel@xezer.az\n"
            "END:VEVENT\nEND:VCALENDAR\n",
            encoding="utf-8",
        )

    def open(self, database: str = "syncagent.db") -> House:
        text = self.config.read_text("utf-8")
        if database != "syncagent.db":
            other = self.folder / "undisturbed.toml"
            other.write_text(f'[agent]\ndatabase = "sqlite:///{database}"\n{text}', encoding="utf-8")
            return open_house(load(other), now=NOW)
        return open_house(load(self.config), now=NOW)


def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path / "world")
    world.build()
    house = world.open()
    rows = read_people(PEOPLE.encode(), "people.csv")
    house.database.retrying(lambda connection: people.import_people(connection, rows, now=NOW))
    house.close()
    chance = random.Random(20261125)
    hits: Counter[str] = Counter()
    for number in range(KILLS):
        world.deliver(chance.randint(2, 6))
        hits[_killed_run(world, POINTS[number % len(POINTS)], chance)] += 1
    finished = world.open()
    whole_pass(finished, StopSignal(), Nobody())
    disturbed = _state(finished)
    finished.close()
    drafts_lying = _drafts_lying(world.folder)

    shutil.rmtree(world.folder / "mail" / ".Drafts")
    undisturbed = world.open("undisturbed.db")
    undisturbed.database.retrying(lambda connection: people.import_people(connection, rows, now=NOW))
    whole_pass(undisturbed, StopSignal(), Nobody())
    expected = _state(undisturbed)
    undisturbed.close()

    with capsys.disabled():
        print(f"\n{KILLS} kills hit: " + ", ".join(f"{where} {times}" for where, times in hits.most_common()))
    assert disturbed == expected
    assert drafts_lying == _drafts_lying(world.folder)
    assert set(drafts_lying.values()) == {1}, "one draft for each occasion"
    assert len(drafts_lying) == world.meetings
    inside = sum(times for where, times in hits.items() if where in INSIDE)
    assert inside * 2 >= KILLS, f"only {inside} of {KILLS} kills fell inside a page or a placing"


def _killed_run(world: World, point: str | None, chance: random.Random) -> str:
    """Starts a pass and has it killed; returns the last thing that it had seen."""
    nth = chance.randint(1, 3) if point in {"committing", "committed", "page_read"} else 1
    command = [sys.executable, "-m", "tests.acceptance.killed_pass", str(world.config), NOW.isoformat()]
    with subprocess.Popen([*command, point or "never", str(nth)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if point is None:
            for line in process.stdout:
                if line.startswith("stream_started"):
                    break
            time.sleep(chance.uniform(0, 0.06))  # not a wait for something: the random moment itself
            process.send_signal(signal.SIGKILL)
        seen = [line.split()[0] for line in process.stdout]
        assert process.wait() in (-signal.SIGKILL, 0)
    return seen[-1] if seen else "ready"


def _state(house: House) -> dict[str, Any]:
    """Everything that must be equal: interactions with their people, sightings, drafts by occasion, and the ledger's
    sums.
    """
    with house.database.read() as connection:
        interactions = connection.execute(
            select(Interaction.natural_key, Interaction.kind, Interaction.at, Interaction.subject, Contact.email)
            .join(Contact, Contact.interaction_id == Interaction.id)
            .order_by(Interaction.natural_key, Contact.email)
        ).all()
        sightings = len(connection.execute(select(Sighting.id)).all())
        placed = sorted((row["occasion"], row["state"], tuple(row["to"])) for row in drafts.listed(connection))
        status = ledger.status(connection, now=NOW, late_after=timedelta(hours=1))
    booked = {row["stream"]: (row["logged"], row["skipped"].get("no_stakeholder", 0)) for row in status}
    return {
        "interactions": [tuple(row) for row in interactions],
        "sightings": sightings,
        "drafts": placed,
        "logged": {name: counts for name, counts in booked.items() if "raft" not in name},
    }


def _drafts_lying(folder: Path) -> Counter[str]:
    """The drafts in the folder by our mark, read without any of our code."""
    found: Counter[str] = Counter()
    for path in (folder / "mail" / ".Drafts").glob("*/*"):
        mark = re.search(r"^X-Syncagent-Draft: (\S+)", path.read_text("utf-8", "replace"), re.MULTILINE)
        assert mark is not None, f"{path.name} is no whole draft"
        found[mark[1]] += 1
    return found
