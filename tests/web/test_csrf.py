"""No other website can make a visitor's browser send one of our forms."""

from __future__ import annotations

import dataclasses
import uuid

import pytest
from flask import Flask

from comity.app import build_app
from comity.services.context import Context
from support.cast import post, stored, unlimited
from support.clock import Clock
from web.visits import AS_ALICE, THREAD, Visitor

HTTPS = "https://comments.example.org"

REFUSED = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "SAME-ORIGIN"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "same-origin, cross-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://evil.example/localhost"},
    {"Origin": "http://evil.example#localhost"},
    {"Origin": "http://localhost@evil.example"},
    {"Origin": "http://evil.example:80@localhost"},
    {"Origin": "http://localhost:8443"},
    {"Origin": "http://localhost "},
    {"Origin": "http://["},
    {"Origin": "http://[::1"},
    {"Origin": "\xe4"},
]
ACCEPTED = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://localhost"},
    {"Origin": "http://127.0.0.1:8080"},
]


def posting_rules(app: Flask) -> list[str]:
    """Every address of the pages that takes a POST, from the URL map."""
    return [
        rule.rule.replace("<uuid:comment_id>", "{id}")
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set()) and rule.endpoint.startswith("comity.")
    ]


def test_these_are_the_forms(app: Flask) -> None:
    assert sorted(posting_rules(app)) == [
        "/comments",
        "/comments/preview",
        "/comments/{id}/delete",
        "/comments/{id}/edit",
        "/comments/{id}/edit/preview",
    ]


@pytest.mark.parametrize("headers", REFUSED, ids=str)
def test_a_form_from_another_site_is_refused_everywhere(
    app: Flask, context: Context, alice: Visitor, headers: dict[str, str]
) -> None:
    written = alice.write(message="Mine")
    token = alice.get(f"/comments/{written.comment_id}/edit").page.form.fields["edit_token"]
    form = {**alice.get(THREAD).page.form.fields, **AS_ALICE, "edit_token": token}
    alice.clock.advance(seconds=30)
    for rule in posting_rules(app):
        answer = alice.post(rule.format(id=written.comment_id), form, headers=headers)
        assert answer.status == 403, rule
        assert "This form was sent from another website." in answer.page.text
        assert "Set-Cookie" not in answer.response.headers
    assert len(alice.get(THREAD).page.comments) == 1
    assert stored(context.database, uuid.UUID(written.comment_id)).message.plain == "Mine"


@pytest.mark.parametrize("headers", ACCEPTED, ids=str)
def test_a_form_from_our_own_page_is_taken_everywhere(
    app: Flask, alice: Visitor, headers: dict[str, str]
) -> None:
    written = alice.write(message="Mine")
    token = alice.get(f"/comments/{written.comment_id}/edit").page.form.fields["edit_token"]
    form = {**alice.get(THREAD).page.form.fields, **AS_ALICE, "edit_token": token}
    alice.clock.advance(seconds=30)
    for rule in sorted(posting_rules(app), key=lambda rule: "delete" in rule):
        answer = alice.post(rule.format(id=written.comment_id), form, headers=headers)
        assert answer.status in {200, 303}, rule


@pytest.mark.parametrize(
    ("origin", "status"), [(HTTPS, 303), ("http://evil.example", 403), (f"{HTTPS}:8443", 403)]
)
def test_behind_a_proxy_the_public_address_is_our_own(
    context: Context, clock: Clock, origin: str, status: int
) -> None:
    settings = dataclasses.replace(context.settings, public_url=HTTPS)
    app = build_app(dataclasses.replace(unlimited(context), settings=settings))
    alice = Visitor(app, clock, base="http://comments.example.org:8080")
    form = alice.get(THREAD).page.form
    clock.advance(seconds=30)
    fields = {**form.fields, **AS_ALICE}
    assert alice.post("/comments", fields, headers={"Origin": origin}).status == status


def test_a_cookie_of_the_victim_gives_no_power_over_a_comment(
    alice: Visitor, context: Context
) -> None:
    mine = alice.write(message="Mine")
    mallorys = post(context, "Mallory's own")
    for act in ("edit", "delete"):
        answer = alice.post(f"/comments/{mine.comment_id}/{act}", {"message": "Hacked"}, headers={})
        assert answer.status == 403
    assert stored(context.database, uuid.UUID(mine.comment_id)).message.plain == "Mine"
    assert stored(context.database, mallorys.id).deleted_at is None
