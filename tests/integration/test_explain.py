"""Everything is explained: what was logged, what was drafted, and what was neither; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.memory.trouble import Call
from syncagent.crm import explain
from syncagent.crm.explain import Explanation
from syncagent.errors import Unreachable
from syncagent.model import Content
from syncagent.sync.anew import look_anew
from syncagent.vocabulary import Role, Sensitivity
from tests.lab import Lab, Manager, mail_from, meeting


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    laboratory.import_people()
    yield laboratory
    laboratory.close()


def stored(lab: Lab, key: str, viewer: int | None = None) -> list[Explanation]:
    with lab.database.read() as connection:
        return explain.of_key(connection, key, now=lab.domain.now(), viewer=viewer)


def anew(lab: Lab, manager: Manager, key: str) -> list[Explanation]:
    return look_anew(lab.desk(manager), key)


def test_a_logged_mail_names_whose_address_it_was_and_where_it_lies(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("gunel@xezer.az", message_id="1@xezer.az"))
    lab.sync()
    (one,) = stored(lab, "1@xezer.az")
    assert (one.kind, one.subject) == ("interaction", "interaction 1: mail_in, Təklif")
    assert "address gunel@xezer.az belongs to Günel Əliyeva of account Xəzər Enerji (certain)" in one.answer
    match, copy = one.trace
    assert (match.step, match.value, match.verdict) == ("match", "gunel@xezer.az", "certain")
    assert (copy.step, copy.value, copy.verdict) == ("copy", "leyla / inbox", "there")


def test_a_meeting_shows_what_the_rule_found_and_the_draft_points_back(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))
    lab.whole_pass()
    (one,) = stored(lab, "UID-1")
    verdicts = {step.step: step.verdict for step in one.trace}
    assert verdicts["rule follow_up/formal"] == "draft"
    assert verdicts["rule follow_up/formal: when held"] == "hit"
    assert verdicts["draft"] == "placed"
    with lab.database.read() as connection:
        draft = explain.of_draft(connection, 1)
    assert draft is not None
    assert draft.answer.startswith("It is placed: ")
    assert (draft.trace[0].step, draft.trace[0].value) == ("occasion", "i1")
    assert any(step.step == "when held" for step in draft.trace)
    assert stored(lab, lab.draft_row().message_id)[0].kind == "draft"


def test_a_private_one_says_only_that_it_is_private(lab: Lab) -> None:
    leyla, rauf = lab.manager(), lab.manager("rauf")
    leyla.plans(meeting("gunel@xezer.az", "rauf@bizim.az"))
    lab.whole_pass()
    rauf.plans(meeting("gunel@xezer.az", "rauf@bizim.az", sensitivity=Sensitivity.PRIVATE))
    lab.sync()
    (one,) = stored(lab, "UID-1")
    assert one.subject == "interaction 1"
    assert "private" in one.answer
    assert one.trace == ()
    with lab.database.read() as connection:
        draft = explain.of_draft(connection, 1)
    assert draft is not None and draft.subject == "draft 1" and draft.trace == ()
    (own,) = stored(lab, "UID-1", leyla.row.our_person_id)
    assert "Layihənin müzakirəsi" in own.subject


def test_what_is_not_there_is_none(lab: Lab) -> None:
    with lab.database.read() as connection:
        assert explain.of_interaction(connection, 7, now=lab.domain.now()) is None
        assert explain.of_draft(connection, 7) is None
    assert stored(lab, "nobody@nowhere") == []


NOT_LOGGED = [
    ("no_stakeholder", mail_from("nobody@elsewhere.com", message_id="k@x"), "nobody on it is known"),
    (
        "auto_reply",
        mail_from("gunel@xezer.az", message_id="k@x", signals={"auto-submitted": "auto-replied"}),
        "Auto-Submitted",
    ),
    ("private", mail_from("gunel@xezer.az", message_id="k@x", sensitivity=Sensitivity.PRIVATE), "marked it private"),
]


@pytest.mark.parametrize(("skip", "mail", "why"), NOT_LOGGED, ids=[case[0] for case in NOT_LOGGED])
def test_why_a_mail_was_not_logged_is_found_out_anew(lab: Lab, skip: str, mail: object, why: str) -> None:
    leyla = lab.manager()
    leyla.receives(mail)  # type: ignore[arg-type]  # a mail, as the table shows
    lab.sync()
    (one,) = anew(lab, leyla, "k@x")
    assert (one.kind, one.subject) == ("item", "a mail in leyla / inbox")
    assert one.answer.startswith(f"It is not logged ({skip}): ")
    assert why.lower() in one.answer.lower()
    assert one.trace
    assert lab.interactions() == []


def test_the_text_is_judged_too(lab: Lab) -> None:
    leyla = lab.manager()
    invitation = Content(text="Dəvət", calendar_method="REQUEST", parts=("text/plain", "text/calendar"))
    leyla.box.put(leyla.stream(Role.INBOX), mail_from("gunel@xezer.az", message_id="k@x"), invitation)
    (one,) = anew(lab, leyla, "k@x")
    assert one.answer.startswith("It is not logged (meeting_mail): ")


def test_what_was_not_read_yet_is_told(lab: Lab) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("gunel@xezer.az", message_id="k@x"))
    (one,) = anew(lab, leyla, "k@x")
    assert "not read yet" in one.answer
    assert one.trace[-1].verdict == "log"


def test_unreadable_and_unreachable_are_answers(lab: Lab) -> None:
    leyla = lab.manager()
    ref = leyla.receives(mail_from("gunel@xezer.az", message_id="k@x"))
    leyla.box.spoil(ref)
    assert [one.answer for one in anew(lab, leyla, "k@x")] in (
        ["It cannot be read: the message is damaged."],
        [],  # a provider need not find by its id what it cannot read
    )
    leyla.box.trouble.fail(Call.LOCATE, Unreachable("The server is away.", cure="Wait."))
    (one,) = anew(lab, leyla, "k@x")
    assert one.answer == "It could not be looked through: The server is away. Wait."
