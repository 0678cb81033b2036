"""Answers for opening a mailbox in memory from its settings: the entry point ``memory`` leads here."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.memory.drafts import MemoryDraftBox
from connectors.memory.mailbox import MemoryMailbox
from connectors.memory.source import MemorySource
from syncagent.errors import ConfigProblems, Problem
from syncagent.ports import DraftBox, Source, Surroundings


def open_source(settings: Mapping[str, object], surroundings: Surroundings) -> Source:
    """Reads the ``MemoryMailbox`` that the settings hold as ``mailbox``. Raises ``ConfigProblems``."""
    return MemorySource(_mailbox(settings, surroundings), surroundings)


def open_draft_box(settings: Mapping[str, object], surroundings: Surroundings) -> DraftBox:
    """Keeps drafts in the ``MemoryMailbox`` that the settings hold as ``mailbox``. Raises ``ConfigProblems``."""
    return MemoryDraftBox(_mailbox(settings, surroundings), surroundings)


def _mailbox(settings: Mapping[str, object], surroundings: Surroundings) -> MemoryMailbox:
    mailbox = settings.get("mailbox")
    if isinstance(mailbox, MemoryMailbox):
        return mailbox
    raise ConfigProblems(
        f"mailbox {surroundings.mailbox}",
        [Problem("kind", "a mailbox in memory exists only inside a program that made one")],
        cure='Use kind = "files" for a mailbox on disk.',
    )
