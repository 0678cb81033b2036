"""Answers for our drafts and notices in a mailbox in memory (``ports.DraftBox``), and the failures ordered for them."""

from __future__ import annotations

from dataclasses import replace

from connectors.memory.mailbox import Held, MemoryMailbox
from connectors.memory.trouble import Call
from syncagent.errors import Stopped, Unsupported
from syncagent.model import (
    Absent,
    CannotTell,
    Content,
    DraftMail,
    DraftTraits,
    Mail,
    Notice,
    Placed,
    Present,
    Ref,
    Whereabouts,
)
from syncagent.ports import Surroundings
from syncagent.vocabulary import Role, Withdrawal

#: Where a draft is looked for; the first place wins, since a sent copy outweighs what was left behind.
_PLACES = (Role.SENT, Role.DRAFTS, Role.TRASH)


class MemoryDraftBox:
    """The drafts of one mailbox. Besides what ``ports.DraftBox`` allows nothing in the mailbox is ever changed."""

    def __init__(self, mailbox: MemoryMailbox, surroundings: Surroundings) -> None:
        self._mailbox = mailbox
        self._surroundings = surroundings

    def traits(self) -> DraftTraits:
        return DraftTraits(annotates=self._mailbox.annotates, delivers=self._mailbox.delivers)

    def place(self, draft: DraftMail, reply_to: Ref | None) -> Placed:
        with self._mailbox.trouble.around(Call.PLACE):
            self._ask()
            ref = self._mailbox.put(self._mailbox.of_role(Role.DRAFTS).stream.id, _mail(draft), Content(draft.text))
            return Placed(ref, self._mailbox.held(ref).version, draft.message_id)

    def find(self, marker: str) -> Whereabouts:
        with self._mailbox.trouble.around(Call.FIND):
            self._ask()
            if self._mailbox.trouble.blind_finds:
                self._mailbox.trouble.blind_finds -= 1
                return CannotTell("the index lags behind")
            marked = [held for held in self._mailbox.all_held() if _carries(held, marker)]
            for role in _PLACES:
                for held in marked:
                    if self._role(held) is role:
                        return Present(held.ref, role, held.version)
            return Absent()

    def withdraw(self, ref: Ref, *, marker: str, if_version: str) -> Withdrawal:
        with self._mailbox.trouble.around(Call.WITHDRAW):
            self._ask()
            held = self._held(ref)
            if held is None:
                return Withdrawal.MISSING
            if self._role(held) is not Role.DRAFTS or not _carries(held, marker) or held.version != if_version:
                return Withdrawal.TOUCHED
            self._mailbox.delete(ref)
            return Withdrawal.WITHDRAWN

    def annotate(self, ref: Ref, *, if_version: str, category: str) -> str | None:
        with self._mailbox.trouble.around(Call.ANNOTATE):
            self._ask()
            if not self._mailbox.annotates:
                raise Unsupported("This mailbox has no categories.", cure="Nothing to do: drafts work without.")
            held = self._held(ref)
            if held is None or held.version != if_version or self._role(held) is not Role.DRAFTS:
                return None
            categories = tuple(dict.fromkeys((*held.item.categories, category)))
            self._mailbox.edit(ref, replace(held.item, categories=categories))
            return self._mailbox.held(ref).version

    def deliver(self, notice: Notice) -> Ref:
        with self._mailbox.trouble.around(Call.DELIVER):
            self._ask()
            if not self._mailbox.delivers:
                raise Unsupported("This mailbox takes nothing in without sending.", cure="Use report --out.")
            for held in self._mailbox.all_held():
                if isinstance(held.item, Mail) and held.item.message_id == notice.message_id:
                    return held.ref
            return self._mailbox.put(self._mailbox.of_role(Role.INBOX).stream.id, _notice(notice), Content(notice.text))

    def close(self) -> None:
        """Nothing is kept open."""

    def _ask(self) -> None:
        if self._surroundings.stop.requested():
            raise Stopped("The work on drafts was stopped on request.")
        self._surroundings.budget.spend(requests=1)

    def _held(self, ref: Ref) -> Held | None:
        shelf = self._mailbox.shelves.get(ref.stream)
        return None if shelf is None else shelf.items.get(ref.id)

    def _role(self, held: Held) -> Role:
        return self._mailbox.shelves[held.ref.stream].stream.role


def _carries(held: Held, marker: str) -> bool:
    """Whether an item is the draft of this marker, by our header or by the Message-ID that is made from it."""
    return isinstance(held.item, Mail) and (held.item.marker == marker or marker in held.item.message_id)


def _mail(draft: DraftMail) -> Mail:
    return Mail(
        message_id=draft.message_id,
        from_=(draft.from_,),
        to=draft.to,
        cc=draft.cc,
        subject=draft.subject,
        sent_at=draft.at,
        received_at=draft.at,
        in_reply_to=(draft.in_reply_to,) if draft.in_reply_to else (),
        references=draft.references,
        is_draft=True,
        marker=draft.marker,
    )


def _notice(notice: Notice) -> Mail:
    return Mail(
        message_id=notice.message_id,
        from_=(notice.from_,),
        to=(notice.to,),
        subject=notice.subject,
        sent_at=notice.at,
        received_at=notice.at,
    )
