"""What goes wrong on the command line is one clear line and exit status 2."""

from __future__ import annotations

import sqlite3
import subprocess
import uuid
from contextlib import closing
from pathlib import Path

import pytest

from web.processes import comity_here

KEY = "Zq3vT8xLr1NfYb6KdWm0HsJc5PgUa9EoRi7Xt2Vy4Bn"
PAGE = "/posts/hello"


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """A folder in which `comity init` has run."""
    done = comity_here(tmp_path, "init")
    assert done.returncode == 0, done.stderr
    return tmp_path


def database(instance: Path) -> Path:
    return instance / "instance" / "comity.sqlite3"


def well(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Whatever goes wrong: one line, exit status 2, no traceback."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    assert done.stderr.startswith("comity: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "--port", "1"],
        ["db", "upgrade"],
        ["site", "list"],
        ["site", "add", "blog"],
        ["comment", "list", "default"],
        ["doctor"],
    ],
)
def test_a_mistyped_folder_does_not_become_an_empty_server(
    tmp_path: Path, words: list[str]
) -> None:
    said = refused(comity_here(tmp_path, *words, COMITY_INSTANCE="mistyped"))
    assert "There is no secret key" in said
    assert "comity init" in said
    assert not (tmp_path / "mistyped").exists()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"COMITY_SECRET_KEY": "short"}, "COMITY_SECRET_KEY is too weak"),
        ({"COMITY_SECRET_KEY": "changeme" * 6}, "COMITY_SECRET_KEY is too weak"),
        ({"COMITY_SECRET_KEY": KEY, "COMITY_SECRET_KEY_FALLBACKS": "a"}, "too weak"),
        ({"COMITY_SECRET_KET": KEY}, "Unknown setting COMITY_SECRET_KET in the environment"),
        ({"COMITY_PUBLIC_URL": "comments.example.org"}, "COMITY_PUBLIC_URL cannot be used"),
        ({"COMITY_LOG_LEVEL": "loud"}, "it must be debug, info, warning or error"),
        ({"COMITY_POSTS_PER_MINUTE": "0"}, "COMITY_POSTS_PER_MINUTE cannot be used"),
        ({"COMITY_TRUSTED_PROXIES": "10.0.0.0/99"}, "COMITY_TRUSTED_PROXIES cannot be used"),
        ({"COMITY_DATABASE_URL": "nonsense", "COMITY_SECRET_KEY": KEY}, "COMITY_DATABASE_URL"),
        (
            {"COMITY_DATABASE_URL": "postgresql+psycopg://u:hunter22@127.0.0.1:1/x"}
            | {"COMITY_SECRET_KEY": KEY},
            "The database cannot be used",
        ),
        ({"COMITY_VALKEY_URL": "gopher://u:hunter22@x"}, "COMITY_VALKEY_URL cannot be used"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    said = refused(comity_here(tmp_path, "serve", **settings))
    assert words in said
    for secret in ("changeme", "hunter22", KEY):
        assert secret not in said


def test_a_file_of_settings_with_a_mistake_is_named(instance: Path) -> None:
    toml = instance / "instance" / "comity.toml"
    for text, words in (
        ("COMITY_TYPO = 1", "Unknown setting COMITY_TYPO"),
        ("posts_per_minute = 1", "Unknown setting posts_per_minute"),
        ("not toml", "comity.toml cannot be read"),
        ("COMITY_TRUSTED_HOSTS = 7", "COMITY_TRUSTED_HOSTS cannot be used"),
    ):
        toml.write_text(text)
        assert words in refused(comity_here(instance, "site", "list"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refused(comity_here(tmp_path, "init", COMITY_INSTANCE="file/instance"))
    assert "file/instance" in said
    (tmp_path / "instance").write_text("")
    assert "instance" in refused(comity_here(tmp_path, "serve"))


def test_a_key_that_cannot_be_read_is_named(instance: Path) -> None:
    key = instance / "instance" / "secret_key"
    key.write_bytes(b"\xff\xfe")
    assert "secret_key cannot be read" in refused(comity_here(instance, "site", "list"))
    key.unlink()
    key.mkdir()
    assert "secret_key cannot be read" in refused(comity_here(instance, "site", "list"))


def test_a_database_of_a_newer_comity_is_left_alone(instance: Path) -> None:
    with closing(sqlite3.connect(database(instance))) as rows:
        rows.execute("UPDATE comity_alembic_version SET version_num = '9999'")
        rows.commit()
    for words in (["serve", "--port", "1"], ["db", "upgrade"], ["site", "list"]):
        assert "written by a newer Comity" in refused(comity_here(instance, *words))


@pytest.mark.parametrize(
    "content", [b"not a database " * 400, b"SQLite format 3\0" + b"\xff" * 4096]
)
def test_a_broken_database_is_one_clear_line(instance: Path, content: bytes) -> None:
    path = database(instance)
    path.write_bytes(content)
    for words in (["serve", "--port", "1"], ["site", "list"]):
        assert "The database cannot be used" in refused(comity_here(instance, *words))
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "default"], "There is a site called default already."),
        (["add", "My Blog"], "A site's key has 1 to 63"),
        (["add", "-x"], "No such option"),
        (["add", "x", "--title", "a\x1b[31m"], "A title has 1 to 200 printable characters."),
        (["set", "nobody", "title=x"], "There is no site of this name here."),
        (["set", "default", "title"], "is not NAME=VALUE"),
        (["set", "default", "colour=red"], "A site has no setting colour. It has: title,"),
        (["set", "default", "id=7"], "A site has no setting id."),
        (["set", "default", "origins=https://x.example/path"], "without a path"),
        (["set", "default", "origins=*"], "an origin looks like"),
        (["set", "default", "origins=null"], "an origin looks like"),
        (["set", "default", "origins=https://x:99999"], "origins: "),
        (["set", "default", "origins=http://["], "origins: "),
        (["set", "default", "moderation=never"], "it is one of publish, hold"),
        (["set", "default", "surname=maybe"], "it is one of required, optional, hidden"),
        (["set", "default", "edit_window_minutes=1441"], "minutes are 0 to 1440"),
        (["set", "default", "edit_window_minutes=-1"], "minutes are 0 to 1440"),
        (["set", "default", "language=klingonese"], "a language looks like"),
        (["set", "default", "page_prefixes=posts"], "a page prefix begins with a slash"),
        (["set", "default"], "Missing argument"),
    ],
)
def test_a_bad_value_for_a_site_is_one_clear_line(
    instance: Path, words: list[str], said: str
) -> None:
    before = well(comity_here(instance, "site", "list"))
    done = comity_here(instance, "site", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert well(comity_here(instance, "site", "list")) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "nobody"], "There is no site of this name here."),
        (["list", "default", "--status", "lost"], "is not one of"),
        (["list", "default", "--limit", "0"], "is not in the range"),
        (["decide", "approve", str(uuid.UUID(int=7))], "There is nothing at this address."),
        (["decide", "approve", "7"], "is not a valid UUID"),
        (["decide", "praise", str(uuid.UUID(int=7))], "is not one of"),
        (["decide", "approve"], "Missing argument"),
    ],
)
def test_a_wrong_decision_is_one_clear_line(instance: Path, words: list[str], said: str) -> None:
    done = comity_here(instance, "comment", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_that_does_not_exist_is_one_that_does_not_exist(tmp_path: Path) -> None:
    done = comity_here(tmp_path, "sevre")
    assert (done.returncode, "No such command 'sevre'" in done.stderr) == (2, True)
    assert comity_here(tmp_path).returncode == 2
    assert well(comity_here(tmp_path, "--version")).startswith("comity, version ")
    assert list(tmp_path.iterdir()) == []
