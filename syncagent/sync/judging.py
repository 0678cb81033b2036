"""Answers for what becomes of one item: identity (matching) and nature (reading) put together; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from syncagent.crm import identity
from syncagent.crm.record import ItemRecord, PartyRecord
from syncagent.matching.index import PeopleIndex
from syncagent.matching.judge import Judgement, judge_event, judge_mail
from syncagent.model import Content, Event, Item, Mail, Stream, TraceStep, Upsert
from syncagent.reading.automated import automated
from syncagent.reading.content import agenda, excerpt, language, new_text, second_look
from syncagent.reading.meetings import meeting_kind
from syncagent.reading.threads import thread_key
from syncagent.vocabulary import InteractionKind, Role, Skip, StoreLevel


@dataclass(frozen=True, slots=True)
class Policy:
    """What the configuration says of one mailbox."""

    owner: frozenset[str]  # the manager's addresses
    exclude: frozenset[str]  # folded names of folders and categories
    store: StoreLevel
    history_since: date | None

    def excludes(self, stream: Stream, item: Item) -> bool:
        """Whether the folder, or a category of the item, is one that the manager keeps out."""
        names = (stream.name, stream.id, *item.categories)
        return any(name.casefold() in self.exclude for name in names)


def first_judgement(item: Item, stream: Stream, index: PeopleIndex, policy: Policy) -> Judgement:
    """Judges by the header alone: whose it is, and whether a machine wrote it."""
    excluded = policy.excludes(stream, item)
    if isinstance(item, Event):
        return judge_event(item, index, owner=policy.owner, excluded=excluded)
    judged = judge_mail(item, index, role=stream.role, excluded=excluded)
    if judged.skip is not None:
        return judged
    if policy.history_since and item.at and item.at < datetime.combine(policy.history_since, datetime.min.time(), UTC):
        return _skipped(judged, Skip.EXCLUDED, "it is older than history_since", "history_since")
    machine = automated(item)
    if machine is not None:
        return _skipped(judged, machine.skip, machine.why, "automated")
    return judged


def second_judgement(judged: Judgement, mail: Mail, content: Content) -> Judgement:
    """Judges again with the text: meeting mail, and machines that only their text gives away."""
    verdict = second_look(mail, content)
    return judged if verdict is None else _skipped(judged, verdict.skip, verdict.why, "text")


def _skipped(judged: Judgement, skip: Skip, why: str, step: str) -> Judgement:
    return replace(judged, skip=skip, why=why, trace=(*judged.trace, TraceStep(step, skip.value, "skipped", why)))


def record_of(change: Upsert, judged: Judgement, content: Content | None, policy: Policy) -> ItemRecord:
    """The item as the database takes it. Text that the store level does not allow is left out here, once for all."""
    item = change.item
    base = ItemRecord(
        ref=change.ref,
        version=change.version,
        kind=judged.direction or InteractionKind.MEETING,
        item=item,
        known=change.known,
        parties=tuple(
            PartyRecord(party.role, party.address.email, party.address.name, party.ours, party.response, party.kind)
            for party in judged.participants
            if party.address.email
        ),
        matches=tuple({party.match.email: party.match for party in judged.participants if party.match}.values()),
        store=policy.store,
    )
    keeps_text = policy.store is not StoreLevel.METADATA
    if isinstance(item, Event):
        return replace(
            base,
            meeting_kind=str(meeting_kind(item)),
            language=language(item.description) or language(item.subject),
            excerpt=excerpt(item.description) if keeps_text else "",
            text=item.description if policy.store is StoreLevel.BODY else "",
            agenda=agenda(item.description) if keeps_text else (),
        )
    text = new_text(content.text) if content else ""
    return replace(
        base,
        thread_key=thread_key(item),
        language=language(text),
        excerpt=excerpt(text) if keeps_text else "",
        text=text if policy.store is StoreLevel.BODY else "",
        documents=content.documents if content else (),
        text_read=content is not None,
    )


def natural_key(item: Item) -> str:
    """What makes the item the same one in every mailbox."""
    return identity.mail_key(item) if isinstance(item, Mail) else identity.event_key(item)


def may_be_our_draft(item: Item, role: Role, judged: Judgement) -> bool:
    """Whether an item can teach us what became of a draft: it carries our mark, or is where drafts end up."""
    if not isinstance(item, Mail):
        return False
    where_drafts_go = role in (Role.DRAFTS, Role.TRASH, Role.SENT)
    return bool(item.marker) or where_drafts_go or judged.direction is InteractionKind.MAIL_OUT
