"""Every error of the API is problem details (RFC 9457), and says nothing of our insides."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from flask import Flask

from comity.app import build_app
from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import PAGE, SITE, post, unlimited
from support.clock import Clock
from web.json_api import Api

NOBODY = "00000000-0000-7000-8000-000000000000"
THREAD = f"/comments?site={SITE}&page={PAGE}"


def check(response: Any, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    body = response.json
    assert set(body) <= {"type", "title", "status", "detail", "code", "errors", "incident", "form"}
    assert (body["type"], body["status"], body["code"]) == ("about:blank", status, code)
    assert body["title"]
    assert body["detail"].endswith(".")
    assert not {"Traceback", "sqlite", "SELECT", "comity.", "/src/"} & set(body["detail"].split())


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/comments", 422, "invalid_comment"),
        ("GET", f"/comments?site=nobody&page={PAGE}", 404, "not_found"),
        ("GET", f"/comments?site={SITE}&page=hello", 404, "not_found"),
        ("GET", f"/comments?site={SITE}&page=//hello", 404, "not_found"),
        ("GET", f"/comments?site={SITE}&page=/{'a' * 512}", 404, "not_found"),
        ("GET", f"{THREAD}&sort=best", 422, "invalid"),
        ("GET", f"{THREAD}&nonsense=1", 422, "invalid_comment"),
        ("GET", f"{THREAD}&page=/other", 422, "invalid_comment"),
        ("GET", f"/form?site={SITE}", 422, "invalid_comment"),
        ("GET", f"/form?site={SITE}&page=hello", 404, "not_found"),
        ("GET", f"/comments/{NOBODY}", 404, "not_found"),
        ("GET", f"/comments/{NOBODY}?x=1", 422, "invalid_comment"),
        ("GET", "/comments/7", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("PATCH", f"/comments/{NOBODY}", 404, "not_found"),
        ("DELETE", f"/comments/{NOBODY}", 404, "not_found"),
        ("DELETE", "/comments", 405, "method_not_allowed"),
        ("GET", "/preview", 405, "method_not_allowed"),
        ("TRACE", "/comments", 405, "method_not_allowed"),
        ("POST", "/comments", 415, "unsupported_media_type"),
        ("POST", "/preview?x=1", 422, "invalid_comment"),
    ],
)
def test_each_status_is_problem_details(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    response = api.call(method, path)
    code = {"invalid": response.json["code"]}.get(code, code)
    check(response, status, code)
    if status == 405:
        assert response.headers["Allow"]


def test_every_wrong_parameter_is_named(api: Api) -> None:
    response = api.get(f"{THREAD}&b=1&a=2&a=3&limit=1&limit=2")
    assert [(error["field"], error["code"]) for error in response.json["errors"]] == [
        ("b", "unknown"),
        ("a", "unknown"),
        ("limit", "duplicate"),
    ]


@pytest.mark.parametrize("limit", ["0", "101", "x", "", "-1", "1.0", "１", "00000", "1e1", " 5"])
def test_a_limit_out_of_bounds_is_refused_by_name(api: Api, limit: str) -> None:
    response = api.get(f"{THREAD}&limit={limit}")
    assert response.status_code == 422
    (error,) = response.json["errors"]
    assert (error["field"], error["limit"]) == ("limit", 100)


@pytest.mark.parametrize("limit", ["1", "100", "050"])
def test_a_limit_in_bounds_is_taken(api: Api, limit: str) -> None:
    api.thread(f"&limit={limit}")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "W10",
        "bnVsbA",
        "WzEsMiwzLDRd",
        "e30",
        "ä",
        "%00",
        "%F0%9F%98%80",
        "A" * 5_000,
        "-_-_",
        "==",
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(api: Api, cursor: str) -> None:
    response = api.get(f"{THREAD}&cursor={cursor}")
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["cursor"]


@pytest.mark.parametrize("score", [2**31, -(2**31), 1.5, True, "1", None, [1]])
def test_a_cursor_with_an_impossible_score_is_refused(api: Api, score: object) -> None:
    facts = ["top", "0" * 32, "0" * 32, score]
    cursor = base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")
    assert api.get(f"{THREAD}&sort=top&cursor={cursor}").status_code == 422


def test_a_cursor_of_another_order_or_thread_shows_nothing_that_is_not_there(
    api: Api, context: Context
) -> None:
    roomy = unlimited(context)
    for number in range(3):
        post(roomy, f"Number {number}")
        post(roomy, f"Secret {number}", page="/other")
    cursor = api.thread("&limit=1")["next_cursor"]
    assert api.get(f"{THREAD}&sort=newest&cursor={cursor}").status_code == 422
    foreign = api.thread("&limit=1", page="/other")["next_cursor"]
    shown = api.get(f"{THREAD}&cursor={foreign}")
    assert shown.status_code == 200
    assert "Secret" not in shown.text


@pytest.mark.parametrize("parent", ["x", NOBODY, "{" + NOBODY + "}", "7" * 300, ""])
def test_a_parent_that_is_not_here_is_not_found(api: Api, parent: str) -> None:
    check(api.send(api.body(parent_id=parent)), 404, "not_found")
    assert api.thread()["comment_count"] == 0


def test_a_parent_on_another_page_or_waiting_is_not_found(api: Api, context: Context) -> None:
    elsewhere = post(context, "Elsewhere", page="/other")
    waiting = post(context, "Waiting", form_seconds=0.1)
    for parent in (elsewhere, waiting):
        check(api.send(api.body(parent_id=str(parent.id))), 404, "not_found")


def test_a_site_that_allows_some_pages_has_no_others(api: Api, context: Context) -> None:
    set_site(context, SITE, {"page_prefixes": "/posts/"})
    api.thread(page="/posts/1")
    check(api.get(THREAD), 404, "not_found")
    check(api.get(f"/form?site={SITE}&page={PAGE}"), 404, "not_found")


def test_too_much_at_once_is_429_that_says_when(context: Context, clock: Clock) -> None:
    api = Api(build_app(context), clock)
    for number in range(5):
        api.post(message=f"Number {number}")
    response = api.send(api.body())
    check(response, 429, "rate_limited")
    assert "detail" in response.json


def test_a_mistake_of_ours_is_500_with_a_number(app: Flask, clock: Clock) -> None:
    def broken() -> str:
        raise ValueError("SELECT secret FROM /srv/comity.db")

    app.view_functions["comity_api.index"] = broken
    response = Api(app, clock).get(THREAD)
    check(response, 500, "internal_error")
    assert len(response.json["incident"]) == 8
    assert response.json["incident"] in response.json["detail"]
    assert "secret" not in response.text


def test_a_path_outside_the_version_is_problem_details_too(app: Flask) -> None:
    for path in ("/api/nothing", "/api/v2/comments", "/api/v1/"):
        check(app.test_client().get(path), 404, "not_found")
