"""Answers for the complete metadata: importing it loads every table."""

from __future__ import annotations

from syncagent.crm.tables import drafting, interactions, mailboxes, people
from syncagent.crm.tables.base import Base

#: The modules are named here so that a table that is forgotten shows as a missing import.
SUBJECTS = (people, mailboxes, interactions, drafting)

metadata = Base.metadata
