"""What of a mailbox becomes an interaction, once, with its people; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from syncagent.crm import people
from syncagent.crm.tables.interactions import Contact, Document, Interaction, Participant, Sighting, Suppression
from syncagent.model import Address, Attendee, Content
from syncagent.model import Document as Attachment
from syncagent.vocabulary import EventStatus, Response, Role, Sensitivity, StoreLevel
from tests.lab import NOW, PEOPLE, Lab, mail_from, mail_to, meeting, moved


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    laboratory.import_people()
    yield laboratory
    laboratory.close()


def test_mail_of_stakeholders_is_logged_and_mail_of_others_leaves_only_numbers(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("gunel@xezer.az"))
    leyla.receives(mail_from("nobody@elsewhere.com", "Şəxsi məktub"))
    lab.sync()
    assert lab.contacts() == [("Təklif", "gunel@xezer.az", "Günel Əliyeva")]
    assert lab.ledger() == {"seen": 2, "logged": 1, "no_stakeholder": 1}


def test_an_unknown_person_at_an_account_is_a_contact_of_the_account(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("new.person@xezer.az"))
    lab.sync()
    assert lab.contacts() == [("Təklif", "new.person@xezer.az", None)]


def test_a_stakeholder_who_is_only_in_copy_is_logged(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("nobody@elsewhere.com", cc=(Address("james@bakusteel.com"),)))
    lab.sync()
    assert lab.contacts() == [("Təklif", "james@bakusteel.com", "James Carter")]


def test_direction_follows_who_wrote_it(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("gunel@xezer.az", "Sual"))
    leyla.receives(mail_to("gunel@xezer.az", "Cavab"), role=Role.SENT)
    lab.sync()
    assert {row.subject: row.kind for row in lab.interactions()} == {"Sual": "mail_in", "Cavab": "mail_out"}


SKIPPED = [
    ("auto_reply", {"signals": {"auto-submitted": "auto-replied"}, "subject": "Out of office"}),
    ("private", {"sensitivity": Sensitivity.PRIVATE}),
    ("excluded", {"categories": ("Private",)}),
]


@pytest.mark.parametrize(("reason", "more"), SKIPPED, ids=[reason for reason, _ in SKIPPED])
def test_what_is_no_contact_is_counted_under_its_reason(lab: Lab, reason: str, more: dict[str, object]) -> None:
    leyla = lab.manager()
    leyla.receives(replace(mail_from("gunel@xezer.az"), **more))
    lab.sync()
    assert lab.ledger() == {"seen": 1, reason: 1}
    assert lab.count(Interaction) == 0


def test_meeting_mail_is_recognised_by_its_text_and_not_counted_twice(lab: Lab) -> None:
    leyla = lab.manager()
    invitation = Content(text="Dəvət", calendar_method="REQUEST", parts=("text/plain", "text/calendar"))
    leyla.box.put(leyla.stream(Role.INBOX), mail_from("gunel@xezer.az", "Dəvət"), invitation)
    leyla.plans(meeting("gunel@xezer.az"))
    lab.sync()
    assert [row.kind for row in lab.interactions()] == ["meeting"]
    assert lab.ledger() == {"seen": 2, "logged": 1, "meeting_mail": 1}


def test_text_is_fetched_for_matched_mail_only(lab: Lab) -> None:
    leyla = lab.manager()
    for number in range(20):
        leyla.receives(mail_from(f"nobody{number}@elsewhere.com"))
    lab.sync()
    assert "fetch" not in leyla.box.trouble.calls


def test_the_same_mail_in_two_mailboxes_is_one_interaction_with_two_sightings(lab: Lab) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    mail = mail_from("gunel@xezer.az", to=(Address("leyla@bizim.az"), Address("orxan@bizim.az")))
    leyla.receives(mail)
    orxan.receives(mail)
    lab.sync()
    assert (lab.count(Interaction), lab.sightings(), lab.count(Contact)) == (1, 2, 1)
    assert lab.ledger() == {"seen": 2, "logged": 2}


def test_two_different_mails_that_share_a_message_id_are_two(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("gunel@xezer.az", "Birinci", message_id="same@x"))
    other = mail_from("james@bakusteel.com", "Second", message_id="same@x", sent_at=NOW - timedelta(days=9))
    leyla.receives(other)
    lab.sync()
    assert sorted(row.subject for row in lab.interactions()) == ["Birinci", "Second"]


def test_mail_without_a_message_id_is_known_by_its_content(lab: Lab) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    mail = mail_from("gunel@xezer.az", message_id="")
    leyla.receives(mail)
    orxan.receives(mail)
    leyla.receives(replace(mail, subject="Başqa"))
    lab.sync()
    assert lab.count(Interaction) == 2


def test_a_mail_that_was_moved_stays_one_and_is_not_gone(lab: Lab) -> None:
    leyla = lab.manager()
    archive = leyla.box.add_stream("Arxiv", Role.ARCHIVE).id
    ref = leyla.receives(mail_from("gunel@xezer.az"))
    lab.sync()
    leyla.box.move(ref, archive)
    lab.sync()
    assert lab.count(Interaction) == 1
    assert lab.interactions()[0].gone_at is None


def test_a_mail_that_was_deleted_stays_in_the_history_marked_as_gone(lab: Lab) -> None:
    leyla = lab.manager()
    ref = leyla.receives(mail_from("gunel@xezer.az"))
    lab.sync()
    leyla.box.delete(ref)
    lab.sync()
    assert lab.interactions()[0].gone_at == NOW
    assert lab.ledger() == {"seen": 2, "logged": 1, "removed": 1}


def test_a_meeting_in_both_mailboxes_is_one_meeting(lab: Lab) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    event = meeting("gunel@xezer.az", "orxan@bizim.az")
    leyla.plans(replace(event, own_response=Response.ACCEPTED))
    orxan.plans(replace(event, uid="uid-1", own_response=Response.ACCEPTED))
    lab.sync()
    assert (lab.count(Interaction), lab.sightings()) == (1, 2)


def test_a_meeting_that_is_moved_stays_itself(lab: Lab) -> None:
    leyla = lab.manager()
    event = meeting("gunel@xezer.az", hours_ago=-5)
    ref = leyla.plans(event)
    lab.sync()
    leyla.box.edit(ref, moved(event, 24))
    lab.sync()
    (row,) = lab.interactions()
    assert row.at == event.start_at + timedelta(hours=24)
    assert lab.ledger() == {"seen": 2, "logged": 1, "updated": 1}


def test_an_older_version_from_another_mailbox_does_not_win(lab: Lab) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    event = meeting("gunel@xezer.az", "orxan@bizim.az", hours_ago=-5)
    leyla.plans(moved(event, 24))
    lab.sync()
    orxan.plans(event)
    lab.sync()
    assert lab.interactions()[0].at == event.start_at + timedelta(hours=24)


def test_a_past_occurrence_keeps_its_identity_when_the_series_is_shifted(lab: Lab) -> None:
    leyla = lab.manager()
    held = meeting("gunel@xezer.az", hours_ago=48, recurrence_id="2026-11-23T12:00:00Z")
    leyla.plans(held)
    lab.sync()
    leyla.plans(replace(held, recurrence_id="2026-11-23T08:00:00Z", sequence=1))
    lab.sync()
    (row,) = lab.interactions()
    assert row.recurrence_id == "2026-11-23T12:00:00Z"


OUTCOMES = [
    ("open", {}),
    ("cancelled", {"status": EventStatus.CANCELLED}),
    ("tentative", {"status": EventStatus.TENTATIVE}),
    ("declined", {"attendees": (Attendee(Address("gunel@xezer.az"), Response.DECLINED),)}),
    (
        "declined",
        {
            "organizer": Address("gunel@xezer.az"),
            "attendees": (
                Attendee(Address("gunel@xezer.az"), Response.ACCEPTED),
                Attendee(Address("leyla@bizim.az"), Response.DECLINED),
            ),
            "own_response": Response.DECLINED,
        },
    ),
]


@pytest.mark.parametrize(("outcome", "more"), OUTCOMES)
def test_what_stands_against_a_meeting(lab: Lab, outcome: str, more: dict[str, object]) -> None:
    leyla = lab.manager()
    leyla.plans(replace(meeting("gunel@xezer.az"), **more))
    lab.sync()
    assert lab.interactions()[0].outcome == outcome


def test_a_stakeholder_who_is_no_longer_invited_is_no_contact(lab: Lab) -> None:
    leyla = lab.manager()
    ref = leyla.plans(meeting("gunel@xezer.az", "james@bakusteel.com"))
    lab.sync()
    leyla.box.edit(ref, meeting("james@bakusteel.com"))
    lab.sync()
    assert [email for _, email, _ in lab.contacts()] == ["james@bakusteel.com"]


def test_a_meeting_without_any_stakeholder_left_leaves(lab: Lab) -> None:
    leyla = lab.manager()
    ref = leyla.plans(meeting("gunel@xezer.az"))
    lab.sync()
    leyla.box.edit(ref, meeting("nobody@elsewhere.com"))
    lab.sync()
    assert lab.interactions()[0].gone_at == NOW
    assert lab.ledger() == {"seen": 2, "logged": 1, "removed": 1}


@pytest.mark.parametrize("private_first", [True, False])
def test_a_private_copy_hides_the_meeting_whichever_is_read_first(lab: Lab, private_first: bool) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    event = meeting("gunel@xezer.az", "orxan@bizim.az")
    steps = [
        lambda: leyla.plans(replace(event, sensitivity=Sensitivity.PRIVATE)),
        lambda: orxan.plans(event),
    ]
    for step in steps if private_first else reversed(steps):
        step()
        lab.sync()
    (row,) = lab.interactions()
    assert row.private
    assert lab.count(Suppression) == 1


@pytest.mark.parametrize(
    ("store", "excerpt", "text"),
    [
        (StoreLevel.METADATA, "", ""),
        (StoreLevel.EXCERPT, "Salam, görüşü təsdiq edirəm.", ""),
        (StoreLevel.BODY, "Salam, görüşü təsdiq edirəm.", "Salam, görüşü təsdiq edirəm."),
    ],
)
def test_the_store_level_says_how_much_text_is_kept(lab: Lab, store: StoreLevel, excerpt: str, text: str) -> None:
    leyla = lab.manager(store=store)
    leyla.receives(mail_from("gunel@xezer.az"))
    leyla.plans(meeting("gunel@xezer.az"))
    lab.sync()
    with lab.database.read() as connection:
        rows = connection.execute(
            Sighting.__table__.select().join(Interaction.__table__).order_by(Interaction.kind)
        ).all()
    assert (rows[0].excerpt, rows[0].text) == (excerpt, text)
    assert bool(rows[1].agenda) is (store is not StoreLevel.METADATA)


def test_documents_and_people_of_a_mail_are_kept(lab: Lab) -> None:
    leyla = lab.manager()
    content = Content(text="Əlavədə", documents=(Attachment("Müqavilə.pdf", "application/pdf", 1200),))
    leyla.box.put(leyla.stream(Role.INBOX), mail_from("gunel@xezer.az"), content)
    lab.sync()
    assert (lab.count(Document), lab.count(Participant)) == (1, 2)


def test_a_new_stakeholder_is_searched_for_in_what_was_read_before(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("late@newcustomer.com"))
    leyla.plans(meeting("late@newcustomer.com", uid="UID-late"))
    lab.sync()
    assert lab.count(Interaction) == 0
    lab.import_people(PEOPLE + "Yeni Müştəri,,yes,Late Comer,late@newcustomer.com,en,no\n")
    lab.sync()
    assert len(lab.contacts()) == 2
    lab.ledger()


def test_the_same_file_of_people_twice_changes_nothing(lab: Lab) -> None:
    again = lab.import_people()
    assert (again.added, again.changed, again.unchanged, again.anything) == (0, 0, 3, False)


def test_who_changes_the_account_leaves_their_contacts_with_the_old_one(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("rashad@gmail.com", "Köhnə"))
    lab.sync()
    lab.passes(timedelta(days=2))
    lab.import_people(PEOPLE.replace("Xəzər Enerji,xezer.az,yes,Rəşad", "Baku Steel,bakusteel.com,yes,Rəşad"))
    leyla.receives(mail_from("rashad@gmail.com", "Yeni", sent_at=lab.domain.now()))
    lab.sync()
    with lab.database.read() as connection:
        rows = connection.execute(Contact.__table__.select().order_by(Contact.at)).all()
    assert rows[0].account_id != rows[1].account_id


def test_an_unchanged_mailbox_costs_one_pull_a_stream_and_books_no_new_run(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("gunel@xezer.az"))
    for _ in range(3):
        lab.sync()
    leyla.box.trouble.calls.clear()
    lab.sync()
    assert sorted(leyla.box.trouble.calls) == ["pull"] * 5 + ["streams"]
    assert lab.ledger() == {"seen": 1, "logged": 1}


def test_mail_items_are_handed_to_the_database_in_sets(lab: Lab) -> None:
    """The number of statements of a page does not grow with the number of its items."""
    from sqlalchemy import event as listen

    def count_statements(mails: int) -> int:
        leyla = lab.manager(f"m{mails}")
        for number in range(mails):
            leyla.receives(mail_from("gunel@xezer.az", f"{mails}-{number}"))
        statements: list[str] = []
        hook = lambda *args: statements.append(args[2])  # noqa: E731 - the event needs one object to take off again
        listen.listen(lab.database.engine, "before_cursor_execute", hook)
        lab.sync()
        listen.remove(lab.database.engine, "before_cursor_execute", hook)
        lab.managers.clear()
        return len(statements)

    count_statements(1)  # writes down our people
    assert count_statements(2) == count_statements(40)


def test_an_open_and_a_private_copy_read_in_the_same_moment_are_private(lab: Lab) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    for number in range(8):
        event = meeting("gunel@xezer.az", "orxan@bizim.az", uid=f"UID-{number}")
        leyla.plans(replace(event, sensitivity=Sensitivity.PRIVATE))
        orxan.plans(event)
        lab.sync()
    assert [row.private for row in lab.interactions()] == [True] * 8


def test_the_last_contact_of_a_person_is_neither_to_come_nor_private(lab: Lab) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    leyla.plans(meeting("james@bakusteel.com", uid="UID-far", hours_ago=-24 * 3650))
    secret = meeting("gunel@xezer.az", "orxan@bizim.az", hours_ago=24 * 365)
    leyla.plans(replace(secret, sensitivity=Sensitivity.PRIVATE))
    orxan.plans(secret)
    lab.sync()
    with lab.database.read() as connection:
        assert [row["last_contact_at"] for row in people.listed(connection)] == [None, None, None]
