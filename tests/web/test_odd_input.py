"""No parameter, however odd, is a mistake of ours: on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from support.backends import Backend, Sqlite
from support.cast import PAGE, SITE
from web.json_api import Api
from web.visits import AS_ALICE, THREAD, Visitor

ODD = [
    "\x00",
    "/\x00",
    "/hello\x00world",
    "\x1b[31m",
    "\r\nSet-Cookie: a=b",
    "/\u202egnp.exe",
    "\ufeff",
    "\ufdd0",
    "/\U0010ffff",
    "😀" * 200,
    "'",
    "' OR 1=1 --",
    '"; DROP TABLE comity_comment; --',
    "%",
    "%00",
    "%s%n{0}{{7*7}}${7*7}",
    "\\",
    "../../etc/passwd",
    "//evil.example",
    "/\\evil.example",
    "-1",
    "9" * 400,
    "a" * 20_000,
    "<script>alert(1)</script>",
    "[]",
    "null",
]
RAW = ["%ff", "%ed%a0%80", "%c0%af", "%", "%zz", "%00", "%f4%90%80%80", "+"]


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Backend]:
    """Both, unlike elsewhere in this folder: PostgreSQL refuses some strings that SQLite takes."""
    if request.param == "sqlite":
        yield Sqlite(tmp_path, sqlite_template)
        return
    server = request.getfixturevalue("postgresql")
    yield server
    server.drop()


def paths(app: Flask) -> Iterator[str]:
    """Every GET address without parameters, from the URL map."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.arguments:
            yield rule.rule


def test_no_query_parameter_is_our_mistake(app: Flask) -> None:
    client = app.test_client()
    written = [quote(value, safe="") for value in ODD] + RAW
    for path in paths(app):
        usual = {"site": SITE, "page": quote(PAGE)}
        for name in ("site", "page", "sort", "cursor", "limit", "id", "view"):
            for value in written:
                query = "&".join(f"{one}={two}" for one, two in {**usual, name: value}.items())
                response = client.get(f"{path}?{query}")
                assert response.status_code < 500, (path, name, value)
                assert "evil.example" not in response.headers.get("Location", "")


def test_no_path_is_our_mistake(app: Flask) -> None:
    client = app.test_client()
    for value in [quote(value) for value in ODD] + RAW:
        for path in (
            f"/{value}",
            f"/comments/{value}",
            f"/static/comity/{value}",
            f"/api/v1/{value}",
        ):
            response = client.get(path)
            assert response.status_code in {200, 308, 400, 404, 405}, path
            assert "root:" not in response.text


def test_no_form_field_is_our_mistake(alice: Visitor) -> None:
    usual = {**alice.get(THREAD).page.form.fields, **AS_ALICE}
    alice.clock.advance(seconds=30)
    for act in ("/comments", "/comments/preview"):
        for name in [*usual, "parent", "remember", "view", "website"]:
            for value in ODD[:-5]:
                answer = alice.post(act, {**usual, name: value})
                assert answer.status < 500, (act, name, value)


def test_no_key_of_a_body_is_our_mistake(api: Api) -> None:
    form = api.form()
    for name in (*AS_ALICE, "site", "page", "form_token", "parent_id", "website"):
        for value in ODD:
            response = api.send(api.body(form) | {name: value})
            assert response.status_code in {201, 202, 404, 422}, (name, value)
    for value in ODD:
        for path, body in (
            ("/counts", {"site": SITE, "pages": [value]}),
            ("/counts", {"site": value, "pages": ["/x"]}),
            ("/preview", {"message": value}),
        ):
            assert api.call("POST", path, body).status_code in {200, 404, 422}, (path, value)


def test_what_is_stored_is_the_same_on_both(alice: Visitor) -> None:
    answer = alice.write(name="O'\x00Brien\x1b", message="a\x00b \U0010ffff 😀\r\nc")
    shown = alice.get(answer.location).page.comments[0]
    assert shown.one("strong", css="comity-author").text == "O'Brien Archer"
    assert shown.one(css="comity-message").text.split() == ["ab", "\U0010ffff", "😀", "c"] or (
        shown.one(css="comity-message").text.split() == ["ab", "😀", "c"]
    )
