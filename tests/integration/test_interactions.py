"""Interactions as the outside sees them: every field, who may see what, how they stand; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from syncagent.crm import drafts, interactions
from syncagent.errors import NotFound
from syncagent.model import Address, Attendee, Content, Document
from syncagent.vocabulary import EventStatus, Response, Role, Sensitivity, StoreLevel
from tests.lab import NOW, Lab, mail_from, mail_to, meeting


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    laboratory.import_people()
    yield laboratory
    laboratory.close()


def listed(lab: Lab, **wanted: Any) -> list[dict[str, Any]]:
    with lab.database.read() as connection:
        return list(interactions.listed(connection, now=lab.domain.now(), **wanted))


def states(lab: Lab) -> dict[str, str]:
    return {row["subject"]: row["state"] for row in listed(lab)}


def test_a_mail_with_every_field(lab: Lab) -> None:
    leyla = lab.manager()
    content = Content(
        text="Salam, təklifi göndərirəm.",
        documents=(Document("təklif.pdf", "application/pdf", 1200),),
        parts=("text/plain", "application/pdf"),
    )
    mail = mail_from(
        "rashad@gmail.com", message_id="1@xezer.az", in_reply_to=("0@bizim.az",), references=("0@bizim.az",)
    )
    leyla.box.put(leyla.stream(Role.INBOX), mail, content)
    lab.sync()
    (row,) = listed(lab)
    reason = "address rashad@gmail.com belongs to Rəşad Məmmədov of account Xəzər Enerji"
    assert row == {
        "id": 1,
        "kind": "mail_in",
        "state": "done",
        "meeting_kind": "",
        "at": NOW - timedelta(hours=1),
        "ended_at": None,
        "subject": "Təklif",
        "accounts": ["Xəzər Enerji"],
        "stakeholders": ["rashad@xezer.az"],
        "managers": ["Leyla"],
        "mailboxes": ["leyla"],
        "message_id": "1@xezer.az",
        "uid": "",
        "recurrence_id": "",
        "thread": "0@bizim.az",
        "language": "az",
        "private": False,
        "gone_at": None,
        "documents": [{"name": "təklif.pdf", "type": "application/pdf", "size": 1200}],
        "match": [
            {
                "address": "rashad@gmail.com",
                "stakeholder": "rashad@xezer.az",
                "account": "Xəzər Enerji",
                "verdict": "certain",
                "reason": reason,
            }
        ],
    }


def test_a_meeting_in_two_mailboxes_is_one_row_with_both(lab: Lab) -> None:
    leyla, rauf = lab.manager(), lab.manager("rauf")
    event = meeting("gunel@xezer.az", "james@bakusteel.com", "rauf@bizim.az")
    leyla.plans(event)
    rauf.plans(event)
    lab.sync()
    (row,) = listed(lab)
    assert row["accounts"] == ["Baku Steel", "Xəzər Enerji"]
    assert row["stakeholders"] == ["james@bakusteel.com", "gunel@xezer.az"]
    assert row["managers"] == ["Leyla", "Rauf"]
    assert row["mailboxes"] == ["leyla", "rauf"]
    assert (row["kind"], row["state"], row["meeting_kind"], row["uid"]) == ("meeting", "done", "meeting", "uid-1")
    assert row["ended_at"] == row["at"] + timedelta(hours=1)


def test_who_of_us_declined_did_not_take_part(lab: Lab) -> None:
    leyla = lab.manager()
    declined = Attendee(Address("rauf@bizim.az", "Rauf"), Response.DECLINED)
    accepted = Attendee(Address("gunel@xezer.az"), Response.ACCEPTED)
    leyla.plans(meeting(attendees=(accepted, declined)))
    lab.sync()
    assert listed(lab)[0]["managers"] == ["Leyla"]


def test_how_a_meeting_stands(lab: Lab) -> None:
    leyla = lab.manager()
    declined = (Attendee(Address("gunel@xezer.az"), Response.DECLINED),)
    for number, (subject, more) in enumerate(
        {
            "held": {},
            "going on": {"hours_ago": 0.5},
            "to come": {"hours_ago": -24},
            "maybe": {"hours_ago": -24, "status": EventStatus.TENTATIVE},
            "was a maybe": {"status": EventStatus.TENTATIVE},
            "called off": {"status": EventStatus.CANCELLED},
            "refused": {"attendees": declined},
        }.items()
    ):
        leyla.plans(meeting("gunel@xezer.az", uid=f"u{number}", subject=subject, **more))
    lab.sync()
    assert states(lab) == {
        "held": "done",
        "going on": "planned",
        "to come": "planned",
        "maybe": "tentative",
        "was a maybe": "done",
        "called off": "cancelled",
        "refused": "declined",
    }
    lab.domain.advance(timedelta(hours=1))
    assert states(lab)["going on"] == "done"


def test_a_meeting_that_vanished_was_called_off_only_before_it_began(lab: Lab) -> None:
    leyla = lab.manager()
    held = leyla.plans(meeting("gunel@xezer.az", uid="u1", subject="held"))
    to_come = leyla.plans(meeting("gunel@xezer.az", uid="u2", subject="to come", hours_ago=-24))
    lab.sync()
    leyla.box.delete(held)
    leyla.box.delete(to_come)
    lab.sync()
    assert states(lab) == {"held": "done", "to come": "cancelled"}
    assert all(row["gone_at"] == NOW for row in listed(lab))


def test_a_private_copy_hides_the_row_from_all_but_the_owner_of_the_open_one(lab: Lab) -> None:
    leyla, rauf = lab.manager(), lab.manager("rauf")
    event = meeting("gunel@xezer.az", "rauf@bizim.az")
    leyla.plans(event)
    lab.sync()
    rauf.plans(meeting("gunel@xezer.az", "rauf@bizim.az", sensitivity=Sensitivity.PRIVATE))
    lab.whole_pass()
    assert listed(lab) == []
    assert listed(lab, viewer=rauf.row.our_person_id) == []
    (row,) = listed(lab, viewer=leyla.row.our_person_id)
    assert row["private"] is True
    assert row["mailboxes"] == ["leyla"]
    with lab.database.read() as connection:
        (draft,) = drafts.listed(connection)
        assert interactions.visible(connection, [draft["interaction"]], None) == set()
        assert interactions.visible(connection, [draft["interaction"]], leyla.row.our_person_id) == {row["id"]}


def test_documents_are_those_of_the_own_copy_else_of_the_strictest(lab: Lab) -> None:
    leyla, rauf = lab.manager(), lab.manager("rauf", store=StoreLevel.METADATA)
    mail = mail_from("gunel@xezer.az", to=(Address("leyla@bizim.az"), Address("rauf@bizim.az")))
    for manager, name in ((leyla, "a.pdf"), (rauf, "b.pdf")):
        content = Content(text="Salam", documents=(Document(name, "application/pdf", 1),), parts=("text/plain",))
        manager.box.put(manager.stream(Role.INBOX), mail, content)
    lab.sync()

    def names(viewer: int | None) -> list[str]:
        return [document["name"] for row in listed(lab, viewer=viewer) for document in row["documents"]]

    assert names(None) == ["b.pdf"]
    assert names(leyla.row.our_person_id) == ["a.pdf"]


def test_filters(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("gunel@xezer.az", "old", sent_at=NOW - timedelta(days=9)))
    leyla.receives(mail_from("james@bakusteel.com", "new"))
    lab.sync()
    lab.passes(timedelta(minutes=5))
    leyla.receives(mail_to("gunel@xezer.az", "answer"), role=Role.SENT)
    lab.sync()
    with lab.database.read() as connection:
        account = interactions.account_called(connection, "  XƏZƏR enerji ")
    assert [row["subject"] for row in listed(lab)] == ["old", "new", "answer"]
    assert [row["subject"] for row in listed(lab, account_id=account)] == ["old", "answer"]
    assert [row["subject"] for row in listed(lab, since=NOW - timedelta(days=1))] == ["new", "answer"]
    assert [row["subject"] for row in listed(lab, logged_since=lab.system.now())] == ["answer"]
    ids = [row["id"] for row in listed(lab) if row["subject"] == "new"]
    assert [row["subject"] for row in listed(lab, ids=ids)] == ["new"]


def test_more_than_a_batch_keeps_its_order(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interactions, "BATCH", 3)
    leyla = lab.manager()
    for number in range(10):
        leyla.receives(mail_from("gunel@xezer.az", str(number), sent_at=NOW - timedelta(hours=20 - number)))
    lab.sync()
    assert [row["subject"] for row in listed(lab)] == [str(number) for number in range(10)]


def test_names_are_looked_up_and_their_absence_is_told(lab: Lab) -> None:
    leyla = lab.manager()
    with lab.database.read() as connection:
        for name in ("leyla", "LEYLA", "leyla@bizim.az"):
            assert interactions.one_of_us(connection, name) == leyla.row.our_person_id
        with pytest.raises(NotFound) as nobody:
            interactions.one_of_us(connection, "orxan")
        with pytest.raises(NotFound) as no_account:
            interactions.account_called(connection, "Xəzər")
    assert nobody.value.cure == "There are: Leyla."
    assert no_account.value.cure == "There are: Baku Steel, Xəzər Enerji."


def test_addresses_are_shown_by_the_names_of_those_who_have_them(lab: Lab) -> None:
    with lab.database.read() as connection:
        names = interactions.names_of(connection, ["rashad@gmail.com", "rashad@xezer.az", "nobody@xezer.az"])
    assert names == {"rashad@gmail.com": "Rəşad Məmmədov", "rashad@xezer.az": "Rəşad Məmmədov"}
