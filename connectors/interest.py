"""Answers for whether an item is one that a search asks for: what connectors do where the provider cannot. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from syncagent.model import Address, Event, Item, Mail, Query


def matches(item: Item, query: Query) -> bool:
    """Whether the item lies in the span, and one of its people has an address, or lives in a domain, of interest.

    An item without any time matches every span; a domain holds its sub-domains.
    """
    at = time_of(item)
    if at is not None and not query.span.holds(at):
        return False
    return any(
        address.email in query.emails or _lives_in(address.email.rpartition("@")[2], query.domains)
        for address in people_of(item)
    )


def people_of(item: Item) -> Iterator[Address]:
    """Everybody that a mail or a meeting names."""
    if isinstance(item, Event):
        if item.organizer is not None:
            yield item.organizer
        yield from (attendee.address for attendee in item.attendees)
        return
    if item.sender is not None:
        yield item.sender
    for addresses in (item.from_, item.to, item.cc, item.bcc, item.reply_to):
        yield from addresses


def time_of(item: Item) -> datetime | None:
    """When the item happened: what a span of times is compared with."""
    return item.at if isinstance(item, Mail) else item.start_at


def _lives_in(domain: str, domains: frozenset[str]) -> bool:
    """Whether the domain, or one above it, is among ``domains``."""
    while domain:
        if domain in domains:
            return True
        domain = domain.partition(".")[2]
    return False
