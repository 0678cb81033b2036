"""Answers for who may see an interaction: the one place that decides it (promise 4)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select

from syncagent.crm.tables.interactions import Interaction, Sighting
from syncagent.crm.tables.mailboxes import Mailbox

NORMAL = "normal"


def visible_to(our_person_id: int | None) -> ColumnElement[bool]:
    """A condition on ``Interaction``: what this one of us may see; None means what everybody may see.

    The strictest copy rules for everybody: once a copy is private, only the owner of a copy that is open sees it.
    """
    everybody = not_(Interaction.private)
    if our_person_id is None:
        return everybody
    own_open_copy = exists(
        select(Sighting.id)
        .join(Mailbox, Mailbox.id == Sighting.mailbox_id)
        .where(
            and_(
                Sighting.interaction_id == Interaction.id,
                Mailbox.our_person_id == our_person_id,
                Sighting.sensitivity == NORMAL,
            )
        )
    )
    return or_(everybody, own_open_copy)
