"""The real application on SQLite, a browser and a program that use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from comity.app import build_app
from comity.services.context import Context
from support.backends import Sqlite
from support.cast import unlimited
from support.clock import Clock
from web.json_api import Api
from web.visits import Visitor


@pytest.fixture
def backend(tmp_path: Path, sqlite_template: Path) -> Sqlite:
    """SQLite alone; a module that is about the database defines it anew."""
    return Sqlite(tmp_path, sqlite_template)


@pytest.fixture
def app(context: Context) -> Flask:
    """The server's application, with rate limits that no test reaches by accident."""
    return build_app(unlimited(context))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def alice(app: Flask, clock: Clock) -> Visitor:
    return Visitor(app, clock)


@pytest.fixture
def bob(app: Flask, clock: Clock) -> Visitor:
    return Visitor(app, clock, address="198.51.100.1")


@pytest.fixture
def api(app: Flask, clock: Clock) -> Api:
    return Api(app, clock)
