"""The facts of a week, asked of both databases and counted a second time by hand over the same rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Connection, Integer, String, event, insert

from syncagent.crm.database import Database
from syncagent.crm.reporting import week_of
from syncagent.crm.reporting_rows import AccountRow, Counts, PersonRow, WeekRows
from syncagent.crm.tables.all import metadata
from syncagent.crm.types import UtcDateTime
from syncagent.errors import NotFound
from syncagent.reports.weekly import build
from syncagent.reports.weekly_json import to_json
from syncagent.vocabulary import DraftState

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
START, END = datetime(2026, 11, 15, 20, tzinfo=UTC), datetime(2026, 11, 22, 20, tzinfo=UTC)
SILENT_SINCE = NOW - timedelta(days=30)
MIDWEEK = datetime(2026, 11, 18, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

LEYLA, KAMRAN = 1, 2

#: What a column of each type holds about which a test says nothing.
FILLING: dict[type, Any] = {String: "", Boolean: False, Integer: 0, UtcDateTime: NOW, JSON: []}


class World:
    """A database with two managers; remembers the rows that it wrote, so that a test can count them itself."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in metadata.tables}
        for id, name in ((LEYLA, "Leyla"), (KAMRAN, "Kamran")):
            address = f"{name.lower()}@bizim.az"
            self.add("our_person", id=id, name=name, email=address, language="az", zone="Asia/Baku")
            self.add("mailbox", id=id, name=name.lower(), our_person_id=id)

    def add(self, table: str, **values: Any) -> int:
        """One row of ``table``; columns that must hold something and are not named are filled."""
        columns = metadata.tables[table].columns
        for column in columns:
            if column.name not in values and not column.nullable and column.name != "id":
                values[column.name] = next(
                    filling for kind, filling in FILLING.items() if isinstance(column.type, kind)
                )
        if "id" in columns:
            values.setdefault("id", len(self.rows[table]) + 1)
        self.connection.execute(insert(metadata.tables[table]), [values])
        self.rows[table].append(values)
        return int(values.get("id", 0))

    def account(self, name: str, *, team: tuple[int, ...] = (LEYLA,), is_key: bool = True) -> int:
        id = self.add("account", name=name, name_key=name.lower(), is_key=is_key)
        for our_person_id in team:
            self.add("team", account_id=id, our_person_id=our_person_id)
        return id

    def person(self, name: str, account_id: int, **membership: Any) -> int:
        id = self.add("stakeholder", name=name)
        self.add("stakeholder_address", stakeholder_id=id, email=f"{name.lower()}@example.az")
        self.add("membership", stakeholder_id=id, account_id=account_id, **membership)
        return id

    def contact(
        self,
        kind: str,
        at: datetime,
        *people: tuple[int, int | None],
        ours: tuple[int, ...] = (LEYLA,),
        declined: tuple[int, ...] = (),
        **values: Any,
    ) -> int:
        """An interaction with these pairs of account and stakeholder, and with these of us in it."""
        if kind == "meeting":
            values = {"ended_at": at + HOUR, "outcome": "open"} | values
        id = self.add("interaction", natural_key=f"k{len(self.rows['interaction'])}", kind=kind, at=at, **values)
        for position, (account_id, stakeholder_id) in enumerate(people):
            email = f"s{stakeholder_id}.{account_id}.{position}@example.az"
            pair = {"account_id": account_id, "stakeholder_id": stakeholder_id, "certainty": "certain"}
            self.add("contact", interaction_id=id, email=email, at=at, **pair)
        for our_person_id in {*ours, *declined}:
            out = our_person_id in declined
            self.add("our_part", interaction_id=id, our_person_id=our_person_id, at=at, declined=out)
        return id

    def draft(self, interaction_id: int, due_at: datetime, state: str, **values: Any) -> int:
        id = len(self.rows["draft"]) + 1
        owner = values.pop("owner", LEYLA)
        values = {
            "kind": "follow_up_formal",
            "recipients": ["x@example.az"],
            "message_id": f"draft{id}@bizim.az",
        } | values
        keys = {"occasion": f"o{id}", "marker": f"m{id}", "our_person_id": owner, "mailbox_id": owner}
        return self.add("draft", interaction_id=interaction_id, due_at=due_at, state=state, **keys, **values)

    def week(self, our_person_id: int = LEYLA, *, now: datetime = NOW) -> WeekRows:
        return week_of(
            self.connection,
            our_person_id=our_person_id,
            start_at=START,
            end_at=END,
            now=now,
            silent_since=SILENT_SINCE,
        )


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with world_in(database_url) as made:
        yield made


@contextmanager
def world_in(url: str) -> Iterator[World]:
    database = Database(url)
    metadata.create_all(database.engine)
    with database.write() as connection:
        yield World(connection)
    database.close()


def account_of(week: WeekRows, id: int) -> AccountRow:
    return next(row for row in week.accounts if row.id == id)


def person_of(week: WeekRows, id: int) -> PersonRow:
    return next(row for row in week.people if row.stakeholder_id == id)


def shown(week: WeekRows) -> set[str]:
    return {row.name for row in week.accounts}


def test_a_mail_to_several_people_counts_once_for_the_account_and_once_for_each(world: World) -> None:
    account = world.account("Xəzər")
    one, two = world.person("Aysel", account), world.person("Rəşad", account)
    world.contact("mail_out", START + DAY, (account, one), (account, two), (account, one), (account, None))
    week = world.week()
    assert week.totals == account_of(week, account).counts == Counts(0, 1, 0, own=1)
    assert person_of(week, one).counts == person_of(week, two).counts == Counts(0, 1, 0, own=1)


def test_a_mail_to_two_accounts_counts_once_in_all(world: World) -> None:
    accounts = [world.account("A"), world.account("B")]
    world.contact("mail_in", START, *((account, None) for account in accounts))
    week = world.week()
    assert [account_of(week, account).counts.mails_in for account in accounts] == [1, 1]
    assert week.totals.mails_in == 1


def test_the_week_begins_with_its_first_moment_and_ends_before_the_next_one(world: World) -> None:
    account = world.account("Xəzər")
    for at in (START - timedelta(microseconds=1), START, END - timedelta(microseconds=1), END):
        world.contact("mail_in", at, (account, None))
    assert world.week().totals.mails_in == 2


#: What is said of a meeting on Thursday at noon, and whether it was held.
HELD = [
    ({}, True),
    ({"outcome": "tentative"}, True),
    ({"outcome": "cancelled"}, False),
    ({"outcome": "declined"}, False),
    ({"gone_at": START + DAY}, False),  # it vanished before it began
    ({"gone_at": START + 6 * DAY}, True),
    ({"ended_at": NOW + HOUR}, False),  # it still goes on
    ({"ended_at": None}, True),
]


@pytest.mark.parametrize(("values", "held"), HELD, ids=lambda value: str(value)[:40])
def test_only_meetings_that_were_held_are_contacts(world: World, values: dict[str, Any], held: bool) -> None:
    account = world.account("Xəzər")
    person = world.person("Aysel", account)
    world.contact("meeting", START + 4 * DAY, (account, person), **values)
    week = world.week()
    assert week.totals.meetings == int(held)
    assert person_of(week, person).last_contact_at == (START + 4 * DAY if held else None)


def test_in_the_middle_of_the_week_what_lies_ahead_does_not_count(world: World) -> None:
    account = world.account("Xəzər")
    person = world.person("Aysel", account)
    world.contact("mail_in", MIDWEEK - HOUR, (account, person))
    world.contact("mail_in", MIDWEEK + HOUR, (account, person))
    world.contact("meeting", MIDWEEK + DAY, (account, person))
    week = world.week(now=MIDWEEK)
    assert week.totals == Counts(1, 0, 0, own=1)
    assert person_of(week, person).last_contact_at == MIDWEEK - HOUR
    assert len(week.next_meetings) == 1


def test_contacts_of_colleagues_count_and_are_told_apart(world: World) -> None:
    account = world.account("Xəzər")
    world.contact("mail_in", START + DAY, (account, None), ours=(KAMRAN,))
    world.contact("mail_in", START + DAY, (account, None), ours=(LEYLA, KAMRAN))
    world.contact("meeting", START + DAY, (account, None), ours=(KAMRAN,), declined=(LEYLA,))
    assert world.week().totals == Counts(2, 0, 1, own=1)


def test_something_private_is_counted_for_the_owner_of_an_open_copy_alone(world: World) -> None:
    account = world.account("Xəzər", team=(LEYLA, KAMRAN))
    person = world.person("Aysel", account)
    at = {"mail_in": START + DAY, "meeting": NOW + DAY}
    for kind, when in at.items():
        hidden = world.contact(kind, when, (account, person), ours=(LEYLA, KAMRAN), private=True)
        world.add("sighting", interaction_id=hidden, mailbox_id=LEYLA, sensitivity="normal")
        world.add("sighting", interaction_id=hidden, mailbox_id=KAMRAN, sensitivity="private")
        world.draft(hidden, START + 3 * DAY, "placed", owner=LEYLA)
        world.draft(hidden, START + 3 * DAY, "placed", owner=KAMRAN)
    open_copy, closed_copy = world.week(LEYLA), world.week(KAMRAN)
    assert open_copy.totals.mails_in == 1 and closed_copy.totals.mails_in == 0
    assert person_of(open_copy, person).last_contact_at == at["mail_in"]
    assert person_of(closed_copy, person).last_contact_at is None
    assert len(open_copy.next_meetings) == 1 and closed_copy.next_meetings == ()
    assert len(open_copy.follow_ups) == 2 and closed_copy.follow_ups == ()


def test_which_accounts_are_shown(world: World) -> None:
    long_ago = END - 180 * DAY
    world.account("own, silent")
    world.account("no key account", is_key=False)
    world.account("of a colleague", team=(KAMRAN,))
    world.contact("mail_in", START, (world.account("in touch, no team", team=()), None))
    world.contact("mail_in", long_ago, (world.account("180 days ago", team=()), None))
    world.contact("mail_in", long_ago - HOUR, (world.account("before that", team=()), None))
    world.contact(
        "meeting", START, (world.account("declined by her", team=()), None), ours=(KAMRAN,), declined=(LEYLA,)
    )
    world.contact("meeting", START, (world.account("cancelled", team=()), None), outcome="cancelled")
    world.contact("mail_in", START, (world.account("a colleague's mail", team=()), None), ours=(KAMRAN,))
    for name, since, until in (
        ("left before the week", None, START),
        ("left in the week", None, START + HOUR),
        ("joined after the week", END, None),
        ("joined in the week", END - HOUR, None),
    ):
        account = world.account(name, team=())
        world.add("team", account_id=account, our_person_id=LEYLA, since_at=since, until_at=until)
    assert shown(world.week()) == {
        *("own, silent", "in touch, no team", "180 days ago", "left in the week", "joined in the week")
    }


def test_people_over_time(world: World) -> None:
    old, new = world.account("Köhnə"), world.account("Yeni")
    moved = world.person("Aysel", old, until_at=START + 2 * DAY)
    world.add("membership", stakeholder_id=moved, account_id=new, since_at=START + 2 * DAY)
    world.person("Gedən", old, until_at=START)
    guest = world.person("Qonaq", world.account("Başqa", team=()))
    world.contact("mail_in", START + DAY, (old, moved), (old, guest))
    world.contact("mail_in", START + 3 * DAY, (new, moved))
    week = world.week()
    seen = {(row.account_id, row.stakeholder_id): (row.counts.mails_in, row.is_member) for row in week.people}
    assert seen == {(old, moved): (1, False), (new, moved): (1, True), (old, guest): (1, False)}
    assert {row.last_contact_at for row in week.people if row.stakeholder_id == moved} == {START + 3 * DAY}


def test_a_person_is_shown_with_main_address_roles_and_title(world: World) -> None:
    account = world.account("Xəzər")
    person = world.add("stakeholder", name="Aysel", title="Maliyyə direktoru", contact_person=True)
    world.add("membership", stakeholder_id=person, account_id=account)
    for position, email, until in ((0, "past@x.az", START), (1, "second@x.az", None), (0, "main@x.az", None)):
        world.add("stakeholder_address", stakeholder_id=person, email=email, position=position, until_at=until)
    for role in ("influencer", "decision_maker"):
        world.add("stakeholder_role", stakeholder_id=person, role=role)
    row = person_of(world.week(), person)
    assert (row.email, row.title, row.contact_person) == ("main@x.az", "Maliyyə direktoru", True)
    assert row.roles == ("decision_maker", "influencer")


def test_a_question_names_nobody(world: World) -> None:
    account = world.account("Xəzər")
    person = world.person("Aysel", account)
    asked = world.contact("mail_in", START + DAY)
    pair = {"account_id": account, "stakeholder_id": person, "certainty": "question"}
    world.add("contact", interaction_id=asked, email="a@example.az", at=START + DAY, **pair)
    week = world.week()
    assert account_of(week, account).counts.mails_in == 1
    assert person_of(week, person).counts == Counts()


def test_follow_ups(world: World) -> None:
    accounts = [world.account("A"), world.account("B")]
    met = world.contact("meeting", START, *((account, None) for account in accounts), subject="Rüblük baxış")
    due = START + 2 * DAY
    sent = world.draft(met, due, "sent", changed_at=due + DAY)
    for sent_at in (due + HOUR, due - HOUR):  # a broken sender used the id twice: the first mail is ours
        world.contact("mail_out", sent_at, (accounts[0], None), message_id=f"draft{sent}@bizim.az")
    found_sent = world.draft(met, due, "sent", changed_at=due + DAY, message_id="")
    open_before = world.draft(met, START - DAY, "placed")
    hidden: list[dict[str, Any]] = [
        {"due_at": due, "state": "obsolete"},
        {"due_at": START - DAY, "state": "sent"},
        {"due_at": END, "state": "placed"},
        {"due_at": due, "state": "placed", "owner": KAMRAN},
        {"due_at": due, "state": "placed", "kind": "minutes"},
    ]
    for values in hidden:
        world.draft(met, **values)
    rows = {row.draft_id: row for row in world.week().follow_ups}
    assert set(rows) == {sent, found_sent, open_before}
    first = rows[sent]
    assert (first.meeting, first.met_at, set(first.accounts)) == ("Rüblük baxış", START, {"A", "B"})
    assert (first.to, first.state) == (("x@example.az",), DraftState.SENT)
    assert first.sent_at == due - HOUR, "the sent mail tells its time"
    assert rows[found_sent].sent_at == due + DAY, "without it, the moment at which it was found sent"
    assert rows[open_before].sent_at is None


def test_next_meetings(world: World) -> None:
    own, foreign = world.account("A"), world.account("B", team=(KAMRAN,))
    plain = world.account("C", is_key=False)
    aysel = world.person("Aysel", own)
    first = world.contact("meeting", NOW + DAY, (own, aysel), (own, None), ours=(LEYLA, KAMRAN), outcome="tentative")
    colleague = world.contact("meeting", NOW + 2 * DAY, (own, aysel), ours=(KAMRAN,), declined=(LEYLA,))
    elsewhere = world.contact("meeting", NOW + 14 * DAY, (foreign, None), (plain, None))
    world.contact("meeting", NOW + DAY, (foreign, None), ours=(KAMRAN,))
    world.contact("meeting", NOW + DAY, (plain, None))
    world.contact("meeting", NOW, (own, aysel))
    world.contact("meeting", NOW + 14 * DAY + HOUR, (own, aysel))
    world.contact("meeting", NOW + DAY, (own, aysel), gone_at=NOW - HOUR)
    world.contact("meeting", NOW + DAY, (own, aysel), outcome="cancelled")
    world.contact("mail_out", NOW + DAY, (own, aysel))
    rows = {row.interaction_id: row for row in world.week().next_meetings}
    assert set(rows) == {first, colleague, elsewhere}
    assert (rows[first].tentative, rows[first].own, set(rows[first].ours)) == (True, True, {"Leyla", "Kamran"})
    assert set(rows[first].people) == {"Aysel", f"sNone.{own}.1@example.az"}
    assert (rows[colleague].own, rows[colleague].ours) == (False, ("Kamran",))
    assert rows[elsewhere].accounts == ("B",)


def test_an_unknown_manager_is_an_error(world: World) -> None:
    with pytest.raises(NotFound):
        world.week(99)


def crowd(world: World, *, seed: int, interactions: int) -> None:
    """Fills the world at random."""
    rnd = random.Random(seed)
    accounts = [world.account(f"A{n}", team=rnd.choice([(LEYLA,), (KAMRAN,), ()]), is_key=n % 4 > 0) for n in range(6)]
    people = [(account, world.person(f"P{account}x{n}", account)) for account in accounts for n in range(3)]
    for _ in range(interactions):
        at = START - 20 * DAY + timedelta(minutes=rnd.randrange(60 * 24 * 45))
        pairs = [*rnd.sample(people, rnd.randint(1, 3)), (rnd.choice(accounts), None)][rnd.randint(0, 1) :]
        ours = tuple(rnd.sample((LEYLA, KAMRAN), rnd.randint(0, 2)))
        kind = rnd.choice(("mail_in", "mail_out", "meeting"))
        more: dict[str, Any] = {"private": rnd.random() < 0.1}
        if kind == "meeting":
            more["outcome"] = rnd.choice(("open", "open", "cancelled", "declined", "tentative"))
        id = world.contact(kind, at, *pairs, ours=ours, declined=tuple(o for o in ours if rnd.random() < 0.1), **more)
        for mailbox in ours:
            world.add("sighting", interaction_id=id, mailbox_id=mailbox, sensitivity=rnd.choice(("normal", "private")))
        if kind == "meeting" and rnd.random() < 0.5:
            world.draft(id, at + 2 * DAY, rnd.choice(list(DraftState)).value, owner=rnd.choice((LEYLA, KAMRAN)))


def counted_by_hand(world: World, me: int) -> dict[str, Any]:
    """The same numbers from the rows that were written, in loops that know nothing of the queries."""
    open_copies = {
        row["interaction_id"]
        for row in world.rows["sighting"]
        if row["mailbox_id"] == me and row["sensitivity"] == "normal"
    }
    mine = {
        row["interaction_id"] for row in world.rows["our_part"] if row["our_person_id"] == me and not row["declined"]
    }
    happened = {}
    for row in world.rows["interaction"]:
        visible = not row["private"] or row["id"] in open_copies
        over = (row.get("ended_at") or row["at"]) <= NOW
        if visible and over and row["outcome"] not in ("cancelled", "declined"):
            happened[row["id"]] = row
    key = {row["id"]: row["name"] for row in world.rows["account"] if row["is_key"]}
    contacts = [row for row in world.rows["contact"] if row["interaction_id"] in happened and row["account_id"] in key]
    team = {row["account_id"] for row in world.rows["team"] if row["our_person_id"] == me}
    touched = {row["account_id"] for row in contacts if row["interaction_id"] in mine and row["at"] < END}
    accounts: dict[str, Any] = {}
    for id in (team | touched) & set(key):
        of_week = {row["interaction_id"] for row in contacts if row["account_id"] == id and START <= row["at"] < END}
        kinds = [happened[interaction]["kind"] for interaction in of_week]
        accounts[key[id]] = {
            "in": kinds.count("mail_in"),
            "out": kinds.count("mail_out"),
            "meetings": kinds.count("meeting"),
            "with_you": len(of_week & mine),
        }
    last: dict[int, datetime] = {}
    for row in world.rows["contact"]:
        if row["interaction_id"] in happened and row["stakeholder_id"]:
            last[row["stakeholder_id"]] = max(row["at"], last.get(row["stakeholder_id"], row["at"]))
    return {"accounts": accounts, "last": last}


@pytest.mark.parametrize("me", [LEYLA, KAMRAN], ids=["leyla", "kamran"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_numbers_of_the_report_equal_a_count_by_hand(world: World, seed: int, me: int) -> None:
    crowd(world, seed=seed, interactions=250)
    week = world.week(me)
    report = to_json(build(week, week="2026-W47"))
    expected = counted_by_hand(world, me)
    assert sum(numbers["in"] for numbers in expected["accounts"].values()) > 10, "a world in which something happens"
    assert {row["account"]: row["contacts"] for row in report["accounts"]} == expected["accounts"]
    assert {row.stakeholder_id: row.last_contact_at for row in week.people} == {
        row.stakeholder_id: expected["last"].get(row.stakeholder_id) for row in week.people
    }
    silent = {row["id"] for row in report["silent"]}
    assert silent == {
        row.stakeholder_id
        for row in week.people
        if expected["last"].get(row.stakeholder_id, datetime.min.replace(tzinfo=UTC)) < SILENT_SINCE
    }
    follow_ups = report["follow_ups"]
    assert follow_ups["due"] == follow_ups["done"] + follow_ups["open"] + follow_ups["discarded"]
    assert len(follow_ups["items"]) == follow_ups["due"] + follow_ups["earlier"]


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    statements: list[str] = []

    def asked() -> int:
        statements.clear()
        world.week()
        return len(statements)

    engine = world.connection.engine
    event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    empty = asked()
    crowd(world, seed=1, interactions=50)
    small = asked()
    for _ in range(3):
        world.contact("mail_in", START, (1, None))
    assert (empty, small, asked()) == (13, 13, 13)


def test_no_query_walks_through_a_table_that_grows(tmp_path: Path) -> None:
    """On SQLite alone: PostgreSQL rightly scans tables as small as these."""
    plans: list[str] = []

    def explain(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            raw = connection.connection.cursor()
            plans.extend(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    with world_in(f"sqlite:///{(tmp_path / 'plans.db').as_posix()}") as world:
        crowd(world, seed=1, interactions=50)
        event.listen(world.connection.engine, "before_cursor_execute", explain)
        world.week()
    assert any("ix_contact_account_id" in step for step in plans), plans
    growing = tuple(f"SCAN {table}" for table in ("contact", "interaction", "our_part", "sighting", "draft"))
    assert [step for step in plans if step.startswith(growing)] == []
