from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.schema import CreateIndex

from comity.errors import ConfigurationError
from comity.model import Base
from comity.store import schema
from comity.store.engine import Database, open_database
from support.backends import Backend
from support.only import on_postgresql, on_sqlite

Connect = Callable[[str], Database]


def test_the_migrations_make_what_the_model_says(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": schema.VERSION_TABLE,
                "compare_type": True,
                # SQLite cannot give back an index on an expression; see the test of names below.
                "include_object": lambda _object, name, *_: name != "ix_comity_comment_top",
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrated_tables_are_those_of_the_model(backend: Backend, connect: Connect) -> None:
    migrated, modelled = connect(backend.migrated()), connect(backend.empty())
    Base.metadata.create_all(modelled.engine)
    for table in Base.metadata.tables:
        assert _constraints(migrated, table) == _constraints(modelled, table), table


def _constraints(database: Database, table: str) -> tuple[object, ...]:
    inspector = inspect(database.engine)
    return (
        {
            check["name"]: _squeezed(check["sqltext"])
            for check in inspector.get_check_constraints(table)
        },
        {key["name"] for key in inspector.get_foreign_keys(table)},
        {unique["name"] for unique in inspector.get_unique_constraints(table)},
    )


@on_sqlite
def test_sqlite_has_every_index_as_the_model_writes_it(database: Database) -> None:
    dialect = database.engine.dialect
    wanted = {
        _squeezed(str(CreateIndex(index).compile(dialect=dialect)))
        for table in Base.metadata.tables.values()
        for index in table.indexes
    }
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE type = 'index'"))
        found = {_squeezed(sql) for (sql,) in rows if sql}
    assert found == wanted
    assert len(found) == 8


def test_every_table_of_ours_says_so_in_its_name(database: Database) -> None:
    tables = inspect(database.engine).get_table_names()
    assert set(tables) == {*Base.metadata.tables, schema.VERSION_TABLE}
    assert all(table.startswith("comity_") for table in tables)


def test_the_tables_of_a_host_stay_as_they_are(backend: Backend, connect: Connect) -> None:
    url = backend.empty()
    database = connect(url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('the-hosts')"))
    assert schema.upgrade(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "the-hosts"


def test_the_second_upgrade_has_nothing_to_do(backend: Backend, connect: Connect) -> None:
    database = connect(backend.empty())
    assert schema.current(database) is None
    assert schema.upgrade(database)
    assert not schema.upgrade(database)
    assert schema.current(database) == schema.newest()


def test_of_many_threads_upgrading_at_once_one_does_it(backend: Backend, connect: Connect) -> None:
    url = backend.empty()
    databases = [connect(url) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        did = list(pool.map(schema.upgrade, databases))
        assert sorted(did) == [False] * 5 + [True]


def test_two_processes_can_start_on_an_empty_database(backend: Backend, connect: Connect) -> None:
    url = backend.empty()
    upgrade = (
        "import sys; from comity.store import engine, schema;"
        "schema.upgrade(engine.open_database(sys.argv[1]))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", upgrade, url]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    database = connect(url)
    assert schema.current(database) == schema.newest()


def test_a_database_of_a_newer_comity_is_refused_in_one_line(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE comity_alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="written by a newer Comity") as refused:
        schema.upgrade(database)
    assert "\n" not in str(refused.value)


def test_a_failed_migration_leaves_nothing_behind(backend: Backend, connect: Connect) -> None:
    database = connect(backend.empty())
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE comity_post_receipt (id INTEGER)"))
    with pytest.raises(ConfigurationError, match="The database cannot be used"):
        schema.upgrade(database)
    assert inspect(database.engine).get_table_names() == ["comity_post_receipt"]


def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "comity.db"
    path.write_bytes(b"Dear diary, " * 500)
    database = open_database(f"sqlite:///{path}")
    with pytest.raises(ConfigurationError, match="file is not a database") as refused:
        schema.upgrade(database)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == b"Dear diary, " * 500


@on_postgresql
def test_a_server_that_is_away_is_said_in_one_line_without_the_password(connect: Connect) -> None:
    database = connect("postgresql+psycopg://comity:hunter2@/x?host=/nowhere")
    with pytest.raises(ConfigurationError, match="The database cannot be used") as refused:
        schema.upgrade(database)
    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_an_upgrade_needs_no_file_of_the_working_folder(
    backend: Backend, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = backend.empty()
    monkeypatch.chdir(tmp_path)
    database = connect(url)
    assert schema.upgrade(database)


def _squeezed(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()
