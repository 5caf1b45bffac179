"""The command line: each command does its work, and what goes wrong is one clear line."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest

from comity.cli import cli
from comity.extension import make_context
from comity.services.read_thread import read_thread
from comity.settings import from_mapping
from comity.store.engine import open_database
from support.cast import post
from web.processes import comity, comity_here

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


def comments(instance: Path, *messages: str) -> list[str]:
    """Post under PAGE as Alice, through the service, and return the ids."""
    key = (instance / "instance" / "secret_key").read_text().strip()
    opened = open_database(f"sqlite:///{database(instance)}")
    ctx = make_context(from_mapping({"secret_key": key}), opened)
    ids = [str(post(ctx, message, site="default", page=PAGE).id) for message in messages]
    opened.engine.dispose()
    return ids


def shown(instance: Path) -> list[str]:
    """The ids that readers see under PAGE."""
    opened = open_database(f"sqlite:///{database(instance)}")
    found = read_thread(make_context(from_mapping({"secret_key": KEY}), opened), "default", PAGE)
    opened.engine.dispose()
    return [str(comment.id) for comment in found.comments]


def commands(group: click.Group, *above: str) -> Iterator[tuple[list[str], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield [*above, name], command


def test_as_a_process_it_makes_an_instance_and_refuses_in_one_line(tmp_path: Path) -> None:
    assert well(comity(tmp_path, "init")) == f"Made a new instance in {tmp_path / 'instance'}\n"
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700
    assert well(comity(tmp_path, "site", "list")).startswith("default\n")
    assert "COMITY_TYPO" in refused(comity(tmp_path, "doctor", COMITY_TYPO="1"))
    database(tmp_path).write_bytes(b"not a database " * 400)
    assert "cannot be used" in refused(comity(tmp_path, "site", "list"))


def test_init_makes_an_instance_and_can_be_repeated(tmp_path: Path) -> None:
    assert (
        well(comity_here(tmp_path, "init")) == f"Made a new instance in {tmp_path / 'instance'}\n"
    )
    key = (tmp_path / "instance" / "secret_key").read_bytes()
    assert "Nothing to do" in well(comity_here(tmp_path, "init"))
    assert (tmp_path / "instance" / "secret_key").read_bytes() == key
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "instance").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_init_makes_a_folder_that_is_named(tmp_path: Path) -> None:
    well(comity_here(tmp_path, "init", COMITY_INSTANCE="deep/own"))
    assert (tmp_path / "deep" / "own" / "secret_key").exists()
    assert not (tmp_path / "instance").exists()


def test_a_site_is_added_listed_and_changed(instance: Path) -> None:
    assert "Added blog." in well(comity_here(instance, "site", "add", "blog", "--title", "My blog"))
    said = well(
        comity_here(
            instance,
            "site",
            "set",
            "blog",
            "origins=https://Blog.example.org:443, http://localhost:8000",
            "moderation=hold",
            "edit_window_minutes=0",
        )
    )
    assert said == "Changed blog: origins, moderation, edit_window_minutes\n"
    listed = well(comity_here(instance, "site", "list"))
    assert listed.startswith("blog\n  title = My blog\n")
    assert "  origins = https://blog.example.org, http://localhost:8000\n" in listed
    assert "  moderation = hold\n" in listed
    assert "\ndefault\n" in listed


def test_comments_are_listed_and_decided(instance: Path) -> None:
    ids = comments(instance, "First\x1b[31m line\nsecond line", "Another one")
    assert shown(instance) == ids
    assert well(comity_here(instance, "comment", "list", "default")) == ""
    listed = well(comity_here(instance, "comment", "list", "default", "--status", "approved"))
    assert f"{ids[0]}  {PAGE}  Alice Archer: First" in listed
    assert "\x1b" not in listed

    assert well(comity_here(instance, "comment", "decide", "hold", *ids)) == "hold: 2\n"
    assert shown(instance) == []
    assert (
        well(comity_here(instance, "comment", "list", "default", "--limit", "1")).count("Archer")
        == 1
    )
    for decision, visible in (
        ("approve", True),
        ("reject", False),
        ("approve", True),
        ("spam", False),
    ):
        well(comity_here(instance, "comment", "decide", decision, ids[0], "--reason", "Mo says so"))
        assert shown(instance) == ([ids[0]] if visible else [])
    spam = well(comity_here(instance, "comment", "list", "default", "--status", "spam"))
    assert "    Mo says so\n" in spam
    assert well(comity_here(instance, "comment", "decide", "delete", ids[1])) == "delete: 1\n"
    with closing(sqlite3.connect(database(instance))) as rows:
        deleted = rows.execute(
            "SELECT email, address FROM comity_comment WHERE deleted_at IS NOT NULL"
        ).fetchall()
    assert deleted == [(None, None)]


def test_a_thread_is_closed_and_opened(instance: Path) -> None:
    def is_closed() -> Any:
        with closing(sqlite3.connect(database(instance))) as rows:
            return rows.execute("SELECT closed_at FROM comity_thread").fetchone()[0] is not None

    assert well(comity_here(instance, "thread", "close", "default", PAGE)) == f"Closed {PAGE}\n"
    assert is_closed()
    assert (
        well(comity_here(instance, "thread", "close", "default", PAGE, "--open"))
        == f"Opened {PAGE}\n"
    )
    assert not is_closed()
    assert "no comments for this page" in refused(
        comity_here(instance, "thread", "close", "default", "x")
    )
    assert "no site of this name" in refused(
        comity_here(instance, "thread", "close", "nobody", PAGE)
    )


def test_the_doctor_says_what_is_well_and_what_is_not(instance: Path) -> None:
    assert "FIX" not in well(comity_here(instance, "doctor"))
    (instance / "instance" / "secret_key").chmod(0o644)
    ill = comity_here(instance, "doctor")
    assert ill.returncode == 1
    (line,) = [line for line in ill.stdout.splitlines() if line.startswith("FIX")]
    assert "secret_key can be read by others: chmod go=" in line
    (instance / "instance" / "secret_key").chmod(0o600)
    public = comity_here(instance, "doctor", COMITY_PUBLIC_URL="http://comments.example.org")
    assert public.returncode == 1
    assert "plain http" in public.stdout
    https = well(comity_here(instance, "doctor", COMITY_PUBLIC_URL="https://comments.example.org"))
    assert "__Host- and Secure" in https


def test_the_doctor_changes_nothing(instance: Path) -> None:
    with closing(sqlite3.connect(database(instance))) as rows:
        rows.execute("UPDATE comity_alembic_version SET version_num = '9999'")
        rows.commit()
    before = database(instance).read_bytes()
    ill = comity_here(instance, "doctor")
    assert (ill.returncode, ill.stderr) == (1, "")
    assert "Run 'comity db upgrade'" in ill.stdout
    assert database(instance).read_bytes() == before


def test_the_database_is_brought_up_to_date(instance: Path) -> None:
    comments(instance, "**bold**")
    with closing(sqlite3.connect(database(instance))) as rows:
        rows.execute("UPDATE comity_comment SET html = '', renderer_version = 0")
        rows.commit()
    said = "The database is up to date. Comments rendered again: "
    assert well(comity_here(instance, "db", "upgrade")) == f"{said}1\n"
    assert well(comity_here(instance, "db", "upgrade")) == f"{said}0\n"
    with closing(sqlite3.connect(database(instance))) as rows:
        html = rows.execute("SELECT html FROM comity_comment").fetchone()[0]
    assert html == "<p><strong>bold</strong></p>\n"


@pytest.mark.parametrize("words", [words for words, _ in commands(cli)], ids=" ".join)
def test_the_help_of_every_command_has_an_example(words: list[str], tmp_path: Path) -> None:
    said = well(comity_here(tmp_path, *words, "--help"))
    assert f"comity {' '.join(words)}" in said.partition("Example:")[2]
    assert list(tmp_path.iterdir()) == []
