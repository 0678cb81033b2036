"""Which files in a tree are mailboxes."""

from __future__ import annotations

from pathlib import Path

from connectors.files.folders import survey


def test_the_marker_file_of_a_maildir_subfolder_is_no_mailbox(tmp_path: Path) -> None:
    for part in ("cur", "new", ".Sent/cur", ".Sent/new"):
        (tmp_path / part).mkdir(parents=True)
    (tmp_path / ".Sent" / "maildirfolder").touch()
    found = survey(tmp_path, lambda: None)
    assert sorted(folder.stream.name for folder in found.folders.values()) == ["INBOX", "Sent"]
