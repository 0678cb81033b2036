"""Answers for whether a machine wrote a mail, from its header: bounce, automatic reply, newsletter, notification.

Pure: adds up the table of ``signals``. A mail that a person wrote to a mailing list is human.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncagent.model import Mail
from syncagent.reading import signals
from syncagent.reading.signals import ENOUGH, HEADER_SIGNS, ORDER, Sign
from syncagent.reading.words import fold
from syncagent.vocabulary import Skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a mail is no contact, with the evidence in words."""

    skip: Skip
    why: str


def automated(mail: Mail) -> Verdict | None:
    """The reason to skip the mail that its header gives; None when a person may have written it."""
    return decide(HEADER_SIGNS, seen_in_header(mail))


def decide(signs: Iterable[Sign], seen: Mapping[str, str]) -> Verdict | None:
    """Adds up the signs over the texts they are looked for in; a place that ``seen`` does not name shows nothing."""
    points: dict[Skip, int] = defaultdict(int)
    evidence: dict[Skip, list[str]] = defaultdict(list)
    for sign in signs:
        text = seen.get(sign.where)
        if text is None or sign.pattern.search(text) is None:
            continue
        for skip, worth in sign.worth.items():
            points[skip] += worth
            evidence[skip].append(f"{sign.name} ({worth:+d})")
    best = max(ORDER, key=lambda skip: points[skip])  # the first of equals
    if points[best] < ENOUGH:
        return None
    return Verdict(best, "; ".join(evidence[best]))


def seen_in_header(mail: Mail) -> dict[str, str]:
    """Where the header signs look: each header by its name, and the places of ``signals``."""
    seen = dict(mail.signals)
    seen[signals.HEADERS] = " ".join(sorted(mail.signals))
    seen[signals.SUBJECT] = fold(mail.subject.strip())
    seen[signals.TYPE] = mail.content_type.lower()
    seen[signals.REFERS] = next(iter((*mail.in_reply_to, *mail.references)), "")
    if mail.author is not None:
        seen[signals.LOCAL_PART] = mail.author.email.partition("@")[0].lower()
    if mail.sender is not None:
        seen[signals.SENDER] = mail.sender.email
    return seen
