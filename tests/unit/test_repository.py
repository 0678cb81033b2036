"""What lies in the repository: no trace of a machine, no unexplained exception to a rule, no dead link."""

from __future__ import annotations

import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, missing


def whole(text: str) -> str:
    """Takes out the dots that keep this file from finding itself."""
    return text.replace("·", "")


MACHINE_PATH = re.compile(whole(r"(?<![\w.])/(?:wo·rk|fa·rm|ro·ot)(?:/|\b(?=[\"'`\s]|$))"))
REGISTRY_HOST = re.compile(whole(r"py·pi\.org|python·hosted|registry\.np·m|deb·\.debian"))
OPEN_END = re.compile(whole(r"\b(?:TO·DO|FIX·ME)\b(?! #\d)"))
REASON = r"[\s:#-]+(?P<reason>\S+ \S+.*)$"
NOQA = re.compile(r"#\s*noqa(?P<codes>:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?(?:" + REASON + ")?")
TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore(?P<codes>\[[a-z-]+(?:\s*,\s*[a-z-]+)*\])?(?:" + REASON + ")?")
LINK = re.compile(r"(?<!!)!?\[[^\]]*\]\(<?(?P<target>[^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)|`[^`\n]*`", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def files() -> dict[Path, str]:
    """Every text file of the repository, tracked or new, by its path relative to the root."""
    # safe.directory: in CI the checkout may belong to another user than the one who runs the tests.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        missing(f"git does not list the files of this checkout: {problem}")
    texts = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in content:
            texts[Path(name)] = content.decode("utf-8", errors="replace")
    return texts


def lines_matching(pattern: re.Pattern[str], files: dict[Path, str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def unexplained(source: str) -> Iterator[int]:
    """The lines on which a rule of ruff or mypy is set aside without a code or without a reason."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        for pattern in (NOQA, TYPE_IGNORE):
            match = pattern.search(token.string)
            if match and not (match["codes"] and match["reason"]):
                yield token.start[0]


def dead_links(page: Path, text: str) -> Iterator[str]:
    """Relative links of a Markdown page that lead nowhere."""
    for match in LINK.finditer(CODE.sub("", text)):
        target = match["target"].partition("#")[0]
        if target and not re.match(r"[a-z][a-z0-9+.-]*:", target) and not (page.parent / target).exists():
            yield match["target"]


def test_no_path_of_a_machine(files: dict[Path, str]) -> None:
    assert lines_matching(MACHINE_PATH, files) == []


def test_no_registry_host(files: dict[Path, str]) -> None:
    assert lines_matching(REGISTRY_HOST, files) == []


def test_every_open_end_names_its_issue(files: dict[Path, str]) -> None:
    assert lines_matching(OPEN_END, files) == []


def test_every_exception_to_a_rule_has_a_code_and_a_reason(files: dict[Path, str]) -> None:
    found = [f"{path}:{line}" for path, text in files.items() if path.suffix == ".py" for line in unexplained(text)]
    assert found == []


def test_every_relative_link_leads_somewhere(files: dict[Path, str]) -> None:
    pages = {path: text for path, text in files.items() if path.suffix == ".md"}
    found = [f"{path}: {target}" for path, text in pages.items() for target in dead_links(ROOT / path, text)]
    assert found == []


@pytest.mark.parametrize("line", ["see /wo·rk/main", "HOME=/ro·ot", '"/fa·rm/x"', "file:///wo·rk/x"])
def test_a_path_of_a_machine_is_found(line: str) -> None:
    assert MACHINE_PATH.search(whole(line))


@pytest.mark.parametrize("line", ["follow_up/wo·rk/", "/wo·rks", "a wo·rk/life balance", "https://example.com/ro·ots"])
def test_a_harmless_line_is_no_path(line: str) -> None:
    assert not MACHINE_PATH.search(whole(line))


@pytest.mark.parametrize("host", ["py·pi.org", "files.python·hosted.org", "registry.np·mjs.org", "deb·.debian.org"])
def test_a_registry_host_is_found(host: str) -> None:
    assert REGISTRY_HOST.search(whole(f"https://{host}/simple"))


@pytest.mark.parametrize(
    ("comment", "explained"),
    [
        ("# no·qa", False),
        ("# no·qa: BLE001", False),
        ("# no·qa the plug-in may raise anything", False),
        ("# no·qa: BLE001 - the plug-in may raise anything", True),
        ("# no·qa: BLE001, T201  # the plug-in may raise anything", True),
        ("# type: ig·nore", False),
        ("# type: ig·nore[arg-type]", False),
        ("# type: ig·nore  # the stub is wrong", False),
        ("# type: ig·nore[arg-type, misc]  # the stub is wrong", True),
    ],
)
def test_an_unexplained_exception_is_found(comment: str, explained: bool) -> None:
    assert list(unexplained(whole(f"x = 1  {comment}\n"))) == ([] if explained else [1])


def test_an_open_end_is_found() -> None:
    assert OPEN_END.search(whole("# TO·DO: later"))
    assert not OPEN_END.search(whole("# TO·DO #12: later"))


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# There\n", encoding="utf-8")
    text = "[a](there.md#top) [b](gone.md) [c](https://example.com) [d](#here) ![e](gone.png) `[f](code.md)`\n"
    text += "```\n[g](fenced.md)\n```\n"
    assert list(dead_links(tmp_path / "page.md", text)) == ["gone.md", "gone.png"]
