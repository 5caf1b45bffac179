"""Every way in sanitizes: Isso's edit did not (CVE-2026-27469, GHSA-9fww-8cpr-q66r)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import SITE
from support.clock import Clock
from web.dom import Page
from web.json_api import Api
from web.visits import AS_ALICE, EMBED, THREAD, Visitor

PAYLOADS = [
    "http://x/?'onmouseover='alert(1)'x='",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) '",
    "<svg/onload=alert(1)>",
    "</textarea></form><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!--><script>alert(1)</script-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
    "[x](javascript:alert(1)) <javascript:alert(1)> [y](java&#x73;cript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>) [y](//evil.example)",
    '![x](x "onerror=alert(1)") ![y](javascript:alert(1))',
    '```c" onmouseover=alert(1) x="\ncode\n```',
    '<https://x.example/"onmouseover=alert(1)>',
    "[x]: javascript:alert(1)\n\n[x]",
    "{{7*7}} ${7*7} #{7*7} {% raw %}",
]
NAME = "'\"<b>&O'Hara"

WritePath = Callable[[Flask, Clock, str], str]


def by_form(app: Flask, clock: Clock, text: str) -> str:
    answer = Visitor(app, clock).write(message=text, name=NAME)
    assert answer.status == 303
    return answer.comment_id


def by_frame(app: Flask, clock: Clock, text: str) -> str:
    return Visitor(app, clock).write(EMBED, message=text, name=NAME).comment_id


def by_api(app: Flask, clock: Clock, text: str) -> str:
    posted: str = Api(app, clock).post(message=text, name=NAME)["comment"]["id"]
    return posted


def by_edit_form(app: Flask, clock: Clock, text: str) -> str:
    visitor = Visitor(app, clock)
    comment_id = visitor.write(message="Harmless", name=NAME).comment_id
    form = visitor.get(f"/comments/{comment_id}/edit").page.form
    assert visitor.send(form, message=text).status == 303
    return comment_id


def by_api_edit(app: Flask, clock: Clock, text: str) -> str:
    api = Api(app, clock)
    posted = api.post(message="Harmless", name=NAME)
    path = f"/comments/{posted['comment']['id']}"
    bearer = {"Authorization": f"Bearer {posted['edit_token']}"}
    assert api.call("PATCH", path, {"message": text}, **bearer).status_code == 200
    return str(posted["comment"]["id"])


WRITE_PATHS: dict[str, WritePath] = {
    "comity.create": by_form,
    "comity.create in a frame": by_frame,
    "comity_api.create": by_api,
    "comity.update": by_edit_form,
    "comity_api.update": by_api_edit,
}
STORES_NOTHING = {
    "comity.preview",
    "comity.preview_edit",
    "comity.destroy",
    "comity_api.preview",
    "comity_api.delete",
    "comity_api.counts",
}


def check_page(page: Page) -> None:
    """No script, no handler, no address that runs; whatever a parser may have made of it."""
    for node in page.root:
        assert node.tag not in {
            "script",
            "img",
            "svg",
            "iframe",
            "object",
            "base",
            "math",
            "b",
        } or (node.tag == "svg" and node.get("class") == "comity-icon")
        for name, value in node.attributes.items():
            assert not name.startswith("on"), node
            assert name != "style"
            if name in {"href", "src", "action", "formaction"}:
                assert re.match(r"/(?!/)|#|\?|https?://|mailto:", value), value


def test_every_route_that_writes_is_tried_here(app: Flask) -> None:
    writing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
    }
    assert writing == {name.split()[0] for name in WRITE_PATHS} | STORES_NOTHING


@pytest.mark.parametrize("write", WRITE_PATHS.values(), ids=list(WRITE_PATHS))
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_runs_by_any_way_in(
    app: Flask, clock: Clock, write: WritePath, payload: str
) -> None:
    comment_id = write(app, clock, payload)
    reader, api = Visitor(app, clock), Api(app, clock)
    for path in (THREAD, EMBED, f"/comments/{comment_id}"):
        page = reader.get(path).page
        check_page(page)
        (message,) = [node for node in page.root if node.get("class") == "comity-message"]
        raw = page.html.partition('<div class="comity-message"')[2].partition("</div>")[0]
        assert "'" not in re.sub(r"&#39;|&#x27;", "", raw) or "'" in message.text
        author = page.root.all("strong", css="comity-author")[0]
        assert author.one("bdi").text == f"{NAME} Archer"
        assert NAME not in page.html  # bare quotes and brackets: in no context
    shown = api.get(f"/comments/{comment_id}").json
    assert shown["author"]["name"] == NAME
    check_page(Page(shown["html"]))
    assert "49" not in shown["html"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_way_in_makes_the_same_of_it(app: Flask, clock: Clock, payload: str) -> None:
    api = Api(app, clock)
    made = {
        api.get(f"/comments/{write(app, clock, payload)}").json["html"]
        for write in WRITE_PATHS.values()
    }
    made.add(api.call("POST", "/preview", {"message": payload}).json["html"])
    assert len(made) == 1


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_edit_form_shows_the_source_as_text(alice: Visitor, payload: str) -> None:
    """Waline rendered it again in the browser (CVE-2026-64670, GHSA-crj3-q72p-ggqm)."""
    at = f"/comments/{alice.write(message=payload).comment_id}/edit"
    page = alice.get(at).page
    check_page(page)
    (area,) = page.root.all("textarea")
    assert all(isinstance(child, str) for child in area.children)
    again = alice.send(page.form, button="Preview")
    check_page(again.page)
    assert again.page.form.fields["message"] == page.form.fields["message"]
    before = alice.get(THREAD).page.comments[0].one(css="comity-message").text
    assert again.page.root.one(css="comity-preview").one(css="comity-message").text == before


@pytest.mark.parametrize("field", ["name", "surname", "email", "website"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_secondary_field_runs_nothing_either(
    alice: Visitor, context: Context, field: str, payload: str
) -> None:
    """Remark42 (GHSA-rr9w-fhvc-chhr), Typecho (CVE-2024-35540), AnyComment (CVE-2026-103422)."""
    set_site(context, SITE, {"website": "optional"})
    form = alice.get(THREAD).page.form
    answer = alice.send(form, **{**AS_ALICE, field: payload, "remember": "1"})
    if answer.status == 422:
        check_page(answer.page)
        assert answer.page.form.fields[field] == payload.replace("\n", answer_newline(field))
    for path in (THREAD, EMBED):
        check_page(alice.get(path).page)


def answer_newline(field: str) -> str:
    """How a one-line input holds a line break: as it was sent; a browser may drop it."""
    assert field != "message"
    return "\n"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "//evil.example",
        "/relative",
        "https:evil.example",
        "https://x.example/'onmouseover='alert(1)",
    ],
)
def test_a_website_is_http_or_refused(alice: Visitor, context: Context, address: str) -> None:
    set_site(context, SITE, {"website": "optional"})
    answer = alice.write(website=address)
    page = alice.get(THREAD).page
    if answer.status == 303:
        (link,) = page.comments[0].one("strong", css="comity-author").all("a")
        assert link["href"].startswith("https://")
        assert set(link.attributes) == {"href", "rel"}
    else:
        assert answer.status == 422
        assert not page.comments
