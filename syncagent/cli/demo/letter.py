"""Answers for one letter of the demo's world, and for writing one as a person does, with signature and quotes. Pure."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from syncagent.cli.demo.cast import DOMAIN, Cast, Named, Person, latin
from syncagent.cli.demo.phrases import Phrases, phrases
from syncagent.cli.demo.pools import SITES

BAKU = ZoneInfo("Asia/Baku")
_LONDON = ZoneInfo("Europe/London")

#: Characters that older charsets lack, and what their users type instead.
_PLAINER = str.maketrans({"№": "N", "–": "-", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document as it goes with a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it becomes bytes. ``said`` is new text, ``quote`` what it answers, ready to stand below it.

    ``extra`` holds header lines beside the usual ones. ``itip`` is a calendar part with its method, ``undelivered`` an
    address for which the message is a delivery report.
    """

    message_id: str  # without brackets
    at: datetime
    author: Named
    to: tuple[Named, ...]
    subject: str
    said: str
    cc: tuple[Named, ...] = ()
    quote: str = ""
    client: str = ""
    charset: str = "utf-8"
    encoding: str = "quoted-printable"
    html: bool = False
    logo: bool = False
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    itip: tuple[str, str] = ("", "")
    undelivered: str = ""
    is_draft: bool = False

    @property
    def text(self) -> str:
        """All of the plain text."""
        return f"{self.said}\n\n{self.quote}" if self.quote else self.said


def message_id(rng: random.Random, client: str, email: str) -> str:
    """A Message-ID as the mail program makes it."""
    if client == "gmail":
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return f"CA{''.join(rng.choices(letters, k=46))}@mail.gmail.com"
    if client == "outlook" and not email.endswith(f"@{DOMAIN}"):
        host = "AM0PR04MB6180.eurprd04.prod.outlook.com"
        return f"AM0PR04MB{rng.getrandbits(64):016X}@{host}"
    return f"{str(uuid.UUID(int=rng.getrandbits(128), version=4)).upper()}@{email.partition('@')[2]}"


def zone(person: Person) -> ZoneInfo:
    """Where somebody's clock stands: foreign heads sit abroad."""
    return _LONDON if person.title == "Managing Director" else BAKU


def working_moment(rng: random.Random, day: date) -> datetime:
    """Some moment of a working day."""
    return datetime.combine(day, time(rng.randrange(9, 18), rng.randrange(60), rng.randrange(60)), BAKU)


def answer_time(rng: random.Random, at: datetime) -> datetime:
    """When an answer to a letter of ``at`` comes: soon, or within two working days; never at night."""
    local = at.astimezone(BAKU) + timedelta(minutes=rng.randrange(12, 200))
    if rng.random() < 0.5:
        local = working_moment(rng, local.date() + timedelta(days=rng.choice((1, 1, 1, 2))))
    if local.hour >= 19 or local.hour < 8:
        local = datetime.combine(
            local.date() + timedelta(days=1), time(9, rng.randrange(5, 55), rng.randrange(60)), BAKU
        )
    while local.weekday() > 4:
        local += timedelta(days=1)
    return local


def awake(person: Person, at: datetime) -> datetime:
    """``at``, or eight in the morning of somebody in another zone who still sleeps then."""
    local = at.astimezone(zone(person))
    return local.replace(hour=8) if local.hour < 8 else local


def coming_day(rng: random.Random, at: datetime) -> date:
    """A working day one or two weeks after ``at``."""
    day = at.date() + timedelta(days=rng.randrange(6, 12))
    return day + timedelta(days=max(0, 7 - day.weekday()) * (day.weekday() > 4))


def slots(rng: random.Random, cast: Cast, language: str, at: datetime, day1: date | None = None) -> dict[str, str]:
    """Values for the slots of the texts of one conversation that begins at ``at``."""
    said = phrases(language)
    quantity, price = rng.randrange(3, 40), rng.choice((180, 240, 385, 420, 560, 790, 1150))
    day1 = day1 or coming_day(rng, at)
    return {
        "product": rng.choice(cast.products)[language],
        "site": rng.choice(SITES)[language],
        "qty": str(quantity),
        "price": str(price),
        "total": f"{quantity * price:,}".replace(",", " "),
        "number": f"{rng.randrange(11, 99)}-{rng.randrange(100, 999)}",
        "weeks": str(rng.randrange(2, 9)),
        "day0": said.day(at.date() - timedelta(days=rng.randrange(70, 160))),
        "day1": said.day(day1),
        "day2": said.day(day1 + timedelta(days=7)),
    }


def write(
    rng: random.Random,
    author: Person,
    to: tuple[Named, ...],
    *,
    at: datetime,
    subject: str,
    body: str,
    addressee: Person,
    language: str,
    cc: tuple[Named, ...] = (),
    answers: Letter | None = None,
    attachments: tuple[Attachment, ...] = (),
    extra: tuple[tuple[str, str], ...] = (),
    email: str = "",
    informal: bool = False,
) -> Letter:
    """A letter as ``author`` writes it to ``addressee``; ``email`` is the address they use, else their first one."""
    said, habit = phrases(language), author.habit
    ours = author.emails[0].endswith(f"@{DOMAIN}")
    greeting = rng.choice(said.to_them if ours else said.to_us).format(n=addressee.address(language))
    sender = Named(author.name, email or author.emails[0])
    text = f"{greeting}\n\n{body}\n\n{_signature(rng, author, said, short=answers is not None)}"
    if informal:
        text = f"Salam, {addressee.name.split()[0]}!\n\n{body}\n\n{author.name.split()[0]}"
    if habit.ascii_letters:
        text, subject = latin(text), subject if answers else latin(subject)
    quote = _quote(author, said, answers) if answers else ""
    charset = habit.charset
    if charset != "utf-8":
        text, quote, subject = (part.translate(_PLAINER) for part in (text, quote, subject))
        # Their address books spell our names in the letters that their charset has.
        to, cc = _spelt(to, charset), _spelt(cc, charset)
    if not _fits("".join((text, quote, subject, *(named.name for named in (sender, *to, *cc)))), charset):
        charset = "utf-8"
    return Letter(
        message_id=message_id(rng, habit.client, sender.email),
        at=at.astimezone(zone(author)).replace(microsecond=0),
        author=sender,
        to=to,
        cc=cc,
        subject=subject,
        said=text,
        quote=quote,
        client=habit.client,
        charset=charset,
        encoding=habit.encoding if charset == habit.charset or habit.encoding != "7bit" else "8bit",
        html=habit.html,
        logo=habit.logo and answers is None,
        in_reply_to=answers.message_id if answers else "",
        references=(*answers.references, answers.message_id) if answers else (),
        attachments=attachments,
        extra=extra,
    )


def _spelt(named: tuple[Named, ...], charset: str) -> tuple[Named, ...]:
    return tuple(one if _fits(one.name, charset) else Named(latin(one.name), one.email) for one in named)


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _signature(rng: random.Random, author: Person, said: Phrases, *, short: bool) -> str:
    # Who writes in another language spells names so that every reader can read them.
    own_language = said is phrases(author.language)
    lines = [rng.choice(said.closings), author.name if own_language else latin(author.name)]
    if not short and author.title:
        company = author.company if said is phrases("az") else latin(author.company)
        title = said.our_title if author.emails[0].endswith(f"@{DOMAIN}") else author.title
        lines += [f"{title}, {company}", author.phone]
    return "\n".join(lines)


def _quote(author: Person, said: Phrases, letter: Letter) -> str:
    """What is answered, the way the author's mail program puts it below the answer."""
    name, email = _spelt((letter.author,), author.habit.charset)[0]
    when = letter.at.astimezone(zone(author))
    if author.habit.client == "outlook":
        read_by = "; ".join(f"{to.name} <{to.email}>" for to in _spelt(letter.to, author.habit.charset))
        words: Mapping[str, str] = {
            said.outlook_quote[0]: f"{name} <{email}>",
            said.outlook_quote[1]: f"{when:%d.%m.%Y %H:%M}",
            said.outlook_quote[2]: read_by,
            said.outlook_quote[3]: letter.subject,
        }
        head = "\n".join(f"{word}: {value}" for word, value in words.items())
        return f"{'_' * 32}\n{head}\n\n{letter.text}"
    head = said.gmail_quote.format(name=name, email=email, when=f"{said.day(when)} {when:%Y, %H:%M}")
    quoted = "\n".join(
        f"> {line}".rstrip() if not line.startswith(">") else f">{line}" for line in letter.text.split("\n")
    )
    return f"{head}\n\n{quoted}"
