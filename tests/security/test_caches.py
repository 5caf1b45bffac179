"""What is one visitor's own is kept by no cache: Flask (CVE-2023-30861), Discourse.

Discourse gave one nonce to two visitors (GHSA-9f52-624j-8ppq).
"""

from __future__ import annotations

import re

from flask import Flask

from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import SITE
from support.clock import Clock
from web.visits import EMBED, THREAD, Visitor


def test_every_answer_with_a_cookie_is_private_and_varies(alice: Visitor) -> None:
    for message in ("One", "Two"):
        headers = alice.write(message=message, remember="1").response.headers
        assert headers["Set-Cookie"]
        assert "no-store" in headers["Cache-Control"]
        assert "private" in headers["Cache-Control"]
        assert "Cookie" in headers["Vary"]


def test_an_authors_own_view_is_not_stored(alice: Visitor, context: Context) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    at = f"/comments/{alice.write().comment_id}"
    for path in (at, f"{at}/edit", f"{at}/delete"):
        headers = alice.get(path).response.headers
        assert "no-store" in headers["Cache-Control"]
        assert "Cookie" in headers["Vary"]
        assert "ETag" not in headers


def test_two_visits_never_share_a_token(app: Flask, clock: Clock) -> None:
    for path in (THREAD, EMBED):
        forms = [Visitor(app, clock).get(path).page.form for _ in range(10)]
        assert len({form.fields["form_token"] for form in forms}) == 10
        assert len({form.honeypot for form in forms}) == 10


def test_there_is_no_nonce_to_be_used_twice(alice: Visitor) -> None:
    policies = {alice.get(THREAD).response.headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 1
    assert not re.search("nonce-|sha256-|strict-dynamic", policies.pop())


def test_a_request_for_an_unchanged_page_is_not_answered_from_memory(alice: Visitor) -> None:
    response = alice.get(THREAD).response
    headers = {"If-None-Match": "*", "If-Modified-Since": response.headers.get("Date", "x")}
    assert alice.get(THREAD, headers=headers).status == 200
