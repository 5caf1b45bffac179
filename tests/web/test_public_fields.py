"""What a public answer holds: the listed fields, and never an e-mail address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import PAGE, SITE, post, unlimited
from support.clock import Clock
from web.json_api import Api
from web.visits import EMBED, THREAD, Visitor

COMMENT = {
    "id",
    "parent_id",
    "status",
    "author",
    "html",
    "created_at",
    "edited_at",
    "is_deleted",
    "reply_count",
    "url",
    "replies",
}
AUTHOR = {"name", "surname"}
MAIL = "very.private+tag@mailbox.example"


def check_comment(comment: dict[str, Any], *more: str) -> None:
    assert set(comment) == COMMENT | set(more)
    assert set(comment["author"]) == AUTHOR
    for reply in comment["replies"]:
        check_comment(reply)


def test_an_answer_has_these_keys_and_no_others(api: Api, context: Context) -> None:
    posted = api.post()
    api.post(parent_id=posted["comment"]["id"])
    assert set(posted) == {"comment", "edit_token", "editable_until"}
    check_comment(posted["comment"])

    thread = api.thread()
    assert set(thread) == {
        "site",
        "page",
        "sort",
        "comment_count",
        "is_closed",
        "comments",
        "next_cursor",
    }
    for comment in thread["comments"]:
        check_comment(comment)
    path = f"/comments/{posted['comment']['id']}"
    check_comment(api.get(path).json)
    own = api.get(path, Authorization=f"Bearer {posted['edit_token']}").json
    assert set(own) == {"comment", "message"}
    check_comment(own["comment"])

    set_site(context, SITE, {"website": "optional"})
    with_website = api.post(website="https://alice.example/")["comment"]
    assert with_website["author"] == {
        "name": "Alice",
        "surname": "Archer",
        "website": "https://alice.example/",
    }


def test_the_reply_of_a_parent_elsewhere_names_id_and_author_alone(
    api: Api, context: Context
) -> None:
    roomy = unlimited(context)
    post(roomy, "Reply", parent=post(roomy, "First"))
    cursor = api.thread("&limit=1")["next_cursor"]
    (shown,) = api.thread(f"&cursor={cursor}")["comments"]
    check_comment(shown, "in_reply_to")
    assert set(shown["in_reply_to"]) == {"id", "name"}


def _every_answer(app: Flask, visitor: Visitor, api: Api) -> Iterator[tuple[str, str]]:
    """Post with the private address in every way, and yield what anybody can read after it."""
    form = visitor.write(email=MAIL, message="Written here", remember="1")
    posted = api.post(email=MAIL, message="Written by API")
    yield "API, posted", json.dumps(posted)
    bearer = {"Authorization": f"Bearer {posted['edit_token']}"}
    ids = [form.comment_id, posted["comment"]["id"]]
    stranger = app.test_client()
    values: dict[str, Any] = {"filename": "comity.css"}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()):
            continue
        for comment_id in ids if "comment_id" in rule.arguments else ids[:1]:
            named = {name: values.get(name, comment_id) for name in rule.arguments}
            path = app.url_map.bind("localhost").build(rule.endpoint, named)
            with stranger.get(f"{path}?site={SITE}&page={PAGE}&id={comment_id}") as response:
                yield f"GET {path}", f"{response.headers} {response.get_data(as_text=True)}"
    path = f"/comments/{posted['comment']['id']}"
    yield "API, own", api.get(path, **bearer).text
    yield "API, changed", api.call("PATCH", path, {"message": "Changed"}, **bearer).text
    yield "API, counts", api.call("POST", "/counts", {"site": SITE, "pages": [PAGE]}).text
    yield "API, deleted", api.call("DELETE", path, **bearer).text
    at = f"/comments/{form.comment_id}"
    yield "Edit", visitor.get(f"{at}/edit").page.html
    yield "Delete", visitor.get(f"{at}/delete").page.html


def test_an_email_address_never_appears_in_any_answer(app: Flask, alice: Visitor, api: Api) -> None:
    seen = 0
    for what, answer in _every_answer(app, alice, api):
        assert MAIL not in answer, what
        assert "mailbox.example" not in answer, what
        seen += 1
    assert seen > 20


def test_only_the_browser_that_ticked_the_box_sees_its_address(
    app: Flask, clock: Clock, alice: Visitor
) -> None:
    alice.write(email=MAIL, remember="1")
    assert MAIL in alice.get(THREAD).page.html
    assert MAIL not in Visitor(app, clock).get(THREAD).page.html


@pytest.mark.parametrize("word", ["address", "author_hash", "spam", "receipt", "nonce", "rule:"])
def test_no_word_of_our_tables_is_in_a_page(alice: Visitor, context: Context, word: str) -> None:
    post(context, "Held", form_seconds=0.1)
    post(context, "Marked", is_honeypot_untouched=False)
    alice.write()
    for path in (THREAD, EMBED):
        text = alice.get(path).page.html.replace("e-mail address", "")
        assert word not in text
