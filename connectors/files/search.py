"""Answers for finding things in a mailbox on disk that has no index: by reading headers, newest first."""

from __future__ import annotations

import json
from collections.abc import Callable

from connectors.files.shelves import Shelf, digest_of
from connectors.files.stores import Listing
from connectors.interest import matches
from syncagent.errors import CursorLost
from syncagent.model import Query, SearchPage
from syncagent.ports import Known

#: Items looked at for one page.
PAGE_ITEMS = 500


class Searcher:
    """Searches one stream. A position is the number of items that are left, and the listing that it counts in."""

    def __init__(self, shelf: Shelf, known: Known, halt: Callable[[], None]) -> None:
        self._shelf = shelf
        self._known = known
        self._halt = halt
        self._kept: tuple[str, Listing] | None = None

    def search(self, query: Query, position: str) -> SearchPage:
        """The next page. Mail that came or went since the last page lets the search begin again: repeats, but no gaps.

        Raises ``CursorLost`` for a foreign position, and ``OSError``.
        """
        listing, digest, left = self._resume(position)
        self._halt()
        items = list(listing.versions.items())[max(0, left - PAGE_ITEMS) : left]
        found = [
            upsert
            for item, version in reversed(items)
            for upsert in self._shelf.scan(item, version, query.span)
            if matches(upsert.item, query)
        ]
        left -= len(items)
        self._kept = (digest, listing) if left else None
        return SearchPage(tuple(found), json.dumps({"v": 1, "digest": digest, "left": left}), last=left == 0)

    def _resume(self, position: str) -> tuple[Listing, str, int]:
        wanted, left = _parse(position)
        if wanted and self._kept is not None and self._kept[0] == wanted:
            return self._kept[1], wanted, left
        listing = self._shelf.list()
        digest = digest_of(self._shelf, listing, self._known)
        return listing, digest, left if digest == wanted else len(listing.versions)


def _parse(position: str) -> tuple[str, int]:
    if not position:
        return "", 0
    try:
        said = json.loads(position)
        if said["v"] != 1:
            raise ValueError("another version")
        return str(said["digest"]), int(said["left"])
    except (ValueError, KeyError, TypeError) as error:
        raise CursorLost(
            "The note of how far the folder was searched is not one of this version.",
            cure="The search begins again by itself.",
            detail=type(error).__name__,
        ) from error
