"""Answers for which reader fits which folder."""

from __future__ import annotations

from connectors.files.calendars import CalendarShelf
from connectors.files.folders import Folder, Layout
from connectors.files.mail import MailShelf
from connectors.files.maildir import Maildir
from connectors.files.mbox import Mbox
from connectors.files.shelves import Shelf
from connectors.files.single_files import SingleFiles
from connectors.files.stores import Store
from syncagent.clock import SystemClock
from syncagent.ports import Surroundings
from syncagent.vocabulary import Role


def shelf_of(folder: Folder, surroundings: Surroundings) -> Shelf:
    """The reader for a folder, by how it is stored."""
    if folder.layout is Layout.CALENDAR:
        return CalendarShelf(folder, surroundings)
    return mail_shelf_of(folder)


def mail_shelf_of(folder: Folder) -> MailShelf:
    """The reader for a folder of mail."""
    # The age of files is a matter of the system's clock: the domain's may stand elsewhere.
    clock = SystemClock()
    edited = folder.stream.role is Role.DRAFTS
    store: Store
    if folder.layout is Layout.MAILDIR:
        store = Maildir(folder.path, clock, edited=edited)
    elif folder.layout is Layout.MBOX:
        store = Mbox(folder.path, clock, edited=edited)
    else:
        store = SingleFiles(folder.path, ".eml")
    return MailShelf(folder, store)
