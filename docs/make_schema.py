"""Answers for docs/schema.md: writes it anew from the views, the tables and their comments.

python docs/make_schema.py            writes the page
python docs/make_schema.py --check    writes nothing; exit code 1 when the page is not what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, Table
from sqlalchemy.types import TypeEngine

from syncagent.crm.schema import HEAD, VIEWS
from syncagent.crm.tables.all import SUBJECTS
from syncagent.crm.tables.base import Base
from syncagent.crm.types import UtcDateTime
from syncagent.crm.views.definition import View

PAGE = Path(__file__).resolve().parent / "schema.md"

HEAD_OF_PAGE = """\
# The database

Two things live in the database of syncagent: **views**, which are made for you and keep their word, and **tables**,
which are the program's own. This page is written by `docs/make_schema.py` from the comments in the program; it
describes revision {revision}.

## The open interface

Reports, spreadsheets, dashboards and other programs read the views below. They may rely on them:

- The name of each view ends in its version. What a version shows, the names and kinds of its columns and what they
  mean, never changes. What must change becomes a view with the next number **beside** the old one, and the changelog
  says when an old one goes.
- They show what everybody may see. An interaction of which one copy is private, personal or confidential appears in
  none of them: neither itself nor its contacts, people, documents or drafts. Of several copies they show the strictest.
  What only its owner may see is shown by syncagent's own commands.
- They are for reading. Nothing may be written through them or into the tables.

The tables are private: they may change with every version of the program, and the views stay.

### How to connect

**SQLite** (the default): open the file of `agent.database` read-only, for example
`sqlite3 'file:syncagent.db?mode=ro'`. You may read while syncagent runs.

**PostgreSQL**: make a role that sees the views and nothing else. Views are read with the rights of their owner, so the
role needs none on the tables:

```sql
CREATE ROLE reporting LOGIN;
GRANT SELECT ON {views} TO reporting;
```

The comments below are stored in PostgreSQL as well (`\\d+ interaction_v1` shows them).

### What differs between the two

The views give the same answers in both databases. Three kinds of values look different, because SQLite has no types for
them:

| kind | SQLite | PostgreSQL |
| --- | --- | --- |
| time | text in UTC: `2026-11-20 06:00:00.000000`; it sorts and compares as it should | `timestamp with time zone` |
| date | text: `2026-11-20` | `date` |
| yes/no | 1 or 0 | `boolean` |

A text such as `'2026-11-16'` that is compared with a time means midnight UTC in SQLite, and midnight in the session's
time zone in PostgreSQL (`SET TIME ZONE 'UTC'` makes them equal). Lists in one cell are joined by semicolons. “Now” is
the clock of the database; the clock that `--now` sets does not reach it.

### Examples

They run unchanged on both databases; a test does so.

"""

#: Queries that a report would ask, each with what it answers.
EXAMPLES = {
    "Contacts of one week by account and kind, each interaction once": """\
SELECT account, kind, COUNT(DISTINCT interaction_id) AS contacts
FROM contact_v1
WHERE state = 'done' AND certainty <> 'question' AND at >= '2026-11-16' AND at < '2026-11-23'
GROUP BY account, kind
ORDER BY account, kind;""",
    "Stakeholders of key accounts from whom nothing was heard since October": """\
SELECT a.account, s.name, s.email, s.decision_roles, s.last_contact_at
FROM stakeholder_v1 AS s
JOIN account_v1 AS a ON a.id = s.account_id
WHERE a.is_key AND (s.last_contact_at IS NULL OR s.last_contact_at < '2026-10-01')
ORDER BY a.account, s.name;""",
    "Who of us met whom, in meetings that were held": """\
SELECT o.person, c.stakeholder, c.account, i.at, i.subject
FROM interaction_v1 AS i
JOIN our_part_v1 AS o ON o.interaction_id = i.id AND NOT o.declined
JOIN contact_v1 AS c ON c.interaction_id = i.id
WHERE i.kind = 'meeting' AND i.state = 'done'
ORDER BY i.at, o.person, c.stakeholder;""",
    "Follow-ups that were due before a day and are still not sent": """\
SELECT manager, subject, recipients, due_at, state
FROM draft_v1
WHERE due_at < '2026-11-23' AND state IN ('planned', 'placed', 'uncertain', 'edited', 'failed')
ORDER BY due_at, manager;""",
    "Streams whose sums do not add up (there is none)": """\
SELECT mailbox, stream, seen
FROM stream_v1
WHERE seen <> logged + updated + removed + ignored + skipped + failed;""",
}

HEAD_OF_TABLES = """\
## The private tables

For those who work on syncagent. **They may change with every version**; build on the views. Every column is filled
unless it says “may be null”. `→ account` is the `id` of a row of that table; when that row goes, so does this one.
"""


def page() -> str:
    """The text of docs/schema.md."""
    names = ", ".join(view.name for view in VIEWS)
    parts = [HEAD_OF_PAGE.format(revision=HEAD, views=names)]
    parts += [f"{what}:\n\n```sql\n{query}\n```\n\n" for what, query in EXAMPLES.items()]
    parts += [f"### {view.name}\n\n{view.comment}\n\n{_columns_of(view)}\n" for view in VIEWS]
    parts.append(HEAD_OF_TABLES)
    for subject in SUBJECTS:
        parts += [f"\n### {table.name}\n\n{table.comment}\n\n{_fields_of(table)}" for table in _tables_of(subject)]
    return "".join(parts)


def _columns_of(view: View) -> str:
    return _rows(("column", "kind", "meaning"), ((f"`{of.name}`", of.kind, of.comment) for of in view.columns))


def _tables_of(subject: ModuleType) -> Iterator[Table]:
    """The tables of a module in the order in which it tells them."""
    for value in vars(subject).values():
        if isinstance(value, type) and issubclass(value, Base) and value.__module__ == subject.__name__:
            assert isinstance(value.__table__, Table)
            yield value.__table__


def _fields_of(table: Table) -> str:
    return _rows(("column", "kind", "meaning"), ((f"`{of.name}`", _kind_of(of), of.comment) for of in table.columns))


def _kind_of(column: Column[Any]) -> str:
    words: dict[type[TypeEngine[Any]], str] = {
        Boolean: "yes/no",
        Date: "date",
        Integer: "number",
        JSON: "JSON",
        UtcDateTime: "time",
    }
    word = next((word for kind, word in words.items() if isinstance(column.type, kind)), "text")
    for key in column.foreign_keys:
        word = f"→ {key.column.table.name}"
    return f"{word}, may be null" if column.nullable else word


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str | None, ...]]) -> str:
    """A table of Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join((cell or "").replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def main(arguments: list[str]) -> int:
    """Writes or checks the page; returns the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python docs/make_schema.py [--check]\n")
        return 2
    if not arguments:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write("docs/schema.md is not what the program says: run `make docs` and commit it.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
