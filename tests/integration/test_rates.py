"""How much of what was read lately was a contact; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from syncagent.crm import rates
from syncagent.crm.rates import Rate
from tests.lab import NOW, Lab, mail_from


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    laboratory.import_people()
    yield laboratory
    laboratory.close()


def recent(lab: Lab, days: int = 30) -> dict[str, Rate]:
    with lab.database.read() as connection:
        return rates.recent(connection, since=lab.system.now() - timedelta(days=days))


def test_each_mailbox_by_itself_and_nothing_that_is_old(lab: Lab) -> None:
    leyla, rauf = lab.manager(), lab.manager("rauf")
    assert recent(lab) == {}
    leyla.receives(mail_from("gunel@xezer.az"))
    for number in range(3):
        leyla.receives(mail_from("nobody@elsewhere.com", str(number)))
    rauf.receives(mail_from("nobody@elsewhere.com"))
    lab.sync()
    assert recent(lab) == {"leyla": Rate(seen=4, logged=1), "rauf": Rate(seen=1, logged=0)}
    assert recent(lab)["leyla"].share == 0.25
    lab.passes(timedelta(days=31))
    assert recent(lab) == {}
    rauf.receives(mail_from("gunel@xezer.az", sent_at=NOW))
    lab.sync()
    assert recent(lab) == {"rauf": Rate(seen=1, logged=1)}


def test_nothing_seen_is_no_share() -> None:
    assert Rate().share == 0
