"""The suites for a mailbox in memory, with both kinds of traits and with awkward but right answers."""

from __future__ import annotations

import pytest

from tests.contract.calendar_suite import CalendarContract
from tests.contract.draft_box_suite import DraftBoxContract
from tests.contract.memory_world import MemoryWorld
from tests.contract.source_suite import SourceContract


@pytest.fixture(params=["searches", "reads forward", "keeps ids", "repeats", "shuffles"])
def memory_world(request: pytest.FixtureRequest) -> MemoryWorld:
    world = MemoryWorld(searches=request.param != "reads forward", moves_keep_ids=request.param == "keeps ids")
    world.mailbox.trouble.repeats = request.param == "repeats"
    world.exact = request.param != "repeats"
    world.mailbox.trouble.shuffles = request.param == "shuffles"
    return world


class TestMemorySource(SourceContract):
    @pytest.fixture
    def world(self, memory_world: MemoryWorld) -> MemoryWorld:
        return memory_world


class TestMemoryCalendar(CalendarContract):
    @pytest.fixture
    def world(self, memory_world: MemoryWorld) -> MemoryWorld:
        return memory_world


class TestMemoryDraftBox(DraftBoxContract):
    @pytest.fixture
    def world(self, memory_world: MemoryWorld) -> MemoryWorld:
        return memory_world
