"""Fixtures for attacks: an application with generous limits and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from roads import SITE, Roads

from comity.adapters.logs import configure_logs
from comity.app import build_app
from comity.services.context import Context
from comity.services.manage_sites import add_site, set_site
from comity.settings import Settings
from comity.store.engine import open_database
from support.backends import Sqlite
from support.cast import make_context, unlimited
from support.clock import Clock


@pytest.fixture
def attacked(
    settings: Settings, clock: Clock, tmp_path: Path, sqlite_template: Path
) -> Iterator[Context]:
    """A context with the site `blog`, which asks for everything a site can ask for."""
    configure_logs("error")
    database = open_database(Sqlite(tmp_path, sqlite_template).migrated())
    ctx = unlimited(make_context(settings, database, clock))
    add_site(ctx, SITE, "The blog")
    set_site(ctx, SITE, {"website": "optional"})
    yield ctx
    database.engine.dispose()


@pytest.fixture
def roads(attacked: Context) -> Roads:
    """The two ways into that site."""
    return Roads(build_app(attacked), attacked)
