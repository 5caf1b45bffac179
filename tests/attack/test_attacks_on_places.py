from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from page_reader import PageReader
from payloads import PAYLOADS
from roads import FORM_TYPE, GOOD, SITE, Roads, arrives, query, urlencoded
from sqlalchemy import text as sql
from test_attacks_in_fields import ALL_AT_ONCE, ONE_AT_A_TIME, strings

from comity.services.places import is_page

pytest_plugins = ("attack_fixtures",)

OWN = "own"
COLLECTIONS = pytest.mark.parametrize(
    "name",
    [OWN]
    + [pytest.param(name, marks=pytest.mark.corpora) for name in (*ONE_AT_A_TIME, *ALL_AT_ONCE)],
)


@COLLECTIONS
def test_a_string_for_a_site_or_a_page_is_a_page_or_nothing(roads: Roads, name: str) -> None:
    for one in some(name):
        is_fine = is_page(arrives(one))
        for path in ("/embed", "/api/v1/comments"):
            answer = roads.ask("GET", path, query_string=query(site=SITE, page=one))
            assert answer.status_code in ({200} if is_fine else {404, 422}), one
            assert answer.mimetype != "text/html" or PageReader(answer.text).strange == []
        answer = roads.ask("GET", "/comments", query_string=query(site=one, page="/x"))
        assert answer.status_code == 404, one


@COLLECTIONS
def test_a_comment_is_only_stored_under_a_page_that_is_one(roads: Roads, name: str) -> None:
    for one in some(name):
        token = roads.form_token(one)
        sent = {"site": SITE, "page": one, **GOOD, **token}
        answer = roads.ask("POST", "/comments", data=urlencoded(sent), content_type=FORM_TYPE)
        if is_page(arrives(one)):
            assert answer.status_code == 303, one
        else:
            assert answer.status_code in {404, 413, 422}, one
    with roads.ctx.database.reading() as session:
        pages = session.execute(sql("SELECT page FROM comity_thread")).scalars().all()
    assert all(map(is_page, pages))


@COLLECTIONS
def test_a_string_is_no_parent_no_cursor_and_no_key(roads: Roads, name: str) -> None:
    token = roads.form_token("/here")
    for one in some(name):
        if not one:
            continue
        sent = {"site": SITE, "page": "/here", **GOOD, **token}
        parent = urlencoded({**sent, "parent": one})
        answer = roads.ask("POST", "/comments", data=parent, content_type=FORM_TYPE)
        assert answer.status_code in {404, 413}, one
        answer = roads.ask(
            "POST",
            "/api/v1/comments",
            data=json.dumps({**sent, "parent_id": one}),
            content_type="application/json",
        )
        assert answer.status_code in {404, 413, 422}, one
        place = query(site=SITE, page="/here", cursor=one)
        assert roads.ask("GET", "/api/v1/comments", query_string=place).status_code == 422, one
        path = f"/comments/{quote(arrives(one), safe='')}"
        assert roads.ask("GET", path[:4000]).status_code in {308, 400, 404}, one


@pytest.mark.parametrize(
    "header", ["Origin", "Idempotency-Key", "Authorization", "X-Forwarded-For", "Referer", "Cookie"]
)
def test_a_string_in_a_header_is_never_an_error_of_ours(roads: Roads, header: str) -> None:
    for one in PAYLOADS.values():
        value = "".join(character for character in one if " " <= character <= "~")[:4000]
        for path in ("/comments", "/api/v1/comments"):
            place = query(site=SITE, page="/here")
            answer = roads.ask("GET", path, query_string=place, headers={header: value})
            assert answer.status_code == 200, value
        answer = roads.ask(
            "POST",
            "/api/v1/comments",
            headers={header: value},
            json={"site": SITE, "page": "/here", **GOOD, **roads.form_token("/here")},
        )
        assert answer.status_code in {201, 403, 422}, value


def some(name: str) -> Iterator[str]:
    yield from PAYLOADS.values() if name == OWN else strings(name)
