"""The installed command as other programs start it, and a small world of files for it to work on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

#: Installed beside the Python that runs the tests.
SYNCAGENT = shutil.which("syncagent", path=str(Path(sys.executable).parent))

#: Long enough for a loaded machine; nothing waits for it when all is well.
TIMEOUT_S = 120

PEOPLE = """\
account,account_domains,is_key,name,emails,title,decision_roles,contact_person,language
Xəzər Enerji,xezer.example,yes,Günel Əliyeva,gunel@xezer.example,Direktor,decision_maker,yes,az
Xəzər Enerji,xezer.example,yes,Rəşad Məmmədov,rashad@xezer.example,Mühəndis,influencer;supporter,no,az
Baku Steel,,yes,James Carter,james@bakusteel.example,Buyer,,no,en
"""


@dataclass
class World:
    """A folder with config.toml, people.csv and Maildirs; ``run`` is the command on it."""

    folder: Path
    managers: Sequence[str] = ("leyla",)
    zone: str = "Asia/Baku"
    more: str = ""  # further lines of config.toml
    number: int = field(default=0)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for manager in self.managers:
            for folder in ("", ".Sent", ".Drafts", ".Trash"):
                for part in ("cur", "new", "tmp"):
                    (self.mail(manager) / folder / part).mkdir(parents=True)
            (self.mail(manager) / "calendar").mkdir()
        self.people(PEOPLE)
        self.configure()

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "syncagent.db"

    def mail(self, manager: str = "leyla") -> Path:
        return self.folder / "mail" / manager

    def configure(self, more: str = "") -> None:
        boxes = "".join(
            f'\n[[mailbox]]\nname = "{manager}"\nmanager = "{manager.title()} Əliyeva"\n'
            f'addresses = ["{manager}@bizim.example"]\nkind = "files"\npath = "mail/{manager}"\n'
            for manager in self.managers
        )
        text = f'[organisation]\ndomains = ["bizim.example"]\n{more or self.more}\n{boxes}'
        self.config.write_text(text, encoding="utf-8")

    def people(self, text: str) -> Path:
        path = self.folder / "people.csv"
        path.write_text(text, encoding="utf-8")
        return path

    def receives(
        self,
        author: str = "gunel@xezer.example",
        subject: str = "Təklif",
        *,
        manager: str = "leyla",
        folder: str = "",
        at: datetime | None = None,
        to: str = "",
        text: str = "Salam, görüşü təsdiq edirəm.",
        **headers: str,
    ) -> Path:
        """A mail arrives; in the folder ``.Sent`` it was sent."""
        self.number += 1
        message = EmailMessage()
        message["From"] = author
        message["To"] = to or f"{manager}@bizim.example"
        message["Subject"] = subject
        message["Date"] = format_datetime(at or now() - timedelta(hours=1))
        message["Message-ID"] = f"<{self.number}@test.example>"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        path = self.mail(manager) / folder / "cur" / f"{1_700_000_000 + self.number}.M{self.number}.test:2,S"
        path.write_bytes(message.as_bytes())
        return path

    def plans(
        self,
        *guests: str,
        hours_ago: float = 3,
        subject: str = "Layihənin müzakirəsi",
        managers: Sequence[str] = ("leyla",),
        more: str = "",
    ) -> str:
        """A meeting of an hour, organised by the first of the managers, in the calendars of all; returns its UID."""
        self.number += 1
        start = now() - timedelta(hours=hours_ago)
        uid = f"meeting-{self.number}@test.example"
        people = [*guests, *(f"{manager}@bizim.example" for manager in managers[1:])]
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//test//",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{start:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{subject}",
            f"ORGANIZER:mailto:{managers[0]}@bizim.example",
            *(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{person}" for person in people),
            "DESCRIPTION:Gündəm:\\n1. Qiymət təklifi\\n2. Çatdırılma müddəti",
            *filter(None, [more]),
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
        for manager in managers:
            file = self.mail(manager) / "calendar" / f"{self.number}.ics"
            file.write_bytes("\r\n".join(lines).encode())
        return uid

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """``syncagent --config … ARGUMENTS``, to its end."""
        return run("--config", str(self.config), *arguments, **options)

    def good(self, *arguments: str, **options: Any) -> str:
        """As ``run``; what it showed. Fails unless the exit code is 0."""
        done = self.run(*arguments, **options)
        assert done.returncode == 0, (done.stdout, done.stderr)
        return done.stdout

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """The JSON Lines that a command shows."""
        done = self.run(*arguments, "--json")
        assert done.returncode in (0, 1), done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def import_people(self) -> None:
        self.good("people", "import", str(self.folder / "people.csv"))

    def drafts_in_folder(self, manager: str = "leyla") -> list[Path]:
        return [file for part in ("cur", "new") for file in (self.mail(manager) / ".Drafts" / part).iterdir()]


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def run(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, with its output as text."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
        cwd=cwd,
        env=environment(env),
        **{"stdin": subprocess.DEVNULL} | options if "input" not in options else options,
    )


def command(*arguments: str) -> list[str]:
    assert SYNCAGENT is not None, "the command syncagent is not installed beside this Python"
    return [SYNCAGENT, *arguments]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of the tests without what would change the output."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return {**kept, **(more or {})}
