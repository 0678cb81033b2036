"""Answers for the people index that all workers share: built from the database, and built anew when people change."""

from __future__ import annotations

import threading

from syncagent.crm import people
from syncagent.crm.database import Database
from syncagent.matching.index import PeopleIndex
from syncagent.matching.people import AccountDomain, Membership, Ours, OwnedAddress


class People:
    """The newest index that was asked for; safe to share between threads."""

    def __init__(self, database: Database, own_domains: frozenset[str]) -> None:
        self._database = database
        self._own_domains = own_domains
        self._lock = threading.Lock()
        self._index: PeopleIndex | None = None

    def current(self) -> PeopleIndex:
        """The index of the present revision; costs one small query when nothing changed."""
        with self._lock:
            with self._database.read() as connection:
                if self._index is not None and self._index.version == people.version(connection):
                    return self._index
                rows = people.rows(connection)
            self._index = PeopleIndex.build(
                version=rows.version,
                addresses=(OwnedAddress(*row) for row in rows.addresses),
                memberships=(Membership(*row) for row in rows.memberships),
                domains=(AccountDomain(*row) for row in rows.domains),
                ours=Ours(rows.our_emails, self._own_domains),
                stakeholder_names=rows.stakeholder_names,
                account_names=rows.account_names,
            )
            return self._index
