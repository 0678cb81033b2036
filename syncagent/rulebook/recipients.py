"""Answers for who gets a letter: the named groups of a rule's ``to`` and ``cc``, as pure functions over the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from syncagent.rulebook.facts import MeetingFacts, Person

Group = Callable[[MeetingFacts], tuple[Person, ...]]


def may_be_written_to(person: Person) -> bool:
    """Has an address and has not opted out. No rule can widen this."""
    return bool(person.email) and not person.opted_out


def took_part(facts: MeetingFacts) -> tuple[Person, ...]:
    """Those outside who took part and may be written to: contact persons first, then in order.

    Each address and each stakeholder comes once: who was invited at two addresses is greeted once.
    """
    opted_out = {person.email for person in facts.took_part if person.opted_out}
    chosen: list[Person] = []
    seen: set[str | int] = set()
    for person in facts.took_part:
        marks: set[str | int] = {person.email}
        if person.stakeholder_id is not None:
            marks.add(person.stakeholder_id)
        if may_be_written_to(person) and person.email not in opted_out and not marks & seen:
            chosen.append(person)
            seen |= marks
    return tuple(sorted(chosen, key=lambda person: not person.contact_person))


def nobody(facts: MeetingFacts) -> tuple[Person, ...]:
    """No one."""
    return ()


GROUPS: Mapping[str, Group] = {
    "nobody": nobody,
    "took_part": took_part,
}
