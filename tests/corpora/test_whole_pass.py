"""The whole pass over real and labelled mail: everything is seen, the ledger adds up, the right people are logged."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from syncagent.clock import StopSignal
from syncagent.config import load
from syncagent.crm import failures, ledger, people
from syncagent.crm.tables.interactions import Contact, Location, Sighting
from syncagent.crm.tables.people import StakeholderAddress
from syncagent.formats.people_csv import read_people
from syncagent.wiring import House, Nobody, open_house
from syncagent.work import whole_pass

pytestmark = pytest.mark.corpora

CONFIG = """[organisation]
domains = ["owner.example"]
[[mailbox]]
name = "owner"
manager = "Owner"
addresses = ["owner@owner.example"]
kind = "files"
path = "{path}"
"""

#: Kinds of the generator whose mail is a contact, and the reasons under which the other kinds are left out.
CONTACTS = {"personal", "list", "malformed"}
REASONS = {
    "auto_reply": {"auto_reply"},
    "invite": {"meeting_mail"},
    "notification": {"newsletter", "automated"},
    "bounce": {"bounce"},
}


def passed(folder: Path, mailbox: Path, people_csv: bytes = b"account,name,emails\n") -> House:
    """A house whose one mailbox was read once."""
    config = folder / "config.toml"
    config.write_text(CONFIG.format(path=mailbox.as_posix()), encoding="utf-8")
    house = open_house(load(config))
    rows = read_people(people_csv, "people.csv")
    house.database.retrying(lambda connection: people.import_people(connection, rows, now=house.clocks.system.now()))
    result = whole_pass(house, StopSignal(), Nobody())
    assert not result.troubled, [one.troubles for one in result.mailboxes]
    return house


def booked(house: House) -> Counter[str]:
    """The sums of all streams; each is checked to add up."""
    total: Counter[str] = Counter()
    with house.database.read() as connection:
        status = ledger.status(connection, now=house.clocks.system.now(), late_after=timedelta(hours=1))
    for row in status:
        parts = {name: row[name] for name in ("logged", "updated", "removed", "ignored", "failed")} | row["skipped"]
        assert row["seen"] == sum(parts.values()), row
        total.update(parts)
        total["seen"] += row["seen"]
    return total


def test_every_message_file_is_read_or_recorded_with_its_reason(corpora: Path, tmp_path: Path) -> None:
    listed = (corpora / "messages.txt").read_text("utf-8").splitlines()
    inbox = tmp_path / "mail" / "cur"
    inbox.mkdir(parents=True)
    (tmp_path / "mail" / "new").mkdir()
    (tmp_path / "mail" / "tmp").mkdir()
    for number, name in enumerate(listed):
        shutil.copyfile(corpora / name, inbox / f"{number}.M{number}.corpus:2,S")
    house = passed(tmp_path, tmp_path / "mail")
    total = booked(house)
    with house.database.read() as connection:
        unreadable = failures.listed(connection)
    house.close()
    assert len(listed) == total["seen"] == 591
    assert total["failed"] == len(unreadable)
    assert all(failure["reason"] for failure in unreadable)
    assert total["failed"] <= 15, "nearly all of them are mail, however broken"


def _logged(house: House) -> dict[str, set[str]]:
    """The main addresses of the stakeholders of every logged message, by its file's unique name."""
    with house.database.read() as connection:
        main = {
            row.stakeholder_id: row.email
            for row in connection.execute(
                select(StakeholderAddress.stakeholder_id, StakeholderAddress.email).where(
                    StakeholderAddress.position == 0
                )
            )
        }
        found: dict[str, set[str]] = {}
        for row in connection.execute(
            select(Location.remote_id, Contact.stakeholder_id)
            .join(Sighting, Sighting.id == Location.sighting_id)
            .join(Contact, Contact.interaction_id == Sighting.interaction_id)
        ):
            found.setdefault(row.remote_id, set()).add(main[row.stakeholder_id])
    return found


def test_mail_by_mail_the_logged_stakeholders_equal_the_labels(corpora: Path, tmp_path: Path) -> None:
    folder = tmp_path / "M"
    arguments = ["--out", str(folder), "--messages", "20000", "--seed", "1", "--percent", "3", "--attach-rate", "0.01"]
    subprocess.run([sys.executable, str(corpora / "make_mailbox.py"), *arguments], check=True)
    csv = Path(f"{folder}.people.csv").read_bytes()
    house = passed(tmp_path, folder, csv)
    logged, total = _logged(house), booked(house)
    house.close()
    rows = [person.emails[0] for person in read_people(csv, "people.csv").people]
    labels = [json.loads(line) for line in Path(f"{folder}.labels.jsonl").read_text("utf-8").splitlines()]
    expected: dict[str, set[str]] = {}
    skipped: Counter[str] = Counter()
    for label in labels:
        name = Path(label["path"]).name.split(":")[0]
        if label["stakeholders"] and label["kind"] in CONTACTS:
            expected[name] = {rows[row] for row in label["stakeholders"]}
        else:
            skipped[label["kind"] if label["stakeholders"] else "no_stakeholder"] += 1
    differing = {name for name in expected.keys() | logged.keys() if expected.get(name) != logged.get(name)}
    assert differing == set()
    assert total["seen"] == 20_000
    assert total["no_stakeholder"] == skipped["no_stakeholder"]
    for kind, reasons in REASONS.items():
        assert sum(total[reason] for reason in reasons) == skipped[kind], kind
    assert total["logged"] == len(expected), "two different mails that share one Message-ID count as two"
