"""Fixtures for every floor, and the rules that hold for every test.

- `context`: services' whole world on a migrated database with the site `blog`; `blog` is that site.
- `database`: the same database alone; `settings`, `clock`: what `context` is made of.
- `backend` makes further databases, `connect` opens them. A test that asks for any of these runs
  on SQLite and on PostgreSQL; `@on_sqlite` or `@on_postgresql` (`support.only`) leaves it to one.

No test reaches the network: sockets are closed but for AF_UNIX. A test that starts a server says
`@pytest.mark.allow_hosts(["127.0.0.1"])`. Under CI a skipped test is a failed test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from comity.model import Site
from comity.services.context import Context
from comity.services.manage_sites import add_site
from comity.settings import Settings, from_mapping
from comity.store import sites
from comity.store.engine import Database, open_database
from support.backends import Backend, Postgresql, Sqlite, migrate, postgresql_server
from support.cast import SITE, make_context
from support.clock import Clock

SECRET_KEY = "Zq3vT8xLr1NfYb6KdWm0HsJc5PgUa9EoRi7Xt2Vy4Bn"

IS_CI = bool(os.environ.get("CI"))
MAY_BE_ABSENT = "COMITY_CORPORA"
"""A skip that says this is allowed under CI: the attack strings are not ours to hand out."""

hypothesis_settings.register_profile("local", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.load_profile("ci" if IS_CI else "local")


@pytest.fixture
def clock() -> Clock:
    """Stands still at 2026-03-01 12:00 UTC; `clock.advance(minutes=5)` or `clock.now = …`."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The product's defaults, with a key made up for tests."""
    return from_mapping({"secret_key": SECRET_KEY, "instance": tmp_path / "instance"})


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "comity.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """The one PostgreSQL server of this run, shared by xdist's workers."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    with postgresql_server(run) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    """Makes databases: `backend.migrated()` and `backend.empty()` return URLs of new ones."""
    if request.param == "sqlite":
        yield Sqlite(tmp_path, request.getfixturevalue("sqlite_template"))
        return
    server: Postgresql = request.getfixturevalue("postgresql")
    yield server
    server.drop()


@pytest.fixture
def connect(backend: Backend) -> Iterator[Callable[[str], Database]]:  # noqa: ARG001 - it drops
    """Open the database at a URL, as another process would: `connect(backend.empty())`."""
    opened: list[Database] = []

    def open_one(url: str) -> Database:
        opened.append(open_database(url))
        return opened[-1]

    yield open_one
    for database in opened:
        database.engine.dispose()


@pytest.fixture
def database(backend: Backend, connect: Callable[[str], Database]) -> Database:
    """A migrated database without any rows."""
    return connect(backend.migrated())


@pytest.fixture
def context(settings: Settings, database: Database, clock: Clock) -> Context:
    """Everything a service needs, with the product's limits, and the site `blog`."""
    made = make_context(settings, database, clock)
    add_site(made, SITE, "The blog")
    return made


@pytest.fixture
def blog(context: Context) -> Site:
    """The site of `context`."""
    with context.database.reading() as session:
        return sites.get(session, SITE)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Close the network before pytest-socket reads its options."""
    config.option.disable_socket = True
    config.option.allow_unix_socket = True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,  # noqa: ARG001 - pytest passes by name
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI fail what was skipped: a test that never runs proves nothing."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and not _may_be_skipped(call):
        report.outcome = "failed"
        report.longrepr = f"Skipped under CI: {_reason(call)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that skips itself."""
    report = yield
    reason = str(report.longrepr)
    if report.skipped and IS_CI and MAY_BE_ABSENT not in reason:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} skipped under CI: {reason}"
    return report


def _may_be_skipped(call: pytest.CallInfo[None]) -> bool:
    return not IS_CI or MAY_BE_ABSENT in _reason(call)


def _reason(call: pytest.CallInfo[None]) -> str:
    return str(call.excinfo.value) if call.excinfo else ""
