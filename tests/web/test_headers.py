"""Every answer protects itself; which answers there are is read from the URL map."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from comity.app import build_app
from comity.services.context import Context
from support.cast import PAGE, SITE, post, unlimited
from support.clock import Clock
from web.json_api import Api
from web.visits import AS_ALICE, THREAD, Visitor

HTTPS = "https://comments.example.org"
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")

KINDS = {
    "comity.static": "file",
    "comity.thread": "page",
    "comity.create": "page",
    "comity.preview": "page",
    "comity.comment": "page",
    "comity.received": "page",
    "comity.edit": "page",
    "comity.update": "page",
    "comity.preview_edit": "page",
    "comity.delete": "page",
    "comity.destroy": "page",
    "comity.embed": "frame",
    "comity_server.demo": "page",
    "comity_server.healthz": "data",
    "comity_server.readyz": "data",
    "comity_server.security_txt": "data",
    "comity_docs.read": "page",
    "comity_api.create": "api",
    "comity_api.show": "api",
    "comity_api.update": "api",
    "comity_api.delete": "api",
    "comity_api.preview": "api",
    "comity_api.index": "api",
    "comity_api.form": "api",
    "comity_api.counts": "api",
    "comity_api.openapi": "api",
}
"""Endpoint → what it answers. A new one is not in it until somebody has thought about it."""


def directives(response: Response) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    assert len({part[0] for part in parts}) == len(parts)
    return {part[0]: part[1:] for part in parts}


def check(response: Response, *, framed: bool = False, cors: bool = False) -> None:
    """What must be on any answer, whatever it says."""
    headers = response.headers
    policy = directives(response)
    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert "form-action" in policy
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:", "http:"} & {
        source for sources in policy.values() for source in sources
    }
    assert "script-src" not in policy
    assert policy["frame-ancestors"] == (["'self'"] if framed else ["'none'"])
    assert headers.get("X-Frame-Options") == (None if framed else "DENY")
    if response.mimetype == "text/html":
        assert policy["require-trusted-types-for"] == ["'script'"]
        assert policy["trusted-types"] == ["'none'"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    expected = "cross-origin" if framed or cors else "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == expected
    assert "Set-Cookie" not in headers
    assert headers.get("Server") == "Comity", "our name, without a version"
    assert "X-Powered-By" not in headers
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Cache-Control"):
        assert len(headers.getlist(name)) == 1
    if response.data and (response.mimetype or "").startswith("text/"):
        assert "charset=utf-8" in response.content_type


def every_answer(app: Flask, **options: Any) -> Iterator[tuple[Rule, str, Response]]:
    """Ask every address by every method, found or not."""
    client = app.test_client()
    values: dict[str, Any] = {"filename": "comity.css"}
    for rule in app.url_map.iter_rules():
        for comment in (options["comment_id"], "00000000-0000-7000-8000-000000000000"):
            named = {name: values.get(name, comment) for name in rule.arguments}
            path = app.url_map.bind("localhost").build(rule.endpoint, named)
            for query in ("", f"?site={SITE}&page={PAGE}"):
                for method in METHODS:
                    base = options.get("base_url", "http://localhost")
                    with client.open(path + query, method=method, base_url=base) as response:
                        yield rule, method, response


def test_every_route_is_known_here(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(KINDS)


def test_every_answer_of_every_route_is_protected(app: Flask, context: Context) -> None:
    comment = post(context)
    statuses: set[int] = set()
    for rule, method, response in every_answer(app, comment_id=str(comment.id)):
        kind = KINDS[rule.endpoint]
        where = (rule.rule, method, response.status_code)
        statuses.add(response.status_code)
        is_frame = kind == "frame" and response.status_code == 200 and method in {"GET", "HEAD"}
        is_cors = kind == "api" and response.status_code != 405 and method != "OPTIONS"
        try:
            check(response, framed=is_frame, cors=is_cors)
        except (AssertionError, KeyError) as error:
            raise AssertionError(where) from error
        if kind != "file" or response.status_code >= 400:
            assert "no-store" in response.headers["Cache-Control"], where
        assert "Strict-Transport-Security" not in response.headers, where
    assert statuses == {200, 403, 404, 405, 415, 422}


def test_over_https_browsers_are_told_to_stay_there(context: Context) -> None:
    settings = dataclasses.replace(context.settings, public_url=HTTPS)
    app = build_app(dataclasses.replace(unlimited(context), settings=settings))
    comment = post(context)
    for rule, method, response in every_answer(app, comment_id=str(comment.id), base_url=HTTPS):
        value = response.headers["Strict-Transport-Security"]
        assert value == "max-age=63072000; includeSubDomains", (rule.rule, method)


def errors(app: Flask, clock: Clock) -> Iterator[tuple[int, Response]]:
    """One answer of every status that can go wrong, from the pages and from the API."""
    client, api = app.test_client(), Api(app, clock)
    yield 400, client.get("/", headers={"Host": "evil.example"})
    yield 400, client.get("/api/v1/form", headers={"Host": "evil.example"})
    yield 400, api.call("POST", "/preview", b"{")
    yield 403, client.post("/comments", headers={"Sec-Fetch-Site": "cross-site"})
    yield 404, client.get("/nothing")
    yield 404, client.get("/api/v1/nothing")
    yield 404, client.get("/static/comity/../../app.py")
    yield 405, client.put("/comments")
    yield 405, client.put("/api/v1/comments")
    yield 413, client.post("/comments", data={"message": "a" * 300_000})
    yield 413, api.call("POST", "/preview", b" " * 300_000)
    yield 415, client.post("/api/v1/comments", data="x", content_type="text/plain")
    yield 422, client.get(f"{THREAD}&sort=x")
    yield 422, api.call("POST", "/comments", {})
    for _ in range(70):
        response = api.call("POST", "/preview", {"message": "Hello"})
    yield 429, response
    visitor = Visitor(app, clock, address="203.0.113.9")
    form = visitor.get(THREAD).page.form
    for number in range(6):
        answer = visitor.send(form, **{**AS_ALICE, "message": f"x{number}", "name": ""})
    yield 429, answer.response
    for endpoint in (
        "comity.thread",
        "comity_api.index",
        "comity_docs.read",
        "comity_server.healthz",
    ):
        app.view_functions[endpoint] = _broken
    yield 500, client.get(THREAD)
    yield 500, client.get(f"/api/v1{THREAD}")
    yield 500, client.get("/api/docs")
    yield 500, client.get("/healthz")


def _broken() -> str:
    raise ZeroDivisionError


def test_every_kind_of_error_is_protected(context: Context, clock: Clock) -> None:
    seen = set()
    for status, response in errors(build_app(context), clock):
        assert response.status_code == status
        is_cors = response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        check(response, cors=is_cors)
        assert "no-store" in response.headers["Cache-Control"]
        seen.add(status)
    assert seen == {400, 403, 404, 405, 413, 415, 422, 429, 500}


def test_a_file_may_be_kept_and_a_page_may_not(app: Flask) -> None:
    client = app.test_client()
    response = client.get("/static/comity/comity.css")
    assert response.mimetype == "text/css"
    assert "no-store" not in response.headers["Cache-Control"]
    again = client.get(
        "/static/comity/comity.css", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304
    check(again)
    response.close()
    again.close()


@pytest.mark.parametrize("path", [THREAD, "/embed?site=blog&page=/hello", "/api/docs"])
def test_a_page_needs_nothing_that_its_policy_forbids(
    app: Flask, path: str, context: Context
) -> None:
    from web.dom import Page  # noqa: PLC0415 - only here

    post(context)
    page = Page(app.test_client().get(path).text)
    assert not page.root.all("script")
    assert not page.root.all("style")
    for node in page.root:
        assert not {name for name in node.attributes if name.startswith("on") or name == "style"}
        if node.tag in {"link", "img", "form"}:
            address = node.get("href") or node.get("src") or node.get("action") or ""
            assert address.startswith("/")
            assert not address.startswith("//")
