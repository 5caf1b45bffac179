"""No answer leads to another server (CWE-601), and no host in an address is the sender's."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask

from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import SITE
from web.visits import AS_ALICE, THREAD, Visitor

ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "/%09//evil.example",
    "/%2f%2fevil.example",
    "javascript:alert(1)",
    "/x\r\nLocation: https://evil.example",
    "/@evil.example",
    "/.evil.example",
]


def leads_here(address: str) -> bool:
    parts = urlsplit(address.replace("\\", "/"))
    return parts.netloc in {"", "localhost"} and parts.scheme in {"", "http"}


@pytest.mark.parametrize("path", ELSEWHERE)
def test_an_odd_path_is_not_a_way_out(app: Flask, path: str) -> None:
    client = app.test_client()
    for written in (path, f"/{path}", f"/{path}/..", f"/comments/{path}", f"{path}/embed"):
        response = client.get("/", environ_overrides={"PATH_INFO": written})
        assert leads_here(response.headers.get("Location", "/")), written


@pytest.mark.parametrize("page", ELSEWHERE)
@pytest.mark.parametrize("next_", ["next", "return_to", "redirect", "from", "url", "view"])
def test_posting_leads_to_the_comment_whatever_is_asked(
    alice: Visitor, page: str, next_: str
) -> None:
    form = alice.get(THREAD).page.form
    alice.clock.advance(seconds=30)
    answer = alice.post(f"/comments?{next_}=x", {**form.fields, **AS_ALICE, next_: page})
    assert answer.status == 303
    assert answer.location.startswith("/comments/0")


@pytest.mark.parametrize("page", ELSEWHERE)
def test_the_way_back_is_always_below_the_sites_origin(
    alice: Visitor, context: Context, page: str
) -> None:
    set_site(context, SITE, {"origins": "https://blog.example.org"})
    answer = alice.get("/comments", query_string={"site": SITE, "page": page})
    assert answer.status in {200, 404}
    if answer.status == 404:
        return
    links = answer.page.links
    back = links["Back to the page"]
    assert urlsplit(back).netloc == "blog.example.org"
    assert "\\" not in back
    assert all(leads_here(url) for words, url in links.items() if words != "Back to the page")


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL"])
def test_a_forwarded_host_is_not_believed(alice: Visitor, header: str) -> None:
    form = alice.get(THREAD).page.form
    alice.clock.advance(seconds=30)
    answer = alice.post("/comments", {**form.fields, **AS_ALICE}, headers={header: "evil.example"})
    assert leads_here(answer.location)
    assert "evil" not in alice.get(THREAD, headers={header: "evil.example"}).page.html
