"""Answers for why something in a mailbox was not logged: it is looked up there and judged anew; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from syncagent.crm.explain import Explanation
from syncagent.errors import SyncAgentError
from syncagent.model import Change, Content, Gone, Mail, Ref, Stream, TraceStep, Unreadable, Upsert
from syncagent.sync.judging import first_judgement, second_judgement
from syncagent.sync.page import Desk


def look_anew(desk: Desk, key: str) -> list[Explanation]:
    """What this mailbox holds under a Message-ID or UID, each with the judgement on it. A trouble is an answer too."""
    name = desk.mailbox.settings.name
    try:
        streams = {stream.id: stream for stream in desk.source.streams()}
        changes = desk.source.revisit(desk.source.locate(key))
        return [one for change in changes for one in _explained(desk, change, streams)]
    except SyncAgentError as error:
        return [Explanation("item", None, f"mailbox {name}", f"It could not be looked through: {error.sentence}")]


def _explained(desk: Desk, change: Change, streams: Mapping[str, Stream]) -> Iterator[Explanation]:
    stream = streams.get(change.ref.stream)
    if isinstance(change, Gone) or stream is None:
        return
    where = f"{desk.mailbox.settings.name} / {stream.name}"
    if isinstance(change, Unreadable):
        yield Explanation("item", None, f"an item in {where}", f"It cannot be read: {change.reason}.")
        return
    yield _judged(desk, change, stream, where)


def _judged(desk: Desk, change: Upsert, stream: Stream, where: str) -> Explanation:
    is_mail = isinstance(change.item, Mail)
    subject = f"{'a mail' if is_mail else 'a meeting'} in {where}"
    judged = first_judgement(change.item, stream, desk.people.current(), desk.policy)
    if judged.skip is None and isinstance(change.item, Mail):
        content = _content(desk, change)
        if isinstance(content, Unreadable):
            return Explanation("item", None, subject, f"Its text cannot be read: {content.reason}.", judged.trace)
        judged = second_judgement(judged, change.item, content)
    if judged.skip is not None:
        return Explanation("item", None, subject, f"It is not logged ({judged.skip}): {judged.why}.", judged.trace)
    answer = "It is to be logged, and was not read yet: syncagent sync reads it."
    last = TraceStep("verdict", str(judged.direction), "log", judged.why)
    return Explanation("item", None, subject, answer, (*judged.trace, last))


def _content(desk: Desk, change: Upsert) -> Content | Unreadable:
    if change.content is not None:
        return change.content
    ref: Ref = change.ref
    return desk.source.fetch([ref]).get(ref, Content())
