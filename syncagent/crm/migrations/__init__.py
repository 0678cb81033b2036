"""The steps from one shape of the database to the next; run by ``schema``, described in CONTRIBUTING.md.

What every step must know:

- ``versions`` holds one file for each revision and nothing else, because Alembic takes every file there for a revision.
  What is too long for it lies beside, as ``revision_0001`` does.
- The views lie over the tables, and neither database lets a table be changed under its view. Drop them first and make
  them again at the end (``views.definition.drop`` and ``create``).
- In batch mode SQLite makes the table anew from what it finds; WITHOUT ROWID is not found, so say it again:
  ``op.batch_alter_table("contact", table_kwargs={"sqlite_with_rowid": False})``.
"""
