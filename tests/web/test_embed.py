"""The thread in a frame: only the site's own pages may frame it, and it stays a frame."""

from __future__ import annotations

import pytest
from flask import Flask

from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import SITE
from support.clock import Clock
from web.visits import AS_ALICE, EMBED, THREAD, Answer, Visitor

ORIGINS = ["https://blog.example.org", "https://www.example.org:8443"]


@pytest.fixture(autouse=True)
def origins(context: Context) -> None:
    set_site(context, SITE, {"origins": ", ".join(ORIGINS)})


def framed_by(answer: Answer) -> list[str]:
    policy = answer.response.headers["Content-Security-Policy"]
    (ancestors,) = [one for one in policy.split("; ") if one.startswith("frame-ancestors ")]
    return ancestors.split()[1:]


def is_frame(answer: Answer) -> bool:
    """Whether it is the embed view, and may be framed: the two must never come apart."""
    is_embed = "comity-embed" in answer.page.root.one("html")["class"]
    may_be_framed = framed_by(answer) == ["'self'", *ORIGINS]
    assert is_embed == may_be_framed
    assert may_be_framed == ("X-Frame-Options" not in answer.response.headers)
    return is_embed


def test_only_pages_of_the_sites_origins_may_frame_it(alice: Visitor) -> None:
    answer = alice.get(EMBED)
    assert is_frame(answer)
    assert answer.response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.page.root.all("header", css="comity-header")
    way_out = answer.page.root.one(css="comity-open").one("a")
    assert (way_out["href"], way_out["target"]) == (THREAD.replace("&", "&"), "_top")


def test_a_full_page_cannot_be_framed_at_all(alice: Visitor) -> None:
    answer = alice.get(THREAD)
    assert framed_by(answer) == ["'none'"]
    assert answer.response.headers["X-Frame-Options"] == "DENY"
    assert answer.response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_site_without_origins_can_be_framed_by_this_server_alone(
    alice: Visitor, context: Context
) -> None:
    set_site(context, SITE, {"origins": ""})
    assert framed_by(alice.get(EMBED)) == ["'self'"]


@pytest.mark.parametrize("path", ["/embed", "/embed?site=nobody&page=/x", "/embed?site=blog"])
def test_a_frame_of_nothing_is_a_page_that_nobody_may_frame(alice: Visitor, path: str) -> None:
    answer = alice.get(path)
    assert answer.status == 404
    assert framed_by(answer) == ["'none'"]


def test_a_comment_can_be_written_in_the_frame(alice: Visitor) -> None:
    answer = alice.write(EMBED)
    assert answer.status == 303
    assert "view=embed" in answer.location
    shown = alice.get(answer.location)
    assert is_frame(shown)
    assert alice.get(shown.page.links["The whole conversation"]).page.comments
    assert is_frame(alice.get(shown.page.links["The whole conversation"]))


def test_the_form_with_its_errors_stays_in_the_frame(alice: Visitor) -> None:
    answer = alice.write(EMBED, message="x")
    assert answer.status == 422
    assert is_frame(answer)
    fixed = alice.send(answer.page.form, message="Long enough")
    assert is_frame(alice.get(fixed.location))


def test_an_expired_form_and_a_preview_stay_in_the_frame(alice: Visitor) -> None:
    form = alice.get(EMBED).page.form
    assert is_frame(alice.send(form, button="Preview", **AS_ALICE))
    answer = alice.send(form, seconds=100_000, **AS_ALICE)
    assert answer.status == 422
    assert is_frame(answer)


def test_changing_and_deleting_stay_in_the_frame(alice: Visitor) -> None:
    alice.write(EMBED)
    (edit,) = [url for words, url in alice.get(EMBED).page.links.items() if "Edit" in words]
    page = alice.get(edit)
    assert is_frame(page)
    assert is_frame(alice.send(page.page.form, message="x"))
    assert is_frame(alice.send(page.page.form, button="Preview"))
    answer = alice.send(page.page.form, message="Changed")
    assert is_frame(alice.get(answer.location))
    (delete,) = [url for words, url in alice.get(EMBED).page.links.items() if "Delete" in words]
    answer = alice.send(alice.get(delete).page.form)
    assert answer.location == EMBED
    assert is_frame(alice.get(answer.location))


def test_a_held_comment_leads_to_an_explanation_in_the_frame(
    alice: Visitor, context: Context
) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    answer = alice.write(EMBED)
    assert is_frame(alice.get(answer.location))
    # Cookies do not reach a frame on another site: then there is the thread, still in the frame.
    assert is_frame(Visitor(alice.client.application, alice.clock).get(answer.location))


def test_sorting_and_replying_stay_in_the_frame(alice: Visitor) -> None:
    alice.write(EMBED)
    page = alice.get(EMBED).page
    for words in ("Newest", "Top", "Oldest", "Reply to Alice Archer"):
        assert is_frame(alice.get(page.links[words])), words


@pytest.mark.parametrize("view", ["EMBED", "embed ", "x", "embed,embed", "<script>"])
def test_a_view_that_does_not_exist_is_the_full_page(alice: Visitor, view: str) -> None:
    answer = alice.write(EMBED, view=view)
    assert answer.status == 303
    assert "view" not in answer.location


def test_posting_works_with_every_cookie_blocked(app: Flask, clock: Clock) -> None:
    blocked = Visitor(app, clock)
    blocked.client = app.test_client(use_cookies=False)
    assert blocked.write(EMBED).status == 303
    assert len(blocked.get(EMBED).page.comments) == 1
