"""A bot that fills the invisible field, or leaves it out, gets the answer of a held comment."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from werkzeug.test import TestResponse

from comity.model import Status
from comity.services.context import Context
from comity.services.list_comments import list_comments
from comity.services.manage_sites import set_site
from support.cast import SITE, stored
from web.dom import Page
from web.json_api import Api
from web.visits import AS_ALICE, THREAD, Answer, Visitor


def shape(response: TestResponse, comment_id: str) -> tuple[int, list[tuple[str, str]], str]:
    """What a bot can compare: status, headers and body, but for what changes every time."""
    names = {"Set-Cookie", "Content-Length"}
    headers = [
        (name, value.replace(comment_id, "ID"))
        for name, value in response.headers
        if name not in names
    ]
    return response.status_code, headers, response.text.replace(comment_id, "ID")


def keys(value: Any) -> Any:
    """The shape of JSON: keys and types, at every depth."""
    if isinstance(value, dict):
        return {name: keys(one) for name, one in value.items()}
    return [keys(one) for one in value] if isinstance(value, list) else type(value).__name__


def send_form(visitor: Visitor, bot: str) -> Answer:
    form = visitor.get(THREAD).page.form
    fields = {**form.fields, **AS_ALICE}
    if bot == "fills":
        fields[form.honeypot] = "Cheap pills"
    elif bot == "fills with a space":
        fields[form.honeypot] = " "
    elif bot == "leaves out":
        del fields[form.honeypot]
    visitor.clock.advance(seconds=30)
    return visitor.post("/comments", fields)


def send_json(api: Api, bot: str) -> Any:
    form = api.form()
    body = api.body(form)
    if bot == "fills":
        body[form["honeypot"]] = "Cheap pills"
    elif bot == "fills with a space":
        body[form["honeypot"]] = " "
    elif bot == "fills with null":
        body[form["honeypot"]] = None
    elif bot == "fills with a list":
        body[form["honeypot"]] = [""]
    elif bot == "leaves out":
        del body[form["honeypot"]]
    return api.send(body)


def test_the_field_has_another_name_in_every_form_and_no_person_meets_it(alice: Visitor) -> None:
    names = {alice.get(THREAD).page.form.honeypot for _ in range(20)}
    assert len(names) == 20

    page = alice.get(THREAD).page
    trap = page.root.one("input", name=page.form.honeypot)
    assert (trap["tabindex"], trap["autocomplete"], trap["value"]) == ("-1", "off", "")
    (hidden,) = [one for one in page.root.all("div", css="comity-hp") if trap in list(one)]
    assert hidden["aria-hidden"] == "true"
    assert hidden.one("label").text.strip() == "Leave this field empty"
    assert not any("style" in node.attributes for node in page.root)


@pytest.mark.parametrize("bot", ["fills", "fills with a space", "leaves out"])
def test_a_bots_form_is_answered_as_a_held_comment_is(
    alice: Visitor, bob: Visitor, context: Context, bot: str
) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    honest, bots = send_form(alice, ""), send_form(bob, bot)

    assert shape(bots.response, bots.comment_id) == shape(honest.response, honest.comment_id)
    assert (
        bots.response.headers["Set-Cookie"].split("; ")[2:]
        == (honest.response.headers["Set-Cookie"].split("; ")[2:])
    )
    pages = [one.get(answer.location) for one, answer in ((alice, honest), (bob, bots))]
    bodies = [
        _anonymous(page.page, answer.comment_id)
        for page, answer in zip(pages, (honest, bots), strict=True)
    ]
    assert bodies[0] == bodies[1]
    assert [page.status for page in pages] == [200, 200]


def _anonymous(page: Page, comment_id: str) -> str:
    """The page without what differs between any two comments."""
    return re.sub(r"12:\d\d(:\d\d)?", "TIME", page.html.replace(comment_id, "ID"))


@pytest.mark.parametrize(
    "bot", ["fills", "fills with a space", "fills with null", "fills with a list", "leaves out"]
)
def test_a_bots_json_is_answered_as_a_held_comment_is(api: Api, context: Context, bot: str) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    honest, bots = send_json(api, ""), send_json(api, bot)

    ids = [answer.json["comment"]["id"] for answer in (honest, bots)]
    assert shape(bots, ids[1])[:2] == shape(honest, ids[0])[:2]
    assert keys(bots.json) == keys(honest.json)
    moments = {"id", "created_at", "url"}
    same = [
        {name: value for name, value in answer.json["comment"].items() if name not in moments}
        for answer in (honest, bots)
    ]
    assert same[0] == same[1]
    assert same[0]["status"] == "pending"
    for answer, one in zip((honest, bots), ids, strict=True):
        own = api.get(f"/comments/{one}", Authorization=f"Bearer {answer.json['edit_token']}")
        assert own.json["comment"]["status"] == "pending"
        assert api.get(f"/comments/{one}").status_code == 404


@pytest.mark.parametrize("bot", ["fills", "leaves out"])
def test_nothing_is_published_and_the_moderator_sees_why(
    alice: Visitor, bob: Visitor, api: Api, context: Context, bot: str
) -> None:
    ids = [send_form(alice, bot).comment_id, send_json(api, bot).json["comment"]["id"]]

    assert not bob.get(THREAD).page.comments
    assert api.thread()["comment_count"] == 0
    lines = list_comments(context, SITE, Status.SPAM, limit=10)
    assert {str(line.id) for line in lines} == set(ids)
    assert {line.reason for line in lines} == {
        "The invisible field was filled in or missing, as a bot would do."
    }


def test_a_comment_sent_too_fast_is_held_with_the_reason(alice: Visitor, context: Context) -> None:
    answer = alice.send(alice.get(THREAD).page.form, seconds=1.9, **AS_ALICE)
    assert answer.location.startswith("/comments/received?")
    assert stored(context.database, uuid.UUID(answer.comment_id)).status == Status.PENDING
    (line,) = list_comments(context, SITE, Status.PENDING, limit=10)
    assert line.reason == "Sent 1.9 seconds after the form was shown."


def test_two_seconds_are_enough(alice: Visitor) -> None:
    answer = alice.send(alice.get(THREAD).page.form, seconds=2, **AS_ALICE)
    assert answer.location.startswith(f"/comments/{answer.comment_id}")


def test_the_field_keeps_its_name_while_a_mistake_is_put_right(alice: Visitor) -> None:
    form = alice.get(THREAD).page.form
    again = alice.send(form, **{**AS_ALICE, "message": "x"}).page.form
    assert again.honeypot == form.honeypot
    assert alice.send(again, message="Right now").location.startswith("/comments/0")
