"""The suite for ``ports.DraftBox``: every connector inherits ``DraftBoxContract`` and hands in its ``World``.

Glossary. A draft is **touched** when its version is no longer the one that ``place`` returned: a person worked on
it, and nothing of ours may change or remove it any more. The **picture** of the mailbox shows that each call writes
what it says and nothing else.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncagent.errors import Unsupported
from syncagent.model import Absent, CannotTell, Content, Gone, Mail, Placed, Present, Ref, Stream, Unreadable
from syncagent.ports import DraftBox
from syncagent.vocabulary import Role, Withdrawal
from tests.contract.reader import Reader
from tests.contract.world import Letter, World, sample_draft, sample_notice


class DraftBoxContract:
    """What every draft box guarantees."""

    @pytest.fixture
    def world(self) -> World:
        raise NotImplementedError("a connector's test class makes its world here")

    @pytest.fixture
    def box(self, world: World) -> DraftBox:
        return world.draft_box()

    @pytest.fixture
    def reader(self, world: World) -> Reader:
        return Reader(world.source, world.known)

    @pytest.fixture
    def placed(self, box: DraftBox) -> Placed:
        return box.place(sample_draft(), None)

    # --- Placing and finding -------------------------------------------------------------------------------------

    def test_a_draft_lies_in_drafts_as_it_was_written(self, world: World, box: DraftBox, reader: Reader) -> None:
        draft = sample_draft()
        placed = box.place(draft, None)
        assert placed.message_id == draft.message_id
        reader.read_all()
        mail = reader.items[placed.ref]
        assert isinstance(mail, Mail)
        assert (mail.is_draft, mail.marker, mail.message_id) == (True, draft.marker, draft.message_id)
        assert mail.subject == draft.subject
        assert (mail.from_, mail.to, mail.cc) == ((draft.from_,), draft.to, draft.cc)
        assert (mail.in_reply_to, mail.references) == ((draft.in_reply_to,), draft.references)
        content = reader.source.fetch([placed.ref])[placed.ref]
        assert isinstance(content, Content)
        assert "görüş üçün təşəkkür edirəm: ə ı ş ç ğ ö ü" in content.text
        [stream] = [one for one in reader.source.streams() if one.id == placed.ref.stream]
        assert stream.role is Role.DRAFTS

    def test_the_version_of_an_untouched_draft_is_the_one_that_was_placed(self, placed: Placed, reader: Reader) -> None:
        reader.read_all()
        assert reader.versions[placed.ref] == placed.version
        reader.restart()
        reader.read_all()
        assert reader.versions[placed.ref] == placed.version

    def test_placing_writes_the_draft_and_nothing_else(self, world: World, box: DraftBox) -> None:
        world.deliver(world.stream(Role.INBOX), Letter(1))
        box.place(sample_draft("first"), None)
        before = world.picture()
        box.place(sample_draft("second"), None)
        after = world.picture()
        assert {place: after[place] for place in before} == before
        assert len(after) == len(before) + 1

    def test_a_reply_leaves_the_mail_that_it_answers_alone(self, world: World, box: DraftBox, reader: Reader) -> None:
        inbox = world.stream(Role.INBOX)
        world.deliver(inbox, Letter(1))
        reader.read_all()
        before = world.picture()
        box.place(sample_draft(), reader.ref_of(Letter(1).message_id))
        after = world.picture()
        assert {place: after[place] for place in before} == before

    def test_a_marker_is_found_where_it_is(self, world: World, placed: Placed) -> None:
        assert world.draft_box().find(sample_draft().marker) == Present(placed.ref, Role.DRAFTS, placed.version)

    def test_a_marker_that_is_nowhere_is_absent(self, world: World, placed: Placed) -> None:
        assert world.draft_box().find("another") == Absent()

    def test_looking_for_a_marker_leaves_no_trace(self, world: World, placed: Placed) -> None:
        before = world.picture()
        world.draft_box().find(sample_draft().marker)
        world.draft_box().find("another")
        assert world.picture() == before

    def test_a_reply_to_a_sent_draft_is_not_the_draft(self, world: World, box: DraftBox) -> None:
        reply = replace(Letter(1), subject=f"Re: {sample_draft().message_id}", text=sample_draft().marker)
        world.deliver(world.stream(Role.SENT), reply)
        assert box.find(sample_draft().marker) == Absent()

    def test_a_draft_whose_answer_was_lost_is_found(self, world: World, box: DraftBox) -> None:
        world.crash_in_place()
        with pytest.raises(ConnectionError):
            box.place(sample_draft(), None)
        where = world.draft_box().find(sample_draft().marker)
        assert isinstance(where, Present)
        assert where.role is Role.DRAFTS

    def test_a_box_that_cannot_tell_says_so(self, world: World, placed: Placed) -> None:
        world.blind()
        where = world.draft_box().find("another")
        assert isinstance(where, CannotTell)
        assert where.reason

    # --- What the manager does ------------------------------------------------------------------------------------

    def test_an_edit_changes_the_version_and_keeps_the_marker(
        self, world: World, placed: Placed, reader: Reader
    ) -> None:
        reader.read_all()
        world.edit_draft(placed.ref, "Başqa mətn.")
        where = world.draft_box().find(sample_draft().marker)
        assert isinstance(where, Present)
        assert where.role is Role.DRAFTS
        assert where.version != placed.version
        reader.read_all()
        [(ref, mail)] = [(ref, item) for ref, item in reader.items.items() if isinstance(item, Mail) and item.marker]
        assert (ref, mail.is_draft) == (where.ref, True)
        assert reader.versions[ref] == where.version

    @pytest.mark.parametrize(
        ("message_id", "keeps_marker"),
        [("", True), ("", False), ("new-id@mail.example", True)],
        ids=["as it is", "without our header", "under a new Message-ID"],
    )
    def test_a_sent_draft_is_found_in_sent(
        self, world: World, placed: Placed, reader: Reader, message_id: str, keeps_marker: bool
    ) -> None:
        reader.read_all()
        world.send_draft(placed.ref, message_id=message_id, keeps_marker=keeps_marker)
        where = world.draft_box().find(sample_draft().marker)
        assert isinstance(where, Present)
        assert (where.role, where.ref.stream) == (Role.SENT, world.stream(Role.SENT).id)
        reader.read_all()
        assert placed.ref not in reader.items
        sent = reader.items[where.ref]
        assert isinstance(sent, Mail)
        assert not sent.is_draft

    def test_a_discarded_draft_is_found_in_trash(self, world: World, placed: Placed, reader: Reader) -> None:
        reader.read_all()
        world.discard_draft(placed.ref)
        where = world.draft_box().find(sample_draft().marker)
        assert isinstance(where, Present)
        assert where.role is Role.TRASH
        reader.read_all()
        assert placed.ref not in reader.items

    # --- Withdrawing ----------------------------------------------------------------------------------------------

    def test_an_untouched_draft_is_withdrawn(self, world: World, box: DraftBox, placed: Placed, reader: Reader) -> None:
        other = box.place(sample_draft("other"), None)
        reader.read_all()
        before = world.picture()
        result = world.draft_box().withdraw(placed.ref, marker=sample_draft().marker, if_version=placed.version)
        after = world.picture()
        assert result is Withdrawal.WITHDRAWN
        assert len(after) == len(before) - 1
        assert after.items() <= before.items()
        assert box.find(sample_draft().marker) == Absent()
        reader.read_all()
        assert placed.ref not in reader.items
        assert other.ref in reader.items

    def test_a_touched_draft_stays(self, world: World, box: DraftBox, placed: Placed) -> None:
        world.edit_draft(placed.ref, "Başqa mətn.")
        where = box.find(sample_draft().marker)
        assert isinstance(where, Present)
        self._is_refused(world, where.ref, sample_draft().marker, placed.version)

    def test_a_draft_of_another_marker_stays(self, world: World, placed: Placed) -> None:
        self._is_refused(world, placed.ref, "another", placed.version)

    def test_a_sent_draft_is_never_withdrawn(self, world: World, box: DraftBox, placed: Placed) -> None:
        world.send_draft(placed.ref)
        where = box.find(sample_draft().marker)
        assert isinstance(where, Present)
        self._is_refused(world, where.ref, sample_draft().marker, where.version)
        self._is_refused(world, where.ref, sample_draft().marker, placed.version)

    def test_a_mail_of_somebody_else_is_never_withdrawn(self, world: World, box: DraftBox, reader: Reader) -> None:
        world.deliver(world.stream(Role.INBOX), Letter(1))
        reader.read_all()
        ref = reader.ref_of(Letter(1).message_id)
        self._is_refused(world, ref, "", reader.versions[ref])

    def test_a_draft_that_is_gone_is_missing(self, world: World, box: DraftBox, placed: Placed) -> None:
        marker = sample_draft().marker
        assert box.withdraw(placed.ref, marker=marker, if_version=placed.version) is Withdrawal.WITHDRAWN
        assert box.withdraw(placed.ref, marker=marker, if_version=placed.version) is Withdrawal.MISSING
        nowhere = Ref("never-was", "1")
        assert box.withdraw(nowhere, marker=marker, if_version=placed.version) is Withdrawal.MISSING

    def _is_refused(self, world: World, ref: Ref, marker: str, version: str) -> None:
        before = world.picture()
        result = world.draft_box().withdraw(ref, marker=marker, if_version=version)
        assert result is Withdrawal.TOUCHED
        assert world.picture() == before

    # --- Annotating and delivering --------------------------------------------------------------------------------

    def test_a_category_is_shown_on_an_untouched_draft_alone(
        self, world: World, box: DraftBox, placed: Placed, reader: Reader
    ) -> None:
        if not box.traits().annotates:
            with pytest.raises(Unsupported):
                box.annotate(placed.ref, if_version=placed.version, category="48 saat")
            return
        version = box.annotate(placed.ref, if_version=placed.version, category="48 saat")
        assert version not in (None, placed.version)
        reader.read_all()
        assert reader.items[placed.ref].categories == ("48 saat",)
        assert reader.versions[placed.ref] == version
        assert box.annotate(placed.ref, if_version=placed.version, category="gec") is None
        assert box.annotate(Ref("never-was", "1"), if_version="1", category="gec") is None

    def test_a_notice_arrives_once(self, world: World, box: DraftBox, reader: Reader) -> None:
        notice = sample_notice()
        if not box.traits().delivers:
            with pytest.raises(Unsupported):
                box.deliver(notice)
            return
        before = world.picture()
        ref = box.deliver(notice)
        assert ref.stream == world.stream(Role.INBOX).id
        assert world.draft_box().deliver(notice) == ref
        after = world.picture()
        assert before.items() <= after.items()
        assert len(after) == len(before) + 1
        reader.read_all()
        mail = reader.items[ref]
        assert isinstance(mail, Mail)
        assert (mail.subject, mail.message_id, mail.is_draft) == (notice.subject, notice.message_id, False)

    def test_a_notice_that_was_filed_away_does_not_come_again(self, world: World, box: DraftBox) -> None:
        if not box.traits().delivers:
            pytest.skip("this mailbox takes nothing in without sending")
        box.deliver(sample_notice())
        archive: Stream = world.stream(Role.ARCHIVE)
        world.move(sample_notice().message_id, archive)
        before = world.picture()
        assert box.deliver(sample_notice()).stream == archive.id
        assert world.picture() == before

    def test_what_we_write_can_be_read_by_anybody(self, placed: Placed, reader: Reader) -> None:
        reader.read_all()
        assert not reader.failures
        assert not any(isinstance(change, Unreadable | Gone) for change in reader.source.revisit([placed.ref]))
