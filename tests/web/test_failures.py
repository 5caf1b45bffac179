"""A mistake of ours: the visitor gets a number, the operator a traceback, nobody a secret."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask

from comity.adapters.logs import configure_logs
from comity.services.context import Context
from support.clock import Clock
from web.json_api import Api
from web.visits import AS_ALICE, THREAD, Visitor

MAIL = AS_ALICE["email"]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The server's own log, as it is configured there."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logs("debug")
    yield written
    structlog.reset_defaults()


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def events(log: io.StringIO, name: str) -> list[dict[str, Any]]:
    return [line for line in lines(log) if line["event"] == name]


def break_database(context: Context, how: str) -> None:
    """Make the next comment fail inside the database, with its words among the parameters."""
    with context.database.engine.begin() as connection:
        if how == "trigger":
            connection.exec_driver_sql(
                "CREATE TRIGGER t BEFORE INSERT ON comity_comment "
                "BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        else:
            connection.exec_driver_sql("DROP TABLE comity_moderation_event")


def test_an_unexpected_error_shows_a_number_and_nothing_else(
    app: Flask, alice: Visitor, log: io.StringIO
) -> None:
    def broken() -> str:
        raise ValueError("SELECT failed in /srv/comity: " + MAIL)

    app.view_functions["comity.thread"] = broken
    answer = alice.get(THREAD)
    assert answer.status == 500
    assert "Something went wrong" in answer.page.text
    incident = answer.page.root.one(css="comity-incident").one("code").text
    assert re.fullmatch("[0-9a-f]{8}", incident)
    for secret in ("SELECT", "ValueError", "Traceback", "/srv", MAIL, "broken"):
        assert secret not in answer.page.html
    (entry,) = events(log, "unexpected_error")
    assert entry["incident"] == incident
    assert entry["level"] == "error"
    assert "broken" in json.dumps(entry["exception"])


def test_each_mistake_has_a_number_of_its_own(app: Flask, alice: Visitor) -> None:
    def broken() -> str:
        raise ZeroDivisionError

    app.view_functions["comity.thread"] = broken
    pages = {alice.get(THREAD).page.text for _ in range(3)}
    assert len(pages) == 3


@pytest.mark.parametrize("how", ["trigger", "table gone"])
@pytest.mark.parametrize("door", ["page", "API"])
def test_a_comment_that_the_database_refuses_leaves_no_word_in_the_log(
    alice: Visitor, api: Api, log: io.StringIO, how: str, door: str
) -> None:
    context = alice.client.application.extensions["comity"].context
    form, body = alice.get(THREAD).page.form, api.body()
    break_database(context, how)
    response = alice.send(form, **AS_ALICE).response if door == "page" else api.send(body)
    assert response.status_code in {500, 503}
    for word in (MAIL, "Alice", "Good morning"):
        assert word not in log.getvalue()
        # A form that could not be stored comes back with its words; nothing else repeats them.
        assert (word in response.text) == (response.status_code == 503 and door == "page")
    assert "INSERT" not in response.text
    assert "sqlite" not in response.text.lower()
    assert [line for line in lines(log) if line["level"] == "error"]


def test_a_comment_that_failed_half_way_is_not_there(
    app: Flask, clock: Clock, context: Context
) -> None:
    alice = Visitor(app, clock)
    form = alice.get(THREAD).page.form
    break_database(context, "table gone")
    assert alice.send(form, **AS_ALICE).status in {500, 503}
    assert not alice.get(THREAD).page.comments


def test_every_request_is_one_line_of_json(app: Flask, log: io.StringIO) -> None:
    client = app.test_client()
    statuses = [
        client.get(path).status_code for path in (THREAD, "/nothing", "/healthz", "/api/v1/form")
    ]
    entries = events(log, "request")
    assert [entry["status"] for entry in entries] == statuses
    assert [entry["route"] for entry in entries] == ["/comments", None, "/healthz", "/api/v1/form"]
    for entry in entries:
        assert set(entry) == {"event", "level", "timestamp", "method", "route", "status", "ms"}
        assert entry["ms"] >= 0
        assert entry["timestamp"].endswith("Z")


HOSTILE = [
    '\r\n{"event": "forged"}',
    "\x1b[2J\x1b]0;owned\x07",
    "%s%n%x{0.__class__}${jndi:ldap://evil.example}",
    "\u2028\u2029\u0085\u202e",
    "alice@example.org",
    "token=WzE3NzIz.secret",
    "\x00",
    "a" * 5_000,
]


def test_nothing_that_a_stranger_sends_reaches_the_log(
    app: Flask, clock: Clock, log: io.StringIO
) -> None:
    client, api = app.test_client(), Api(app, clock)
    asked = 0
    for text in HOSTILE:
        header = text.encode("utf-8").decode("latin-1").translate({10: None, 13: None})
        for options in (
            {"path": f"/{text}"},
            {"path": "/comments", "query_string": {"site": text, "page": f"/{text}", "sort": text}},
            {"path": "/api/v1/comments", "query_string": {text: text}},
            {
                "path": THREAD,
                "headers": {"User-Agent": header, "Referer": header, "Cookie": header},
            },
            {"path": "/", "headers": {"Host": header}},
            {"path": "/comments", "method": "POST", "data": {**AS_ALICE, "message": text}},
            {"path": "/api/v1/comments", "headers": {"Authorization": f"Bearer {header}"}},
        ):
            client.open(**options)
            asked += 1
        api.call("POST", "/preview", {"message": text})
        asked += 1

    written = log.getvalue()
    assert len(events(log, "request")) == asked
    assert {line["event"] for line in lines(log)} == {"request", "refused"}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", written)
    for word in ("forged", "owned", "evil", "alice", "Archer", "secret", "aaaaaaaa", "jndi"):
        assert word not in written


@pytest.mark.parametrize("method", ["GET\r\nX", "FORGED", "ALICE@EXAMPLE.ORG"])
def test_a_method_that_does_not_exist_is_other(app: Flask, log: io.StringIO, method: str) -> None:
    app.test_client().open(THREAD, method=method)
    (entry,) = events(log, "request")
    assert entry["method"] == "other"


def test_posting_logs_ids_and_statuses_only(app: Flask, clock: Clock, log: io.StringIO) -> None:
    alice, api = Visitor(app, clock, address="203.0.113.77"), Api(app, clock)
    alice.write(remember="1")
    posted = api.post()
    alice.write(message="x")
    written = log.getvalue()
    for word in (MAIL, "Alice", "Good morning", "203.0.113", posted["edit_token"], "/hello"):
        assert word not in written
    assert logging.getLogger("werkzeug").handlers == []


def test_every_refusal_is_logged_by_its_rule(app: Flask, clock: Clock, log: io.StringIO) -> None:
    api, client = Api(app, clock), app.test_client()
    api.send(api.body(message="x"))
    api.send(api.body(), seconds=100_000)
    api.send(api.body(), Origin="https://evil.example")
    client.post("/comments", headers={"Sec-Fetch-Site": "cross-site"})
    assert [(entry["code"], entry["status"]) for entry in events(log, "refused")] == [
        ("invalid_comment", 422),
        ("form_expired", 422),
        ("origin_not_allowed", 403),
        ("forbidden", 403),
    ]
