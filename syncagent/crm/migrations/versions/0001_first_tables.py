"""Revision 0001 answers for the first tables and the first version of the views; touches nothing that lives on.

The tables are spelled out in ``migrations/revision_0001``, because Alembic takes every file in this folder for a
revision. The views are version 1 itself: a released version never changes.
"""

from __future__ import annotations

from alembic import op

from syncagent.crm.migrations.revision_0001 import drafting, interactions, mailboxes, people
from syncagent.crm.migrations.revision_0001.base import metadata
from syncagent.crm.views.definition import create, drop
from syncagent.crm.views.v1 import V1

revision = "0001"
down_revision = None

#: Importing these puts their tables on the metadata.
SUBJECTS = (people, mailboxes, interactions, drafting)


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection, checkfirst=False)
    create(connection, V1)


def downgrade() -> None:
    connection = op.get_bind()
    drop(connection, V1)
    metadata.drop_all(connection, checkfirst=False)
