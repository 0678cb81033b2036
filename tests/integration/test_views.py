"""The open interface: what each view shows, the same on SQLite and PostgreSQL, and never anything private."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from syncagent.crm import schema
from syncagent.crm.database import Database
from syncagent.crm.tables.all import metadata
from syncagent.crm.tables.interactions import Interaction
from syncagent.crm.types import UtcDateTime
from syncagent.crm.views.v1 import V1
from syncagent.crm.visibility import visible_to
from tests.integration.crm_rows import FUTURE, HOUR, MONDAY, add, add_copy, add_interaction, add_meeting, seed_people

#: A word that stands in every text of what is private.
SECRET = "gizli"

TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "number": sa.BigInteger,
    "text": sa.String,
    "time": UtcDateTime,
    "date": sa.Date,
    "yes/no": sa.Boolean,
}


@pytest.fixture
def connection(database_url: str) -> Iterator[sa.Connection]:
    """A database with two managers, two accounts and three people; nothing has happened yet."""
    database = Database(database_url)
    schema.ensure(database)
    with database.write() as opened:
        seed_people(opened)
        yield opened
    database.close()


def shown(connection: sa.Connection, view_name: str, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of a view, of some or all columns, with times and yes/no as Python has them, by the first columns."""
    view = next(view for view in V1 if view.name == view_name)
    kinds = {column.name: TYPES[column.kind] for column in view.columns}
    wanted = [sa.column(name, kinds[name]) for name in columns or kinds]
    rows = connection.execute(sa.select(*wanted).select_from(sa.table(view_name)))
    return sorted((tuple(row) for row in rows), key=repr)


def test_the_accounts(connection: sa.Connection) -> None:
    assert shown(connection, "account_v1") == [
        (1, "Azərneft ASC", True, "neft.az;azneft.az", "rauf@bizim.az;Leyla Əliyeva", None),
        (2, "Şəki İpək", False, "", "", None),
    ]


def test_the_stakeholders(connection: sa.Connection) -> None:
    addresses = "gulsen@neft.az;g.qedirova@azneft.az"
    roles = "decision_maker;supporter"
    assert shown(connection, "stakeholder_v1") == [
        (
            *(1, "Gülşən Qədirova", 1, "Azərneft ASC", "gulsen@neft.az", addresses),
            *("Baş direktor", roles, "fox", "az", False, False, None),
        ),
        (2, "Rəşad Ağayev", 1, "Azərneft ASC", "resad@neft.az", "resad@neft.az", "", "", "", "", True, True, None),
        (3, "Иван Петров", None, "", "", "", "", "", "", "ru", False, False, None),
    ]


def test_a_mail_and_an_occurrence(connection: sa.Connection) -> None:
    add_interaction(
        connection,
        1,
        at=MONDAY,
        subject="Görüş haqqında",
        language="az",
        message_id="a@neft.az",
        thread_key="root@neft.az",
    )
    add_copy(connection, 1, 1, 1, excerpt="Hörmətli Leyla xanım, şərtləri gözləyirik.")
    add_meeting(
        connection,
        2,
        FUTURE,
        subject="Həftəlik görüş",
        meeting_kind="call",
        all_day=True,
        start_date=date(2099, 1, 5),
        zone="Asia/Baku",
        uid="abc",
        recurrence_id="2099-01-05",
    )
    text = "Hörmətli Leyla xanım, şərtləri gözləyirik."
    mail = ("Görüş haqqında", text, "az", "a@neft.az", "", "", "root@neft.az", None)
    meeting = ("Həftəlik görüş", "", "", "", "abc", "2099-01-05", "", None)
    assert shown(connection, "interaction_v1") == [
        (1, "mail_in", "done", "", MONDAY, None, False, None, "", *mail),
        (2, "meeting", "planned", "call", FUTURE, FUTURE + HOUR, True, date(2099, 1, 5), "Asia/Baku", *meeting),
    ]


@pytest.mark.parametrize(
    ("at", "values", "state"),
    [
        (MONDAY, {}, "done"),
        (FUTURE, {}, "planned"),
        (MONDAY, {"ended_at": FUTURE}, "planned"),
        (MONDAY, {"outcome": "tentative"}, "done"),
        (FUTURE, {"outcome": "tentative"}, "tentative"),
        (MONDAY, {"outcome": "declined"}, "declined"),
        (FUTURE, {"outcome": "cancelled"}, "cancelled"),
        (FUTURE, {"gone_at": MONDAY}, "cancelled"),
        (MONDAY, {"gone_at": MONDAY + HOUR}, "done"),
        (MONDAY, {"gone_at": MONDAY - HOUR}, "cancelled"),
        (MONDAY, {"kind": "call", "ended_at": None}, "done"),
        (FUTURE, {"kind": "mail_out", "ended_at": None}, "done"),
        (MONDAY, {"kind": "mail_in", "ended_at": None, "gone_at": MONDAY - HOUR}, "done"),
    ],
)
def test_the_state(connection: sa.Connection, at: datetime, values: dict[str, Any], state: str) -> None:
    add_meeting(connection, 1, at, **values)
    assert shown(connection, "interaction_v1", "state") == [(state,)]


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ([], ""),
        ([("excerpt", "a")], "a"),
        ([("excerpt", "a"), ("metadata", "")], ""),
        ([("body", "b"), ("excerpt", "e")], "e"),
        ([("excerpt", ""), ("excerpt", "read later")], "read later"),
    ],
)
def test_the_excerpt_is_that_of_the_strictest_copy(
    connection: sa.Connection, copies: list[tuple[str, str]], expected: str
) -> None:
    add_interaction(connection, 1)
    for number, (store, excerpt) in enumerate(copies, start=1):
        add_copy(connection, number, 1, number, store=store, excerpt=excerpt)
    assert shown(connection, "interaction_v1", "id", "excerpt") == [(1, expected)]


def test_the_documents_are_those_of_the_strictest_copy(connection: sa.Connection) -> None:
    add_interaction(connection, 1)
    add_interaction(connection, 2)
    add_copy(connection, 1, 1, 1)
    add_copy(connection, 2, 1, 2)
    add_copy(connection, 3, 2, 1)
    add_copy(connection, 4, 2, 2, store="metadata")
    for copy in (1, 2, 3):
        add(connection, "document", sighting_id=copy, name=f"Müqavilə {copy}.pdf", media_type="application/pdf", size=9)
    add(connection, "document", sighting_id=1, position=1, name="Qiymətlər.xlsx")
    assert shown(connection, "document_v1") == [
        (1, 0, "Müqavilə 1.pdf", "application/pdf", 9),
        (1, 1, "Qiymətlər.xlsx", "", 0),
    ]


def test_the_people_of_an_interaction(connection: sa.Connection) -> None:
    add_meeting(connection, 1, MONDAY)
    add(
        connection,
        "contact",
        interaction_id=1,
        email="gulsen@neft.az",
        account_id=1,
        stakeholder_id=1,
        certainty="certain",
        reason="ünvan",
    )
    add(connection, "contact", interaction_id=1, email="kim@neft.az", account_id=1, certainty="probable")
    add(connection, "our_part", interaction_id=1, our_person_id=1, organizer=True)
    add(connection, "our_part", interaction_id=1, our_person_id=2, declined=True)
    what = (1, "meeting", "done", MONDAY)
    assert shown(connection, "contact_v1") == [
        (*what, 1, "Azərneft ASC", 1, "Gülşən Qədirova", "gulsen@neft.az", "certain", "ünvan"),
        (*what, 1, "Azərneft ASC", None, "", "kim@neft.az", "probable", ""),
    ]
    assert shown(connection, "our_part_v1") == [
        (*what, 1, "Leyla Əliyeva", "leyla@bizim.az", True, False),
        (*what, 2, "rauf@bizim.az", "rauf@bizim.az", False, True),
    ]


def test_the_last_contact_is_the_latest_that_happened(connection: sa.Connection) -> None:
    def meet(
        number: int, at: datetime, *, stakeholder: int | None = 1, certainty: str = "certain", **values: Any
    ) -> None:
        add_meeting(connection, number, at, **values)
        add(
            connection,
            "contact",
            interaction_id=number,
            email="x@neft.az",
            account_id=1,
            stakeholder_id=stakeholder,
            certainty=certainty,
            at=at,
        )

    meet(1, MONDAY)
    meet(2, MONDAY + 2 * HOUR, stakeholder=None)
    meet(3, MONDAY + 3 * HOUR, certainty="question")
    meet(4, MONDAY + 4 * HOUR, outcome="cancelled")
    meet(5, MONDAY + 5 * HOUR, private=True)
    meet(6, FUTURE)
    meet(7, FUTURE, kind="mail_in")  # a date that its sender made up
    assert shown(connection, "stakeholder_v1", "id", "last_contact_at")[0] == (1, MONDAY)
    assert shown(connection, "account_v1", "id", "last_contact_at")[0] == (1, MONDAY + 2 * HOUR)


def test_a_draft(connection: sa.Connection) -> None:
    add_meeting(connection, 1, MONDAY)
    add(
        connection,
        "draft",
        id=5,
        occasion="follow_up/formal e:abc|",
        rule="follow_up/formal",
        kind="follow_up_formal",
        state="placed",
        interaction_id=1,
        our_person_id=1,
        mailbox_id=2,
        recipients=["gulsen@neft.az", "resad@neft.az"],
        copies=[],
        subject="Görüşə görə təşəkkür",
        language="az",
        due_at=MONDAY + 48 * HOUR,
        message_id="draft@bizim.az",
        reason="The meeting has ended.",
        placed_at=MONDAY + HOUR,
    )
    what = (5, "follow_up/formal e:abc|", "follow_up/formal", "follow_up_formal", "placed", 1)
    text = ("gulsen@neft.az;resad@neft.az", "", "Görüşə görə təşəkkür", "az", MONDAY + 48 * HOUR)
    ids = ("", "draft@bizim.az", "", "The meeting has ended.")
    assert shown(connection, "draft_v1") == [
        (*what, "Leyla Əliyeva", "rauf", *text, *ids, MONDAY, MONDAY + HOUR, MONDAY)
    ]


def test_the_streams_add_up(connection: sa.Connection) -> None:
    add(
        connection,
        "stream",
        id=1,
        mailbox_id=1,
        remote_id="INBOX",
        name="Gələnlər",
        role="inbox",
        last_good_at=MONDAY,
        gapless_since_at=MONDAY - HOUR,
    )
    add(connection, "stream", id=2, mailbox_id=1, remote_id="gone", gone_at=MONDAY)
    add(connection, "stream", id=3, mailbox_id=2, remote_id="INBOX", name="Inbox")
    numbers = {
        "seen": 40,
        "logged": 5,
        "updated": 4,
        "removed": 3,
        "ignored": 2,
        "skipped:internal": 20,
        "skipped:bounce": 5,
        "failed": 1,
    }
    for outcome, number in numbers.items():
        add(connection, "ledger", stream_id=1, kind="forward", outcome=outcome, number=number)
    add(connection, "ledger", stream_id=1, kind="search", outcome="seen", number=10**10)
    add(connection, "ledger", stream_id=1, kind="search", outcome="skipped:internal", number=10**10)
    add(connection, "failure", id=1, stream_id=1, remote_id="1")
    add(connection, "failure", id=2, stream_id=1, remote_id="2", resolved_at=MONDAY)
    large = 10**10
    assert shown(connection, "stream_v1") == [
        ("leyla", "Gələnlər", "inbox", MONDAY, None, MONDAY - HOUR, large + 40, 5, 4, 3, 2, large + 25, 1, 1),
        ("rauf", "Inbox", "", None, None, None, 0, 0, 0, 0, 0, 0, 0, 0),
    ]


def test_nothing_private_is_ever_shown(connection: sa.Connection) -> None:
    """Two interactions with everything that can hang on one; the private one's texts all hold the word."""
    for number, private in ((1, False), (2, True)):
        word = SECRET if private else "açıq"
        add_meeting(connection, number, MONDAY, private=private, **texts_of("interaction", word, "kind", "outcome"))
        add_copy(connection, number, number, 1, **texts_of("sighting", word, "store", "sensitivity"), agenda=[word])
        tie = {"interaction_id": number}
        add(connection, "contact", **tie, **texts_of("contact", word), account_id=1, stakeholder_id=1)
        add(connection, "our_part", **tie, our_person_id=1)
        add(connection, "document", sighting_id=number, **texts_of("document", word))
        people = {"our_person_id": 1, "mailbox_id": 1, "recipients": [word], "copies": [word]}
        add(connection, "draft", **tie, id=number, **people, **texts_of("draft", word))
        add(connection, "participant", sighting_id=number, **texts_of("participant", word))
        add(connection, "wake_up", **tie, id=number, **texts_of("wake_up", word))
    everything = {view.name: shown(connection, view.name) for view in V1}
    assert SECRET not in repr(everything)
    assert "açıq" in repr(everything)
    for name in ("interaction_v1", "contact_v1", "our_part_v1", "document_v1", "draft_v1"):
        assert len(everything[name]) == 1, name
    allowed = connection.execute(sa.select(Interaction.id).where(visible_to(None))).all()
    assert shown(connection, "interaction_v1", "id") == [tuple(row) for row in allowed]


def texts_of(table_name: str, word: str, *but: str) -> dict[str, str]:
    """The same word for every column of text of a table."""
    columns = metadata.tables[table_name].columns
    return {of.name: word for of in columns if isinstance(of.type, sa.String) and of.name not in but}


def test_times_are_text_that_sorts_in_sqlite(connection: sa.Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    add_interaction(connection, 1)
    assert connection.exec_driver_sql("SELECT at FROM interaction_v1").scalar() == "2020-11-16 06:00:00.000250"
