"""config.toml: where it is found, what it becomes, and that everything wrong in it is said at once."""

from __future__ import annotations

import itertools
import tomllib
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from docs import make_configuration
from syncagent import config
from syncagent.config_keys import KINDS, Keys
from syncagent.errors import ConfigProblems, ExitCode
from syncagent.vocabulary import StoreLevel

ROOT = Path(__file__).resolve().parents[2]

MAILBOX = """
[[mailbox]]
name = "leyla"
manager = "Leyla Əliyeva"
addresses = ["Leyla@Bizim.AZ"]
kind = "files"
path = "mail/leyla"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def loaded(folder: Path, text: str) -> config.Config:
    return config.load(written(folder, text))


def problems(folder: Path, text: str) -> dict[str, str]:
    with pytest.raises(ConfigProblems) as caught:
        loaded(folder, text)
    assert caught.value.exit_code == ExitCode.USAGE
    assert caught.value.cure
    return {problem.where: problem.what for problem in caught.value.problems}


# What it becomes


def test_a_mailbox_alone_is_enough_and_the_rest_has_its_defaults(tmp_path: Path) -> None:
    found = loaded(tmp_path, MAILBOX)
    assert found.file == tmp_path / "config.toml"
    assert found.folder == tmp_path
    assert found.agent.database == f"sqlite:///{(tmp_path / 'syncagent.db').as_posix()}"
    assert found.agent.database_file == tmp_path / "syncagent.db"
    assert found.secrets.store == "file"
    assert found.secrets.key_file == tmp_path / "syncagent.key"
    assert found.rules.folder == tmp_path / "rules"
    assert (found.schedule.report_day, found.schedule.report_time) == ("monday", "08:00")
    (mailbox,) = found.mailboxes
    assert mailbox is found.mailbox("leyla")
    assert found.mailbox("kamran") is None
    assert mailbox.addresses == ("leyla@bizim.az",)
    assert mailbox.path == tmp_path / "mail" / "leyla"
    assert (mailbox.language, mailbox.time_zone, mailbox.store) == ("az", "Asia/Baku", StoreLevel.EXCERPT)
    assert mailbox.history_since is None


def test_a_mailbox_takes_over_from_agent_what_it_leaves_empty(tmp_path: Path) -> None:
    text = '[agent]\nlanguage = "en"\ntime_zone = "Europe/London"\nstore = "body"\n' + MAILBOX
    (mailbox,) = loaded(tmp_path, text).mailboxes
    assert (mailbox.language, mailbox.time_zone, mailbox.store) == ("en", "Europe/London", StoreLevel.BODY)
    own = 'language = "ru"\ntime_zone = "Europe/Moscow"\nstore = "metadata"\nhistory_since = 2025-01-01\n'
    (mailbox,) = loaded(tmp_path, text + own).mailboxes
    assert (mailbox.language, mailbox.time_zone, mailbox.store) == ("ru", "Europe/Moscow", StoreLevel.METADATA)
    assert mailbox.history_since == date(2025, 1, 1)


def test_a_configuration_cannot_be_changed(tmp_path: Path) -> None:
    found = loaded(tmp_path, MAILBOX)
    with pytest.raises(ValidationError):
        found.agent.language = "en"


def test_paths_count_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep").mkdir()
    written(tmp_path / "deep", '[agent]\ndatabase = "sqlite:///data/crm.db"\n[rules]\nfolder = "../own"\n' + MAILBOX)
    found = config.load(Path("deep/config.toml"))
    assert found.agent.database_file == tmp_path / "deep" / "data" / "crm.db"
    assert found.secrets.key_file == tmp_path / "deep" / "data" / "syncagent.key"
    assert found.rules.folder == tmp_path / "deep" / ".." / "own"


def test_absolute_paths_and_the_home_folder_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    text = (
        f"[agent]\ndatabase = 'sqlite:///{(tmp_path / 'crm.db').as_posix()}'\n[secrets]\nkey_file = '~/key'\n" + MAILBOX
    )
    found = loaded(tmp_path, text)
    assert found.agent.database_file == tmp_path / "crm.db"
    assert found.secrets.key_file == tmp_path / "home" / "key"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_a_postgresql_url_gets_its_driver_and_the_key_lies_beside_the_file(tmp_path: Path, scheme: str) -> None:
    found = loaded(tmp_path, f'[agent]\ndatabase = "{scheme}://crm@db:5433/team?sslmode=require"\n' + MAILBOX)
    assert found.agent.database == "postgresql+psycopg://crm@db:5433/team?sslmode=require"
    assert found.agent.database_file is None
    assert found.secrets.key_file == tmp_path / "syncagent.key"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufeff" + MAILBOX).mailboxes


def test_names_may_have_azerbaijani_letters(tmp_path: Path) -> None:
    assert loaded(tmp_path, MAILBOX.replace('"leyla"', '"şəhla.2_bakı"')).mailboxes[0].name == "şəhla.2_bakı"


# Everything wrong, at once


def test_all_problems_are_reported_at_once_each_with_its_place(tmp_path: Path) -> None:
    text = """
[agnet]
language = "en"
[agent]
langauge = "en"
silent_after_days = 3
time_zone = "Asia/Bakku"
store = "all"
[organisation]
domains = ["bizim"]
[schedule]
sync_every_minutes = "5"
report_at = "monday 25:00"
[follow_up]
within_hours = 0
[report]
silent_after_days = true
[secrets]
store = "vault"
[[mailbox]]
name = "leyla"
manager = " "
addresses = ["nobody"]
time_zone = "Asia"
history_since = "2025-13-01"
deliver_report = "yes"
kind = "files"
[[mailbox]]
name = "a/b"
manager = "K"
addresses = []
kind = "files"
path = ""
"""
    found = problems(tmp_path, text)
    assert found == {
        "agnet": "is not a key; did you mean agent?",
        "agent.langauge": "is not a key; did you mean language?",
        "agent.silent_after_days": "is not a key here; it belongs into [report]",
        "agent.time_zone": "is not a time zone: “Asia/Bakku”. Write it as Area/City, like Asia/Baku",
        "agent.store": "must be one of: metadata, excerpt, body",
        "organisation.domains[#1]": "is not a domain: “bizim”. Write what stands after the @, like bizim.az",
        "schedule.sync_every_minutes": "must be a whole number, without quotes",
        "schedule.report_at": "must be a day of the week and a time, like monday 08:00",
        "follow_up.within_hours": "must be at least 1",
        "report.silent_after_days": "must be a whole number, without quotes",
        "secrets.store": "must be one of: file, keyring",
        "mailbox[leyla].manager": "must not be empty",
        "mailbox[leyla].addresses[#1]": "is not an e-mail address: “nobody”",
        "mailbox[leyla].time_zone": "is not a time zone: “Asia”. Write it as Area/City, like Asia/Baku",
        "mailbox[leyla].history_since": "is not a date: “2025-13-01”. Write it like 2026-01-31",
        "mailbox[leyla].deliver_report": "must be true or false, without quotes",
        "mailbox[leyla].path": "is missing",
        "mailbox[a/b].name": "must be a simple name: letters, digits, and - _ . after the first letter, at most 40",
        "mailbox[a/b].addresses": "needs at least one e-mail address",
        "mailbox[a/b].path": "must name a file or folder",
    }


def test_a_mistake_in_agent_is_not_said_again_for_each_mailbox(tmp_path: Path) -> None:
    assert list(problems(tmp_path, '[agent]\ntime_zone = "Nowhere"\nstore = ""\n' + MAILBOX)) == [
        "agent.time_zone",
        "agent.store",
    ]


def test_an_unknown_kind_says_which_exist_and_nothing_else_of_that_mailbox(tmp_path: Path) -> None:
    text = MAILBOX.replace('"files"', '"exchang"') + 'server = "mail.bizim.az"\npassword = "hunter2"\n'
    assert problems(tmp_path, text) == {"mailbox[leyla].kind": f"must be one of these kinds: {', '.join(KINDS)}"}
    assert problems(tmp_path, MAILBOX.replace('"files"', '["files"]')) == {
        "mailbox[leyla].kind": f"must be one of these kinds: {', '.join(KINDS)}"
    }


def test_a_missing_kind_is_missing(tmp_path: Path) -> None:
    assert problems(tmp_path, MAILBOX.replace('kind = "files"', "")) == {"mailbox[leyla].kind": "is missing"}


def test_a_mailbox_without_a_name_is_told_by_its_position(tmp_path: Path) -> None:
    text = MAILBOX + MAILBOX.replace('name = "leyla"', "").replace("Leyla@", "k@").replace("mail/leyla", "mail/k")
    assert problems(tmp_path, text) == {"mailbox[#2].name": "is missing"}


def test_mailboxes_share_no_name_no_address_and_no_folder(tmp_path: Path) -> None:
    text = (
        MAILBOX + MAILBOX.replace('"leyla"', '"LEYLA"').replace('"mail/leyla"', '"mail/../mail/leyla"') + "colour = 1\n"
    )
    assert problems(tmp_path, text) == {
        "mailbox[LEYLA].colour": f"is not a key; there are: {', '.join(KINDS['files'].model_fields)}",
        "mailbox[LEYLA].name": "“LEYLA” is already used by mailbox[leyla]",
        "mailbox[LEYLA].addresses": "“leyla@bizim.az” is already used by mailbox[leyla]",
        "mailbox[LEYLA].path": "“mail/../mail/leyla” is already used by mailbox[leyla]",
    }


def test_the_shape_of_tables_is_explained(tmp_path: Path) -> None:
    assert problems(tmp_path, "agent = 5\n" + MAILBOX) == {"agent": "must be a table: [agent]"}
    assert problems(tmp_path, MAILBOX.replace("[[mailbox]]", "[mailbox]")) == {
        "mailbox": "must be written with two brackets: [[mailbox]]"
    }
    assert "mailbox" in problems(tmp_path, "")
    assert problems(tmp_path, MAILBOX.replace('["Leyla@Bizim.AZ"]', '"leyla@bizim.az"')) == {
        "mailbox[leyla].addresses": 'must be a list: ["…", "…"]'
    }
    assert problems(tmp_path, MAILBOX.replace('"Leyla Əliyeva"', "7")) == {
        "mailbox[leyla].manager": 'must be text in quotes: "…"'
    }
    assert list(problems(tmp_path, 'mailbox = ["leyla"]')) == ["mailbox[#1]"]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hunter2@db/crm",
        "hunter2",
        "postgresql://u:hunter2@db:port/crm",
        "postgresql://u:hunter2@[::1/crm",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///hunter2.db?mode=ro",
    ],
)
def test_a_database_that_cannot_be_used_is_never_shown(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigProblems) as caught:
        loaded(tmp_path, f'[agent]\ndatabase = "{url}"\n' + MAILBOX)
    assert [problem.where for problem in caught.value.problems] == ["agent.database"]
    assert "hunter2" not in caught.value.sentence


def test_a_secret_in_the_wrong_place_is_never_shown(tmp_path: Path) -> None:
    text = (
        'password = "hunter2"\n[agent]\ntoken = "hunter2"\n[secrets]\nstore = "hunter2"\n' + MAILBOX + 'x = "hunter2"\n'
    )
    assert "hunter2" not in repr(problems(tmp_path, text))
    assert "hunter2" not in repr(loaded(tmp_path, '[agent]\ndatabase = "postgresql://u:hunter2@db/x"\n' + MAILBOX))


def test_a_mistake_in_the_syntax_has_its_line(tmp_path: Path) -> None:
    found = problems(tmp_path, '[agent]\nlanguage = "en"\ntime_zone = Asia/Baku\n')
    assert list(found) == ["line 3"]
    assert found["line 3"].startswith("is not valid TOML: ")
    assert list(problems(tmp_path, "[agent]\n\nlanguage =")) == ["line 3"]


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblems, match="there is no such file"):
        config.load(tmp_path / "nothing.toml")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigProblems, match="cannot be read"):
        config.load(tmp_path / "folder")
    (tmp_path / "latin.toml").write_bytes('[agent]\n# "Ә"\n# \xe7'.encode("latin-1", "replace"))
    with pytest.raises(ConfigProblems, match="line 3: is not UTF-8"):
        config.load(tmp_path / "latin.toml")


# Where it is found


def test_the_search_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cwd, home = tmp_path / "work", tmp_path / "home"
    cwd.mkdir()
    home.mkdir()
    monkeypatch.setattr(config.platformdirs, "user_config_path", lambda *_, **__: home)
    with pytest.raises(ConfigProblems) as caught:
        config.find(None, {}, cwd)
    assert "`syncagent init`" in caught.value.cure
    assert "`syncagent demo`" in caught.value.cure
    at_home = written(home, MAILBOX)
    assert config.find(None, {}, cwd) == at_home
    at_work = written(cwd, MAILBOX)
    assert config.find(None, {}, cwd) == at_work
    env = {config.VARIABLE: "other.toml"}
    assert config.find(None, env, cwd) == cwd / "other.toml"
    assert config.find("given.toml", env, cwd) == cwd / "given.toml"
    assert config.find(str(tmp_path / "x.toml"), env, cwd) == tmp_path / "x.toml"
    assert config.find(None, {config.VARIABLE: ""}, cwd) == at_work


# The example and the page


def default_in_toml(model: type[Keys], key: str) -> Any:
    default = model.model_fields[key].default
    if isinstance(default, Enum):
        return default.value
    if isinstance(default, tuple):
        return list(default)
    return str(default) if isinstance(default, Path) else default


def test_the_example_holds_every_key_with_its_default_and_nothing_else() -> None:
    example = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    tables = {name: [model] for name, model in config.SECTIONS.items()} | {"mailbox": list(KINDS.values())}
    assert list(example) == list(tables)
    for name, models in tables.items():
        shown = example[name] if name == "mailbox" else [example[name]]
        assert len(shown) == len(models)
        for table, model in zip(shown, models, strict=True):
            assert list(table) == list(model.model_fields)
            for key, field in model.model_fields.items():
                assert field.description, f"{name}.{key} has no sentence"
                if not field.is_required():
                    assert table[key] == default_in_toml(model, key), f"{name}.{key}"


def test_every_key_of_the_example_has_a_comment_above_it() -> None:
    lines = (ROOT / "config.example.toml").read_text(encoding="utf-8").splitlines()
    for above, line in itertools.pairwise(lines):
        if line and not line.startswith(("#", "[")):
            assert above.startswith("# "), line


def test_the_example_is_a_valid_configuration(tmp_path: Path) -> None:
    found = loaded(tmp_path, (ROOT / "config.example.toml").read_text(encoding="utf-8"))
    assert found.mailboxes[0].name == "leyla"


def test_the_example_and_the_page_are_up_to_date() -> None:
    cure = "run: python docs/make_configuration.py"
    assert make_configuration.EXAMPLE.read_text(encoding="utf-8") == make_configuration.example(), cure
    assert make_configuration.PAGE.read_text(encoding="utf-8") == make_configuration.page(), cure
