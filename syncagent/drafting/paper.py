"""Answers for a draft box that writes nowhere: what a rehearsal would have placed is kept in a list."""

from __future__ import annotations

from syncagent.errors import Unsupported
from syncagent.model import Absent, DraftMail, DraftTraits, Notice, Placed, Ref, Whereabouts
from syncagent.vocabulary import Withdrawal


class PaperBox:
    """Implements ``ports.DraftBox`` without a mailbox."""

    def __init__(self) -> None:
        self.drafts: list[DraftMail] = []

    def traits(self) -> DraftTraits:
        return DraftTraits(annotates=False, delivers=False)

    def place(self, draft: DraftMail, reply_to: Ref | None) -> Placed:
        self.drafts.append(draft)
        return Placed(Ref("paper", draft.marker), "paper", draft.message_id)

    def find(self, marker: str) -> Whereabouts:
        return Absent()

    def withdraw(self, ref: Ref, *, marker: str, if_version: str) -> Withdrawal:
        return Withdrawal.MISSING

    def annotate(self, ref: Ref, *, if_version: str, category: str) -> str | None:
        return None

    def deliver(self, notice: Notice) -> Ref:
        raise Unsupported("A rehearsal delivers nothing.")

    def close(self) -> None: ...
