"""The suites for a mailbox on disk, in each of its layouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.calendar_suite import CalendarContract
from tests.contract.draft_box_suite import DraftBoxContract
from tests.contract.files_world import EmlWorld, FilesWorld, MaildirWorld, MboxWorld
from tests.contract.source_suite import SourceContract


@pytest.fixture(params=[MaildirWorld, MboxWorld, EmlWorld])
def files_world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilesWorld:
    made: FilesWorld = request.param(tmp_path / "mailbox", monkeypatch)
    return made


class TestFilesSource(SourceContract):
    @pytest.fixture
    def world(self, files_world: FilesWorld) -> FilesWorld:
        return files_world


class TestFilesCalendar(CalendarContract):
    @pytest.fixture
    def world(self, files_world: FilesWorld) -> FilesWorld:
        return files_world


class TestFilesDraftBox(DraftBoxContract):
    @pytest.fixture
    def world(self, files_world: FilesWorld) -> FilesWorld:
        return files_world
