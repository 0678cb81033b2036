"""Answers for the mailboxes that figures are measured on: made once by the shared generator, kept in a cache folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CACHE = Path(os.environ.get("SYNCAGENT_BENCH_CACHE", Path(tempfile.gettempdir()) / "syncagent-bench"))
CORPORA = Path(os.environ.get("SYNCAGENT_CORPORA", Path(__file__).resolve().parents[2] / "shared" / "corpora"))


def mailbox(messages: int) -> Path:
    """A Maildir++ with so many messages (seed 1, 3 % with a stakeholder); beside it ``.people.csv``.

    Ends the program with the reason when the generator is not there.
    """
    generator = CORPORA / "make_mailbox.py"
    if not generator.is_file():
        sys.exit(f"skipped: the mailbox generator is not at {generator}; name its folder in SYNCAGENT_CORPORA")
    folder = CACHE / f"mailbox-{messages}"
    if not (folder / "complete").exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        size = ["--attach-rate", "0"] if messages > 20_000 else []  # the same headers without gigabytes of attachments
        arguments = ["--out", str(folder), "--messages", str(messages), "--seed", "1", "--percent", "3", *size]
        subprocess.run([sys.executable, str(generator), *arguments], check=True)
        (folder / "complete").touch()
    return folder


def world(folder: Path, mailbox_folder: Path) -> Path:
    """A folder with a config.toml over the mailbox and an empty database; returns the configuration."""
    config = folder / "config.toml"
    config.write_text(
        '[organisation]\ndomains = ["owner.example"]\n\n[[mailbox]]\nname = "owner"\nmanager = "Owner"\n'
        f'addresses = ["owner@owner.example"]\nkind = "files"\npath = "{mailbox_folder.as_posix()}"\n',
        encoding="utf-8",
    )
    return config
