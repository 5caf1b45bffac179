"""The database: engines, and the two ways into it, reading and writing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from comity.errors import ConfigurationError, UnavailableError

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a SQLite connection waits for the single writer before it gives up."""

_WRITES: Final = "comity_writes"


class Database:
    """An engine with a reading and a writing door.

    On SQLite a writing transaction begins with `BEGIN IMMEDIATE`: it takes the
    one write lock at once and waits for it, instead of failing half-way when
    two readers both want to become writers (SQLITE_BUSY).
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for queries; what it writes is lost.

        Raises:
            UnavailableError: the database cannot be reached or is too busy.
        """
        with _translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session in one transaction: all of it happens, or nothing.

        Raises:
            UnavailableError: as for reading, or the disk is full; nothing was written.
        """
        with (
            _translated(),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def writing_connection(self) -> Iterator[Connection]:
        """Yield a connection in one writing transaction, for migrations; errors pass unchanged."""
        with self._writer.connect() as connection, connection.begin():
            yield connection


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise UnavailableError from error


def open_database(url: str) -> Database:
    """Return the database at `url` (`sqlite:///…` or `postgresql+psycopg://…`).

    A SQLite file is made with mode 0600 where there is none: it holds e-mail
    addresses (CWE-732).

    Raises:
        ConfigurationError: the address is not one we can use, or its folder is not ours to write.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise ConfigurationError(
                    "COMITY_DATABASE_URL must name a file: sqlite:////path/to/file"
                )
            _make_private_file(Path(parsed.database))
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    except (ArgumentError, ValueError, NoSuchModuleError, ModuleNotFoundError) as error:
        # The address may hold a password: it is not repeated.
        raise ConfigurationError(
            "COMITY_DATABASE_URL is not an address we can use. Write sqlite:////path/to/file or "
            "postgresql+psycopg://user:password@host/name (pip install 'comity[postgresql]')."
        ) from error
    if engine.dialect.name not in {"sqlite", "postgresql"}:
        raise ConfigurationError("COMITY_DATABASE_URL must be SQLite or PostgreSQL.")
    prepare(engine)
    return Database(engine)


def prepare(engine: Engine) -> None:
    """Give a SQLite engine durable, concurrent settings; leave others as they are.

    Registers listeners on this engine only. Not for a host's engine: its
    settings are the host's.
    """
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: an acknowledged comment survives a power cut. NORMAL would lose the last ones.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA trusted_schema = OFF")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_private_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise ConfigurationError(
            f"The database file {path} cannot be opened for writing: {error.strerror}. "
            "Make its folder writable, or name another with COMITY_DATABASE_URL."
        ) from error
