"""What the second step of reading shows: meeting mail, and machines that only the text gives away."""

from __future__ import annotations

import pytest

from syncagent.model import Address, Content, Mail
from syncagent.reading.content import second_look
from syncagent.vocabulary import Skip

HUMAN = Mail(from_=(Address("kim@xezer.example"),), subject="Müqavilə")
POSTMASTER = Mail(from_=(Address("postmaster@xezer.example"),), subject="Hello")
ABSENT = Mail(from_=(Address("kim@xezer.example"),), subject="Out of office", in_reply_to=("1@a.example",))
ICS = ("text/plain", "text/calendar")

CASES = [
    *(
        (f"iTIP {method}", HUMAN, Content("Salam", calendar_method=method, parts=ICS), Skip.MEETING_MAIL)
        for method in ("REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "ADD", "REFRESH", "request")
    ),
    ("a ticket", HUMAN, Content("Biletiniz", calendar_method="PUBLISH", parts=ICS), None),
    ("an .ics that a person attached", HUMAN, Content("Bax", parts=(*ICS, "application/ics")), None),
    ("a method that nobody knows", HUMAN, Content("Bax", calendar_method="X-OWN", parts=ICS), None),
    ("nothing new", HUMAN, Content("Salam, sabah görüşək."), None),
    ("nothing at all", HUMAN, Content(), None),
    ("a report inside", POSTMASTER, Content("Sorry", parts=("text/plain", "message/delivery-status")), Skip.BOUNCE),
    (
        "a bounce passed on by a person",
        HUMAN,
        Content("Bu nədir?", parts=("text/plain", "message/delivery-status")),
        None,
    ),
    ("a mail system's words", POSTMASTER, Content("This is the mail system at host mx. I'm sorry"), Skip.BOUNCE),
    ("an absence, twice said", ABSENT, Content("I am out of the office until Monday."), Skip.AUTO_REPLY),
    ("a person mentions an absence", HUMAN, Content("Mən məzuniyyətdəyəm, Anara yazın."), None),
    (
        "an absence within a long letter",
        ABSENT,
        Content("I was out of office. " + "We agreed on the price. " * 40),
        None,
    ),
    ("an absence in what is quoted", ABSENT, Content("Thank you!\n> I am out of the office until Monday."), None),
]


@pytest.mark.parametrize(("mail", "content", "skip"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_second_look(mail: Mail, content: Content, skip: Skip | None) -> None:
    verdict = second_look(mail, content)
    assert (None if verdict is None else verdict.skip) is skip
    assert verdict is None or verdict.why


def test_what_the_header_shows_still_counts() -> None:
    assert second_look(Mail(signals={"auto-submitted": "auto-replied"}), Content("Salam")) is not None
