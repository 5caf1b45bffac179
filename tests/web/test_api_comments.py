"""The JSON API: what each operation does when all is well, and who may do it."""

from __future__ import annotations

from typing import Any

import pytest

from comity.services.close_thread import close_thread
from comity.services.context import Context
from support.cast import PAGE, SITE, post, unlimited
from web.json_api import Api

AUTHOR = {"name": "Seán", "surname": "O'Brien"}


def bearer(posted: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {posted['edit_token']}"}


def path(posted: dict[str, Any]) -> str:
    return f"/comments/{posted['comment']['id']}"


def test_the_form_says_all_that_a_client_needs(api: Api) -> None:
    form = api.form()
    assert set(form) == {"token", "honeypot", "expires_at", "fields", "is_closed"}
    assert form["is_closed"] is False
    assert {
        one["name"]: (one["presence"], one["min_length"], one["max_length"])
        for one in form["fields"]
    } == {
        "name": ("required", 1, 50),
        "surname": ("required", 1, 50),
        "email": ("required", 3, 254),
        "website": ("hidden", 0, 200),
        "message": ("required", 2, 10_000),
    }


def test_a_comment_is_posted_and_read_back_as_it_was_typed(api: Api) -> None:
    response = api.send(
        api.body(**AUTHOR, message="Tom & Jerry <3 **bold**", email="a&b@example.org")
    )

    assert response.status_code == 201
    posted = response.json
    assert response.headers["Location"] == f"/api/v1{path(posted)}"
    comment = posted["comment"]
    assert comment["author"] == AUTHOR
    assert comment["html"] == "<p>Tom &amp; Jerry &lt;3 <strong>bold</strong></p>\n"
    assert comment["status"] == "approved"
    assert api.get(path(posted)).json == comment
    assert api.thread()["comments"] == [comment]
    assert api.client.get(comment["url"]).status_code == 200


def test_a_reply_is_nested_beneath_what_it_answers(api: Api) -> None:
    first = api.post(message="One")
    second = api.post(message="Two", parent_id=first["comment"]["id"])

    (top,) = api.thread()["comments"]
    assert top["reply_count"] == 1
    assert [reply["id"] for reply in top["replies"]] == [second["comment"]["id"]]
    assert second["comment"]["parent_id"] == top["id"]
    assert api.thread()["comment_count"] == 2


def test_a_page_nobody_has_written_under_is_an_empty_thread(api: Api) -> None:
    assert api.thread(page="/new") == {
        "site": SITE,
        "page": "/new",
        "sort": "oldest",
        "comment_count": 0,
        "is_closed": False,
        "comments": [],
        "next_cursor": None,
    }


@pytest.mark.parametrize("sort", ["oldest", "newest", "top"])
def test_a_cursor_leads_through_the_whole_thread(api: Api, context: Context, sort: str) -> None:
    roomy = unlimited(context)
    ids = {str(post(roomy, f"Number {number}").id) for number in range(7)}
    seen: list[str] = []
    cursor = ""
    while True:
        shown = api.thread(f"&sort={sort}&limit=3{cursor}")
        seen += [comment["id"] for comment in shown["comments"]]
        if shown["next_cursor"] is None:
            break
        cursor = f"&cursor={shown['next_cursor']}"
    assert len(seen) == 7
    assert set(seen) == ids
    assert (seen == sorted(seen)) == (sort != "newest")


def test_a_reply_whose_parent_is_on_an_earlier_page_says_whom_it_answers(
    api: Api, context: Context
) -> None:
    roomy = unlimited(context)
    parent = post(roomy, "First")
    reply = post(roomy, "Second", parent=parent)
    cursor = api.thread("&limit=1")["next_cursor"]
    (shown,) = api.thread(f"&cursor={cursor}")["comments"]
    assert shown["id"] == str(reply.id)
    assert shown["in_reply_to"] == {"id": str(parent.id), "name": "Alice Archer"}


def test_the_same_idempotency_key_posts_once(api: Api) -> None:
    key = {"Idempotency_Key": "0192-retry-me"}
    first = api.send(api.body(), **key)
    again = api.send(api.body(), **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["comment"]["id"] == again.json["comment"]["id"]
    other = api.send(api.body(message="Something else"), **key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert api.thread()["comment_count"] == 1


@pytest.mark.parametrize("key", ["short", "a" * 201, "with space", "uml\xe4uten", ""])
def test_an_odd_idempotency_key_is_refused_by_name(api: Api, key: str) -> None:
    response = api.send(api.body(), Idempotency_Key=key)
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["Idempotency-Key"]


def test_an_expired_form_brings_a_fresh_one_that_posts_the_same_body(api: Api) -> None:
    body = api.body()
    response = api.send(body, seconds=100_000)
    assert (response.status_code, response.json["code"]) == (422, "form_expired")
    fresh = response.json["form"]
    assert api.send(api.body(fresh)).status_code == 201


def test_a_used_form_brings_a_fresh_one_for_other_words(api: Api) -> None:
    form = api.form()
    assert api.send(api.body(form)).json["comment"] == api.send(api.body(form)).json["comment"]
    response = api.send(api.body(form, message="Other words"))
    assert (response.status_code, response.json["code"]) == (422, "form_replayed")
    assert api.send(api.body(response.json["form"], message="Other words")).status_code == 201
    assert api.thread()["comment_count"] == 2


def test_a_form_of_another_page_does_not_post_here(api: Api) -> None:
    response = api.send(api.body(api.form(page="/other")))
    assert (response.status_code, response.json["code"]) == (422, "form_expired")


def test_a_closed_thread_takes_no_comment(api: Api, context: Context) -> None:
    body = api.body()
    close_thread(context, SITE, PAGE)
    response = api.send(body)
    assert (response.status_code, response.json["code"]) == (403, "thread_closed")
    assert api.form()["is_closed"] is api.thread()["is_closed"] is True


def test_preview_shows_and_stores_nothing(api: Api) -> None:
    response = api.call("POST", "/preview", {"message": "**b** <i>"})
    assert response.json == {"html": "<p><strong>b</strong> &lt;i&gt;</p>\n"}
    assert api.call("POST", "/preview", {"message": " "}).status_code == 422


def test_counts_are_given_for_every_page_asked(api: Api) -> None:
    api.post()
    pages = [PAGE, "/empty", "no page", "//x", "/a\u0000b", PAGE]
    response = api.call("POST", "/counts", {"site": SITE, "pages": pages})
    counts = {PAGE: 1, "/empty": 0, "no page": 0, "//x": 0, "/a\u0000b": 0}
    assert response.json == {"site": SITE, "counts": counts}


@pytest.mark.parametrize("pages", [[], ["/x"] * 101, "/x", [1], None, [["/x"]]])
def test_one_to_a_hundred_pages_can_be_counted_at_once(api: Api, pages: object) -> None:
    response = api.call("POST", "/counts", {"site": SITE, "pages": pages})
    assert response.status_code == 422
    assert response.json["errors"][0]["field"] == "pages"
