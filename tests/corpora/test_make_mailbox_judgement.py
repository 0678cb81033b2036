"""A made mailbox with labels: mail by mail, who is recognised in it and why the rest is skipped."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from syncagent.formats.addresses import normal
from syncagent.formats.headers import read_mail
from syncagent.formats.mime import read_content
from syncagent.matching.index import PeopleIndex
from syncagent.matching.judge import judge_mail
from syncagent.matching.people import Membership, Ours, OwnedAddress
from syncagent.reading.automated import automated
from syncagent.reading.content import second_look
from syncagent.vocabulary import InteractionKind, Role, Skip

pytestmark = pytest.mark.corpora

MESSAGES = 4000
OWNER = "narmin.gasimova@owner.example"
ROLES = {"INBOX": Role.INBOX, "Sent": Role.SENT, "Archive": Role.ARCHIVE}
HEAD_BYTES = 65536

#: How each kind of mail that names a stakeholder may be skipped; the other kinds are logged.
REASONS = {
    "auto_reply": {Skip.AUTO_REPLY},
    "invite": {Skip.MEETING_MAIL},
    "notification": {Skip.NEWSLETTER, Skip.AUTOMATED},
    "bounce": {Skip.BOUNCE},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: its label, the stakeholders' rows that were recognised, and the reason to skip it."""

    label: dict[str, Any]
    found: frozenset[int]
    skip: Skip | None
    direction: InteractionKind | None

    def miss(self) -> str:
        """What is wrong with the outcome, by the label; empty when it is right."""
        expected = frozenset(self.label["stakeholders"])
        allowed = REASONS.get(self.label["kind"], {None}) if expected else {Skip.NO_STAKEHOLDER}
        if self.skip not in allowed:
            return f"{self.label['index']} ({self.label['kind']}): skipped as {self.skip}"
        if self.found != expected:
            return f"{self.label['index']} ({self.label['kind']}): found {self.found}, not {expected}"
        known_direction = self.skip is None and self.label["defect"] != "no_from"
        if known_direction and self.direction != f"mail_{self.label['direction']}":
            return f"{self.label['index']} ({self.label['kind']}): {self.direction}"
        return ""


def make_mailbox(corpora: Path, out: Path, messages: int) -> None:
    command = [sys.executable, str(corpora / "make_mailbox.py"), "--out", str(out), "--messages", str(messages)]
    subprocess.run([*command, "--percent", "3", "--seed", "1"], check=True)


def outcomes(mailbox: Path) -> Iterator[Outcome]:
    """Judges every message as the sync core does: by its header, and by its content where that matched."""
    with open(f"{mailbox}.people.csv", encoding="utf-8", newline="") as file:
        emails = [[normal(email) for email in row["emails"].split(";")] for row in csv.DictReader(file)]
    row_of = {email: row for row, listed in enumerate(emails) for email in listed}
    index = PeopleIndex.build(
        version=1,
        addresses=[OwnedAddress(email, row) for email, row in row_of.items()],
        memberships=[Membership(row, 1) for row in range(len(emails))],
        domains=[],
        ours=Ours(emails=frozenset({OWNER}), domains=frozenset({"owner.example"})),
    )
    with open(f"{mailbox}.labels.jsonl", encoding="utf-8") as file:
        for line in file:
            label = json.loads(line)
            yield _outcome(mailbox / label["path"], label, index)


def _outcome(path: Path, label: dict[str, Any], index: PeopleIndex) -> Outcome:
    with open(path, "rb") as file:
        raw = file.read(HEAD_BYTES)
        if label["defect"] == "huge_header":
            raw += file.read()
        mail = read_mail(raw)
        judgement = judge_mail(mail, index, role=ROLES[label["folder"]], excluded=False)
        skip = judgement.skip
        if skip is None:
            verdict = automated(mail) or second_look(mail, read_content(raw + file.read()))
            skip = verdict.skip if verdict else None
    matches = (party.match for party in judgement.participants)
    found = frozenset(match.stakeholder_id for match in matches if match and match.stakeholder_id is not None)
    return Outcome(label, found, skip, judgement.direction)


def test_everybody_is_recognised_and_everything_else_is_skipped_for_its_own_reason(
    corpora: Path, tmp_path: Path
) -> None:
    make_mailbox(corpora, tmp_path / "mailbox", MESSAGES)
    judged = list(outcomes(tmp_path / "mailbox"))
    assert len(judged) == MESSAGES
    assert [miss for outcome in judged if (miss := outcome.miss())] == []
    # The mailbox holds what the test is about: if it did not, agreeing with its labels would mean nothing.
    logged = Counter(outcome.label["kind"] for outcome in judged if outcome.skip is None)
    assert logged["personal"] > 50
    assert logged["list"] > 0
    skipped = Counter(outcome.skip for outcome in judged)
    assert skipped[Skip.NO_STAKEHOLDER] > MESSAGES * 0.9
    assert skipped[Skip.AUTO_REPLY] > 0
    assert skipped[Skip.MEETING_MAIL] > 0
