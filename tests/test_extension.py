"""Five lines mount Comity in a Flask application, and nothing of that application changes."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask, Response, abort, render_template_string, session
from sqlalchemy import create_engine, inspect
from werkzeug.test import TestResponse

from comity.extension import Comity
from comity.web.state import state

HOST_KEY = "kT4vQz8nWc1LxRb7Jm0YsHd6PgUf9AeOi3Xr5Vt2"
OTHER_KEY = "Bq9XwLs3ZmNv6KdTy1HrJc8PgUa0EfRi5Gt7Vb2Mn4"
HOST_ROUTES = (
    "/",
    "/broken",
    "/nothing",
    "/login",
    "/headers",
    "/static/site.css",
    "/sorted?sort=x",
)


@pytest.fixture
def make_host(tmp_path: Path) -> Callable[..., Flask]:
    """Make applications that look like somebody's own, with everything that Comity could upset."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "site.css").write_text("p { color: red }")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "layout.html").write_text("The host's own layout")
    (tmp_path / "templates" / "section.html").write_text("The host's own section")

    def make(name: str = "host", **config: Any) -> Flask:
        app = Flask(name, root_path=str(tmp_path), instance_path=str(tmp_path / name))
        app.config.update(SECRET_KEY=HOST_KEY, SESSION_COOKIE_NAME="hosts", **config)
        _routes(app)
        return app

    return make


def _routes(app: Flask) -> None:
    @app.get("/")
    def front() -> str:
        return render_template_string("{% include 'layout.html' %} & {% include 'section.html' %}")

    @app.get("/broken")
    def broken() -> str:
        raise KeyError("the host's own mistake")

    @app.get("/login")
    def login() -> str:
        session["user"] = "mo"
        return "Hello"

    @app.get("/headers")
    def headers() -> Response:
        return Response("x", headers={"X-Frame-Options": "SAMEORIGIN", "Cache-Control": "public"})

    @app.get("/sorted")
    def sorted_() -> str:
        abort(418)

    @app.before_request
    def before() -> None:
        app.extensions.setdefault("seen", []).append("before")

    @app.after_request
    def after(response: Response) -> Response:
        response.headers["X-Host"] = "yes"
        return response

    @app.errorhandler(404)
    def not_found(_error: Exception) -> tuple[str, int]:
        return "The host's own 404", 404

    @app.errorhandler(KeyError)
    def key_error(_error: Exception) -> tuple[str, int]:
        return "The host's own 500", 500


def everything(app: Flask, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
    response: TestResponse = app.test_client().get(path)
    # The signature of the host's cookie holds the second of its making.
    headers = [
        (name, value.split(".")[0] if name == "Set-Cookie" else value)
        for name, value in response.headers
        if name != "Date"
    ]
    found = response.status_code, headers, response.data
    response.close()
    return found


def error_handlers(app: Flask) -> dict[int | None, Any]:
    """Those for the whole application, of which a blueprint's are none."""
    return {code: dict(found) for code, found in app.error_handler_spec[None].items() if found}


def test_five_lines_are_enough(tmp_path: Path) -> None:
    app = Flask("five", instance_path=str(tmp_path / "five"))
    app.config["SECRET_KEY"] = HOST_KEY
    Comity(app)
    client = app.test_client()
    assert client.get("/comity/comments?site=default&page=/hello").status_code == 200
    assert client.get("/comity/api/v1/comments?site=default&page=/hello").status_code == 200
    assert client.get("/comity/api/docs").status_code == 200
    assert client.get("/comments?site=default&page=/hello").status_code == 404
    assert (tmp_path / "five" / "comity.sqlite3").stat().st_mode & 0o777 == 0o600


def test_nothing_of_the_host_changes(make_host: Callable[..., Flask]) -> None:
    bare, mounted = make_host("bare"), make_host("mounted")
    config, handlers = dict(mounted.config), error_handlers(mounted)
    Comity(mounted)
    for path in HOST_ROUTES:
        assert everything(mounted, path) == everything(bare, path)
    assert dict(mounted.config) == config
    assert error_handlers(mounted) == handlers
    assert mounted.session_interface.__class__ is bare.session_interface.__class__
    assert set(mounted.jinja_env.globals) - set(bare.jinja_env.globals) == {"comity_comments"}
    assert set(mounted.jinja_env.filters) == set(bare.jinja_env.filters)
    for table in ("before_request_funcs", "after_request_funcs", "teardown_request_funcs"):
        assert len(getattr(mounted, table)[None]) == len(getattr(bare, table)[None])
    assert mounted.before_request_funcs[None][0].__name__ == "before"


def test_the_hosts_hooks_see_our_requests_and_its_session_is_left_alone(
    make_host: Callable[..., Flask],
) -> None:
    app = make_host()
    Comity(app)
    client = app.test_client()
    client.get("/login")
    before = client.get_cookie("hosts")
    response = client.get("/comity/comments?site=default&page=/hello")
    assert response.headers["X-Host"] == "yes"
    assert "Set-Cookie" not in response.headers
    assert client.get_cookie("hosts") == before
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_an_error_of_ours_is_ours_and_an_address_of_nobody_is_the_hosts(
    make_host: Callable[..., Flask],
) -> None:
    app = make_host()
    Comity(app)
    client = app.test_client()
    assert "Nothing here" in client.get("/comity/comments?site=nobody&page=/x").text
    assert client.get("/comity/nothing").text == "The host's own 404"


def test_two_prefixes_and_none(make_host: Callable[..., Flask]) -> None:
    comity = Comity()
    for name, prefix in (("one", "/talk/here"), ("two", "")):
        app = make_host(name)
        comity.init_app(app, url_prefix=prefix)
        page = app.test_client().get(f"{prefix}/comments?site=default&page=/hello").text
        assert f'action="{prefix}/comments"' in page
        assert f'href="{prefix}/static/comity/comity.css"' in page


def test_the_hosts_own_engine_gets_our_tables_beside_its_own(
    make_host: Callable[..., Flask], tmp_path: Path
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE comment (id INTEGER, words TEXT)")
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('hosts')")
    app = make_host()
    Comity(app, engine=engine)

    assert app.test_client().get("/comity/comments?site=default&page=/hello").status_code == 200
    names = set(inspect(engine).get_table_names())
    assert {name for name in names if not name.startswith("comity_")} == {
        "comment",
        "alembic_version",
    }
    assert "comity_comment" in names
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT * FROM alembic_version").scalar() == "hosts"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
    engine.dispose()
    assert not (tmp_path / "host" / "comity.sqlite3").exists()


def test_in_a_host_a_mistake_of_ours_goes_to_its_log_without_anybodys_words(
    make_host: Callable[..., Flask], capfd: pytest.CaptureFixture[str]
) -> None:
    assert not structlog.is_configured()
    app = make_host()
    Comity(app)
    with app.app_context():
        engine = state().context.database.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE comity_thread")
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    try:
        response = app.test_client().get("/comity/comments?site=default&page=/private-page")
    finally:
        logging.getLogger().removeHandler(handler)
    assert response.status_code == 503
    assert "unavailable" in written.getvalue()
    assert "Traceback" in written.getvalue()
    assert "private-page" not in written.getvalue()
    assert capfd.readouterr().out == ""
