"""The follow-up after a meeting, from the calendar to the Drafts folder and to what became of it; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.memory.trouble import Call
from syncagent.crm.tables.people import Team
from syncagent.errors import Unreachable
from syncagent.model import Address, Attendee, Mail
from syncagent.ports import Glimpse, Point
from syncagent.rulebook.load import find_rules_folder, load
from syncagent.vocabulary import EventStatus, Response, Role, Sensitivity, StoreLevel
from tests.lab import NOW, Lab, Manager, mail_from, mail_to, meeting, moved


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    laboratory.import_people()
    yield laboratory
    laboratory.close()


def lying(manager: Manager) -> list[Mail]:
    """What lies in the Drafts folder."""
    return [held.item for held in manager.box.of_role(Role.DRAFTS).items.values() if isinstance(held.item, Mail)]


def test_a_meeting_that_ended_gets_one_draft_in_the_language_of_its_contact_person(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az", "james@bakusteel.com"))
    lab.whole_pass()
    (draft,) = lab.drafts()
    assert draft["state"] == "placed"
    assert draft["to"] == ["gunel@xezer.az", "james@bakusteel.com"]
    assert draft["language"] == "az"
    assert draft["due_at"] == NOW - timedelta(hours=2) + timedelta(hours=48)
    (mail,) = lying(leyla)
    assert [address.email for address in mail.to] == draft["to"]


def test_however_often_it_runs_there_is_one_draft(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))
    for _ in range(24):
        lab.whole_pass()
        lab.passes(timedelta(minutes=5))
    assert len(lying(leyla)) == 1
    assert lab.ledger().get("logged") == 1, "our own draft is no contact"


def test_a_meeting_to_come_gets_its_draft_after_its_end(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az", hours_ago=-1))
    lab.whole_pass()
    assert lab.drafts() == []
    lab.passes(timedelta(hours=3))
    lab.whole_pass()
    assert len(lying(leyla)) == 1


def test_a_meeting_that_was_moved_before_it_was_held_gets_its_draft_after_the_new_date(lab: Lab) -> None:
    leyla = lab.manager()
    event = meeting("gunel@xezer.az", hours_ago=-1)
    ref = leyla.plans(event)
    lab.whole_pass()
    leyla.box.edit(ref, moved(event, 24))
    lab.passes(timedelta(hours=3))
    lab.whole_pass()
    assert lab.drafts() == []
    lab.passes(timedelta(hours=24))
    lab.whole_pass()
    (draft,) = lab.drafts()
    assert draft["due_at"] == event.end_at + timedelta(hours=24 + 48)


NO_DRAFT = [
    ("cancelled", {"status": EventStatus.CANCELLED}),
    ("declined by them", {"attendees": (Attendee(Address("gunel@xezer.az"), Response.DECLINED),)}),
    ("internal", {"attendees": (Attendee(Address("orxan@bizim.az"), Response.ACCEPTED),)}),
    ("private", {"sensitivity": Sensitivity.PRIVATE}),
    ("long ago", {"start_at": NOW - timedelta(days=20), "end_at": NOW - timedelta(days=20) + timedelta(hours=1)}),
    ("lunch", {"subject": "Nahar, restoran Şirvanşah"}),
]


@pytest.mark.parametrize(("why", "more"), NO_DRAFT, ids=[why for why, _ in NO_DRAFT])
def test_meetings_that_get_none(lab: Lab, why: str, more: dict[str, object]) -> None:
    leyla = lab.manager()
    leyla.plans(replace(meeting("gunel@xezer.az"), **more))
    lab.whole_pass()
    assert lab.drafts() == []
    assert lying(leyla) == []


def test_a_meeting_deleted_from_the_calendar_gets_none(lab: Lab) -> None:
    leyla = lab.manager()
    ref = leyla.plans(meeting("gunel@xezer.az", hours_ago=-1))
    lab.whole_pass()
    leyla.box.delete(ref)
    lab.passes(timedelta(hours=3))
    lab.whole_pass()
    assert lab.drafts() == []


@pytest.mark.parametrize("by", ["leyla", "orxan"])
def test_not_when_one_of_ours_who_took_part_already_wrote_after_it(lab: Lab, by: str) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    event = meeting("gunel@xezer.az", "orxan@bizim.az")
    leyla.plans(event)
    orxan.plans(event)
    writer = leyla if by == "leyla" else orxan
    writer.receives(mail_to("gunel@xezer.az", by=by, sent_at=NOW - timedelta(minutes=30)), role=Role.SENT)
    lab.whole_pass()
    assert lab.drafts() == []
    assert "already wrote" in lab.decision().reason


def test_a_mail_written_before_the_end_of_the_meeting_is_no_follow_up(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))
    leyla.receives(mail_to("gunel@xezer.az", sent_at=NOW - timedelta(hours=10)), role=Role.SENT)
    lab.whole_pass()
    assert len(lab.drafts()) == 1


def test_no_draft_while_the_sent_folder_is_stale(lab: Lab) -> None:
    leyla = lab.manager()
    event = meeting("gunel@xezer.az", hours_ago=-1)
    leyla.plans(event)
    lab.whole_pass()
    lab.passes(timedelta(hours=3))
    # The inbox is read first, then Sent: its pull is the second one.
    leyla.box.trouble.fail(Call.PULL, Unreachable("The Sent folder does not answer."), wait=1)
    lab.whole_pass()
    assert lab.drafts() == []
    assert lab.decision().outcome == "undecided"
    lab.whole_pass()
    assert len(lab.drafts()) == 1


ACTORS = [
    ("our organiser", "orxan@bizim.az", "orxan"),
    ("else the first of us by address", "gunel@xezer.az", "leyla"),
]


@pytest.mark.parametrize(("who", "organizer", "actor"), ACTORS, ids=[who for who, _, _ in ACTORS])
def test_who_acts_when_the_meeting_lies_in_two_mailboxes(lab: Lab, who: str, organizer: str, actor: str) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    event = meeting("gunel@xezer.az", "leyla@bizim.az", "orxan@bizim.az", organizer=organizer)
    orxan.plans(event)
    leyla.plans(event)
    lab.whole_pass()
    (draft,) = lab.drafts()
    assert draft["mailbox"] == actor
    assert len(lying(leyla)) + len(lying(orxan)) == 1


class Cut(BaseException):
    """The power goes off."""


@pytest.mark.parametrize("point", [Point.PLACING, Point.PLACED, Point.PLACE_STORED])
def test_a_process_that_dies_around_the_placing_leaves_one_draft(lab: Lab, point: Point) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))

    class Cuts:
        def saw(self, glimpse: Glimpse) -> None:
            if glimpse.point is point:
                raise Cut

    quiet, lab.observer = lab.observer, Cuts()
    with pytest.raises(Cut):
        lab.whole_pass()
    lab.observer = quiet
    lab.whole_pass()
    lab.whole_pass()
    assert len(lying(leyla)) == 1
    assert [draft["state"] for draft in lab.drafts()] == ["placed"]


def test_a_placing_that_broke_off_is_looked_for_and_not_repeated(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))
    leyla.box.trouble.fail_late(Call.PLACE, Unreachable("The connection broke."))
    lab.whole_pass()
    assert lab.drafts()[0]["state"] == "uncertain"
    lab.passes(timedelta(minutes=10))
    lab.whole_pass()
    assert lab.drafts()[0]["state"] == "placed"
    assert len(lying(leyla)) == 1


def test_while_the_mailbox_cannot_tell_no_second_draft_is_made(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))
    leyla.box.trouble.fail_late(Call.PLACE, Unreachable("The connection broke."))
    lab.whole_pass()
    leyla.box.trouble.blind_finds = 3
    for _ in range(3):
        lab.passes(timedelta(minutes=10))
        # the stream of Drafts would tell; here it is not read in between
        leyla.box.trouble.fail(Call.STREAMS, Unreachable("The server does not list its folders."))
        lab.whole_pass()
        assert lab.drafts()[0]["state"] == "uncertain"
    assert len(lying(leyla)) == 1


def placed(lab: Lab) -> tuple[Manager, object]:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))
    lab.whole_pass()
    (ref,) = [held.ref for held in leyla.box.of_role(Role.DRAFTS).items.values()]
    return leyla, ref


def test_an_edited_draft_is_seen_and_left_alone(lab: Lab) -> None:
    leyla, ref = placed(lab)
    leyla.box.edit_draft(ref, subject="Mənim başlığım")
    lab.whole_pass()
    lab.whole_pass()
    assert lab.drafts()[0]["state"] == "edited"
    assert [mail.subject for mail in lying(leyla)] == ["Mənim başlığım"]


def test_a_sent_draft_is_a_mail_of_ours_and_its_draft_is_sent(lab: Lab) -> None:
    leyla, ref = placed(lab)
    leyla.box.send_draft(ref, sent_at=NOW + timedelta(minutes=1))
    lab.whole_pass()
    assert (lab.drafts()[0]["state"], lab.drafts()[0]["sent_match"]) == ("sent", "certain")
    assert [row.kind for row in lab.interactions()] == ["meeting", "mail_out"]


def test_a_sent_copy_without_our_marks_is_probably_it(lab: Lab) -> None:
    leyla, ref = placed(lab)
    leyla.box.send_draft(ref, message_id="new@outlook", keeps_marker=False, sent_at=NOW + timedelta(minutes=1))
    lab.whole_pass()
    assert (lab.drafts()[0]["state"], lab.drafts()[0]["sent_match"]) == ("sent", "probable")


def test_a_draft_thrown_away_is_not_made_again(lab: Lab) -> None:
    leyla, ref = placed(lab)
    leyla.box.discard_draft(ref)
    for _ in range(3):
        lab.whole_pass()
    assert lab.drafts()[0]["state"] == "discarded"
    assert lying(leyla) == []


def test_a_draft_that_vanished_was_deleted_or_sent_elsewhere(lab: Lab) -> None:
    leyla, ref = placed(lab)
    leyla.box.delete(ref)
    for _ in range(3):
        lab.whole_pass()
    assert lab.drafts()[0]["state"] == "discarded"
    assert lab.drafts()[0]["reason"] == "deleted or sent elsewhere"
    assert lying(leyla) == []


def test_a_database_restored_from_a_backup_finds_the_draft_that_lies_there(lab: Lab, database_url: str) -> None:
    leyla, _ = placed(lab)
    with lab.database.write() as connection:
        from sqlalchemy import delete, update

        from syncagent.crm.tables.drafting import Draft, WakeUp

        connection.execute(delete(Draft))
        connection.execute(update(WakeUp).values(at=NOW, outcome=""))
    lab.whole_pass()
    assert len(lying(leyla)) == 1
    assert [draft["state"] for draft in lab.drafts()] == ["placed"]


def test_at_store_level_metadata_the_agenda_is_fetched_for_the_draft_and_not_kept(lab: Lab) -> None:
    leyla = lab.manager(store=StoreLevel.METADATA)
    leyla.plans(meeting("gunel@xezer.az"))
    lab.whole_pass()
    (held,) = leyla.box.of_role(Role.DRAFTS).items.values()
    assert "Çatdırılma müddəti" in held.content.text
    from syncagent.crm.tables.interactions import Sighting

    with lab.database.read() as connection:
        assert [row.agenda for row in connection.execute(Sighting.__table__.select())] == [[]]


def test_a_draft_that_someone_else_wrote_by_hand_is_no_contact(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(replace(mail_to("gunel@xezer.az"), is_draft=True), role=Role.DRAFTS)
    lab.whole_pass()
    assert lab.interactions() == []
    assert lab.ledger() == {"seen": 1, "own_draft": 1}


def test_mail_received_after_the_meeting_does_not_stop_the_follow_up(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))
    leyla.receives(mail_from("gunel@xezer.az", sent_at=NOW - timedelta(minutes=10)))
    lab.whole_pass()
    assert len(lab.drafts()) == 1


def test_else_the_owner_of_the_account_acts(lab: Lab) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    with lab.database.write() as connection:
        connection.execute(
            Team.__table__.insert().values(account_id=1, our_person_id=orxan.row.our_person_id, is_owner=True)
        )
    event = meeting("gunel@xezer.az", "leyla@bizim.az", "orxan@bizim.az", organizer="gunel@xezer.az")
    leyla.plans(event)
    orxan.plans(event)
    lab.whole_pass()
    assert [draft["mailbox"] for draft in lab.drafts()] == ["orxan"]


def test_nobody_who_opted_out_is_written_to(lab: Lab) -> None:
    leyla = lab.manager()
    lab.import_people("account,name,emails,opted_out\nXəzər Enerji,Günel Əliyeva,gunel@xezer.az,yes\n")
    leyla.plans(meeting("gunel@xezer.az"))
    lab.whole_pass()
    assert lab.drafts() == []


def test_a_rule_that_was_changed_looks_again_at_what_it_left_out(lab: Lab, tmp_path: Path) -> None:
    leyla = lab.manager()
    leyla.plans(replace(meeting("gunel@xezer.az"), subject="Nahar"))
    lab.whole_pass()
    assert lab.drafts() == []
    ours = find_rules_folder()
    own = tmp_path / "rules" / "follow_up"
    own.mkdir(parents=True)
    text = (ours / "follow_up" / "formal.toml").read_text("utf-8")
    (own / "formal.toml").write_text(text.replace('["meeting", "call"]', '["meeting", "call", "meal"]'), "utf-8")
    lab.rulebook = load([ours, tmp_path / "rules"])
    lab.whole_pass()
    assert len(lab.drafts()) == 1


def test_a_draft_that_was_planned_is_dropped_when_the_manager_wrote_before_it_was_placed(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))
    leyla.box.trouble.fail(Call.PLACE, Unreachable("The server is busy."))
    lab.whole_pass()
    assert lab.drafts()[0]["state"] == "uncertain"
    leyla.receives(mail_to("gunel@xezer.az", sent_at=NOW + timedelta(minutes=1)), role=Role.SENT)
    lab.passes(timedelta(minutes=10))
    lab.whole_pass()
    assert lab.drafts()[0]["state"] == "obsolete"
    assert lying(leyla) == []


def test_a_private_copy_elsewhere_leaves_the_follow_up_to_the_owner_of_an_open_one(lab: Lab) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    event = meeting("gunel@xezer.az", "orxan@bizim.az")
    leyla.plans(replace(event, sensitivity=Sensitivity.PRIVATE))
    orxan.plans(event)
    lab.whole_pass()
    assert [draft["mailbox"] for draft in lab.drafts()] == ["orxan"]
