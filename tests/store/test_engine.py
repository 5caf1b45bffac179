from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from comity.errors import ConfigurationError, UnavailableError
from comity.store import engine as store_engine
from comity.store import schema, sites
from comity.store.engine import Database, open_database
from support.backends import Backend
from support.only import on_sqlite

Connect = Callable[[str], Database]


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("busy_timeout", store_engine.BUSY_TIMEOUT_MS),
        ("trusted_schema", 0),
    ],
)
def test_every_connection_is_durable_and_strict(
    database: Database, pragma: str, value: object
) -> None:
    with database.engine.connect() as one, database.engine.connect() as another:
        for connection in (one, another):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


@on_sqlite
def test_the_files_are_readable_by_their_owner_only(backend: Backend, connect: Connect) -> None:
    url = backend.empty()
    before = os.umask(0)
    try:
        database = connect(url)
        schema.upgrade(database)
        with database.engine.connect():
            path = Path(url.removeprefix("sqlite:///"))
            files = sorted(path.parent.glob(path.name + "*"))
            assert [file.name[len(path.name) :] for file in files] == ["", "-shm", "-wal"]
            for file in files:
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    finally:
        os.umask(before)


@pytest.mark.parametrize("where", ["missing/comity.db", "a-file/comity.db", "a-folder"])
def test_a_file_that_cannot_be_opened_is_a_clear_error(tmp_path: Path, where: str) -> None:
    (tmp_path / "a-file").touch()
    (tmp_path / "a-folder").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be opened for writing") as refused:
        open_database(f"sqlite:///{tmp_path / where}")
    assert "Make its folder writable" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_folder_that_is_not_ours_to_write_is_a_clear_error() -> None:
    # Even root cannot make a file there.
    with pytest.raises(ConfigurationError, match="cannot be opened for writing"):
        open_database("sqlite:////sys/comity.db")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://comity:hunter2@db/comity",
        "postgresql+nodriver://comity:hunter2@db/comity",
        "postgresql+psycopg://comity:hunter2@db:port/comity",
        "nosuchdatabase://comity:hunter2@db/comity",
    ],
)
def test_an_address_that_we_cannot_use_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="COMITY_DATABASE_URL") as refused:
        open_database(url)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused_for_it_would_lose_every_comment(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="must name a file"):
        open_database(url)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_engine_of_a_host_keeps_its_own_pragmas(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    Database(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    engine.dispose()


def test_what_a_reader_writes_is_lost(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("DELETE FROM comity_site"))
        session.execute(_SITE, {"key": "ghost"})
    with database.reading() as session:
        assert sites.find(session, "ghost") is None


def test_a_writer_that_fails_writes_nothing(database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), database.writing() as session:
        session.execute(_SITE, {"key": "ghost"})
        raise ZeroDivisionError
    with database.reading() as session:
        assert sites.find(session, "ghost") is None


@on_sqlite
def test_a_second_writer_waits_and_both_succeed(database: Database) -> None:
    began = threading.Event()

    def write() -> None:
        began.set()
        with database.writing() as session:
            session.execute(_SITE, {"key": "second"})

    other = threading.Thread(target=write)
    with database.writing() as session:
        # A read first: with a plain BEGIN both would read, and one of them fail with SQLITE_BUSY.
        assert sites.all_sites(session) == []
        other.start()
        assert began.wait(timeout=10)
        session.execute(_SITE, {"key": "first"})
        assert [site.key for site in sites.all_sites(session)] == ["first"]
    other.join(timeout=10)
    with database.reading() as session:
        assert [site.key for site in sites.all_sites(session)] == ["first", "second"]


@on_sqlite
def test_a_reader_is_not_held_up_by_a_writer(database: Database) -> None:
    with database.writing() as writer:
        writer.execute(_SITE, {"key": "blog"})
        with database.reading() as reader:
            assert sites.find(reader, "blog") is None


@on_sqlite
def test_a_database_that_stays_busy_is_unavailable_not_a_bug(
    backend: Backend, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_engine, "BUSY_TIMEOUT_MS", 1)
    database = connect(backend.migrated())
    with database.writing() as first:
        first.execute(_SITE, {"key": "first"})
        with pytest.raises(UnavailableError), database.writing() as second:
            second.execute(_SITE, {"key": "second"})


def test_a_pool_without_a_free_connection_is_unavailable_not_a_bug(backend: Backend) -> None:
    engine = create_engine(backend.migrated(), pool_size=1, max_overflow=0, pool_timeout=0.01)
    database = Database(engine)
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(UnavailableError), database.reading() as another:
            another.execute(text("SELECT 1"))
    engine.dispose()


_SITE = text(
    "INSERT INTO comity_site (key, title, language, origins, page_prefixes, surname, email, "
    "website, moderation, edit_window_minutes, created_at) VALUES (:key, 'T', 'en', '[]', '[]', "
    "'required', 'required', 'hidden', 'publish', 15, '2026-03-01 12:00:00')"
)
