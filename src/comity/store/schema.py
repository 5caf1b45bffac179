"""The database's own version: bring it up to ours, refuse one that is newer."""

from __future__ import annotations

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from comity.errors import ConfigurationError

from .engine import Database

VERSION_TABLE: Final = "comity_alembic_version"


def upgrade(database: Database) -> bool:
    """Bring the tables up to this version in one transaction; True if anything changed.

    Can be repeated safely, also by several processes at once: on SQLite the
    write lock, on PostgreSQL an advisory lock lets one of them do it.

    Raises:
        ConfigurationError: a newer Comity has written this database, or it cannot be read.
    """
    try:
        with database.writing_connection() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(715510)")
            if current_of(connection) == newest():
                return False
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return True
    except CommandError as error:
        raise ConfigurationError(
            "This database was written by a newer Comity. Install that version again, "
            "or restore a backup made before the change."
        ) from error
    except DatabaseError as error:
        reason = str(error.orig).splitlines()[0] if error.orig else "no reason was given"
        raise ConfigurationError(f"The database cannot be used: {reason}.") from error


def newest() -> str | None:
    """Return the newest revision this version knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current(database: Database) -> str | None:
    """Return the revision of the database, or None where it has no tables of ours."""
    with database.engine.connect() as connection:
        return current_of(connection)


def current_of(connection: Connection) -> str | None:
    """Return the revision that an open connection sees."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "comity:migrations")
    config.set_main_option("path_separator", "os")
    return config
