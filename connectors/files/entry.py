"""Answers for opening a mailbox on disk from its settings: the entry point ``files`` leads here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from connectors.files.drafts import FilesDraftBox
from connectors.files.source import FilesSource
from syncagent.errors import ConfigProblems, Problem
from syncagent.ports import DraftBox, Source, Surroundings


def open_source(settings: Mapping[str, object], surroundings: Surroundings) -> Source:
    """Reads the mailbox in the folder ``path`` (absolute). Raises ``ConfigProblems``; looks at the disk when used."""
    return FilesSource(_path(settings, surroundings), surroundings)


def open_draft_box(settings: Mapping[str, object], surroundings: Surroundings) -> DraftBox:
    """Keeps drafts in the mailbox in the folder ``path`` (absolute). Raises ``ConfigProblems``."""
    return FilesDraftBox(_path(settings, surroundings), surroundings)


def _path(settings: Mapping[str, object], surroundings: Surroundings) -> Path:
    said = settings.get("path")
    if isinstance(said, str) and Path(said).is_absolute():
        return Path(said)
    raise ConfigProblems(
        f"mailbox {surroundings.mailbox}",
        [Problem("path", "names the folder of the mailbox, as an absolute path")],
        cure="Let `path` name a Maildir, or a folder with mbox or .eml files.",
    )
