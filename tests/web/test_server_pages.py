"""What a server of its own answers besides comments: only for its own hosts."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from comity.app import build_app
from comity.services.context import Context
from comity.services.manage_sites import add_site
from comity.store.engine import open_database
from support.backends import Sqlite
from support.cast import make_context, unlimited
from support.clock import Clock
from web.visits import THREAD, Visitor

BAD_HOSTS = [
    "evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "localhost@evil.example",
    "evil.example#localhost",
    "evil.example/localhost",
    "localhost, evil.example",
    "localhost evil.example",
    "loca\tlhost",
    "127.0.0.1.evil.example",
    "[::1",
    "",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_a_host_that_is_not_ours_is_refused_and_not_repeated(app: Flask, host: str) -> None:
    client = app.test_client()
    for path in ("/", THREAD, "/nothing", "/api/v1/form", "/static/comity/comity.css", "/healthz"):
        response = client.get(path, headers={"Host": host})
        assert response.status_code == 400
        shown = f"{response.headers} {response.text}"
        assert "evil" not in shown
        assert "script>" not in shown
        assert "We could not understand this request." in shown


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080"])
def test_the_loopback_has_three_names(app: Flask, host: str) -> None:
    assert app.test_client().get("/healthz", headers={"Host": host}).status_code == 200


def test_the_operator_names_other_hosts(context: Context) -> None:
    settings = dataclasses.replace(
        context.settings,
        public_url="https://comments.example.org",
        trusted_hosts=("internal.example",),
    )
    client = build_app(dataclasses.replace(context, settings=settings)).test_client()
    for host, status in (
        ("comments.example.org", 200),
        ("internal.example", 200),
        ("localhost", 400),
        ("sub.comments.example.org", 400),
    ):
        assert client.get("/healthz", headers={"Host": host}).status_code == status


def test_security_txt_has_its_two_fields_and_does_not_expire(
    app: Flask, context: Context, clock: Clock
) -> None:
    for passed in (0, 400):
        clock.advance(days=passed)
        response = app.test_client().get("/.well-known/security.txt")
        assert response.content_type == "text/plain; charset=utf-8"
        fields = dict(line.split(": ", 1) for line in response.text.splitlines())
        assert fields["Contact"] == context.settings.public_url
        expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert timedelta(days=30) < expires - clock() < timedelta(days=365)
        assert fields["Canonical"].endswith("/.well-known/security.txt")


def test_security_txt_names_the_contact_that_the_operator_chose(context: Context) -> None:
    settings = dataclasses.replace(context.settings, security_contact="mailto:mo@example.org")
    app = build_app(dataclasses.replace(context, settings=settings))
    assert (
        "Contact: mailto:mo@example.org\n"
        in app.test_client().get("/.well-known/security.txt").text
    )


def test_healthy_and_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").text == "ok\n"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.text) == (
        200,
        "database: ok\nrate limits: this process only\n",
    )


def _gone(context: Context, clock: Clock, tmp_path: Path) -> Flask:
    path = tmp_path / "gone.db"
    database = open_database(f"sqlite:///{path}")
    path.unlink()
    path.mkdir()
    return build_app(make_context(context.settings, database, clock))


def test_without_a_database_it_is_alive_but_not_ready(
    context: Context, clock: Clock, tmp_path: Path
) -> None:
    client = _gone(context, clock, tmp_path).test_client()
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, ready.text) == (503, "database: unavailable\n")
    for path in (THREAD, f"/api/v1{THREAD}"):
        response = client.get(path)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"
        assert str(tmp_path) not in response.text


def test_an_older_database_is_not_ready(context: Context, clock: Clock, backend: Sqlite) -> None:
    app = build_app(make_context(context.settings, open_database(backend.empty()), clock))
    assert app.test_client().get("/readyz").status_code == 503


def test_a_comment_sent_while_the_database_is_away_is_not_acknowledged(
    alice: Visitor, context: Context, clock: Clock, tmp_path: Path
) -> None:
    form = alice.get(THREAD).page.form
    away = Visitor(_gone(context, clock, tmp_path), clock)
    answer = away.send(form, name="Alice", message="Not lost, I hope")
    assert answer.status == 503
    assert "Retry-After" in answer.response.headers


def test_the_front_page_is_a_demo_that_takes_comments(alice: Visitor, context: Context) -> None:
    assert alice.get("/").status == 404  # this server has no site `default`
    add_site(context, "default", "Comity")
    page = alice.get("/").page
    assert "Try the form: it is the real one." in page.text
    answer = alice.write("/", message="It works")
    assert answer.status == 303
    assert "It works" in alice.get("/").page.text


def test_the_demo_comes_back_as_a_page_after_a_mistake(alice: Visitor, context: Context) -> None:
    add_site(unlimited(context), "default", "Comity")
    answer = alice.write("/", message="x")
    assert answer.status == 422
    assert answer.page.form.fields["page"] == "/demo"
