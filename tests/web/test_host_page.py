"""A thread inside a host's own page: `{{ comity_comments(page) }}`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, render_template_string, request

from comity.errors import NotFoundError
from comity.extension import Comity
from comity.model import Status
from comity.services.close_thread import close_thread
from comity.services.list_sites import list_sites
from comity.services.moderate_comment import moderate_comment
from comity.web.state import state
from support.cast import mo
from support.clock import Clock
from web.visits import AS_ALICE, Visitor

PAGE = """<!doctype html><html><head><title>{{ title }}</title></head><body><main>
<h1>The host's page</h1>{{ comity_comments("/posts/1") }}</main></body></html>"""


class RealTime(Clock):
    """A host has no injected clock; a visit there takes no time."""

    def advance(self, **_parts: float) -> object:  # type: ignore[override]
        return self.now


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Flask]:
    def make(name: str = "host", key: str = "n8Wc1LxRb7Jm0YsHd6PgUf9AeOi3Xr5VtT4vQz") -> Flask:
        app = Flask(name, instance_path=str(tmp_path / name))
        app.config.update(
            SECRET_KEY=key, COMITY_POSTS_PER_MINUTE=1000, COMITY_POSTS_PER_HOUR_EMAIL=1000
        )
        Comity(app, url_prefix="/talk")

        @app.get("/posts/1")
        def post() -> str:
            return render_template_string(PAGE, title=request.args.get("sort", "A post"))

        return app

    return make


@pytest.fixture
def host(make: Callable[..., Flask]) -> Flask:
    return make()


def visit(app: Flask) -> Visitor:
    return Visitor(app, RealTime())


def write(visitor: Visitor, path: str = "/posts/1", **typed: str) -> str:
    """Post through the form on a host's page; a form sent at once is held, so Mo approves it."""
    answer = visitor.write(path, **typed)
    assert answer.status == 303, answer.page.text
    with visitor.client.application.app_context():
        ctx = state().context
    moderator = mo(*list_sites(ctx))
    moderate_comment(ctx, moderator, uuid.UUID(answer.comment_id), Status.APPROVED)
    return answer.comment_id


def test_thread_and_form_stand_in_the_hosts_page(host: Flask) -> None:
    page = visit(host).get("/posts/1").page
    assert "The host's page" in page.text
    assert "No comments yet" in page.text
    assert page.form.action == "/talk/comments"
    section = page.root.one("section", id="comity")
    assert section.one("form").all("textarea")
    assert page.root.one("link")["href"] == "/talk/static/comity/comity.css"


def test_a_comment_written_there_is_shown_there(host: Flask) -> None:
    alice = visit(host)
    comment_id = write(alice, message="From the host's page")
    page = alice.get("/posts/1").page
    assert [comment["id"] for comment in page.comments] == [f"comment-{comment_id}"]
    assert "From the host's page" in page.text
    assert alice.get(f"/talk/comments/{comment_id}").page.links["Back to the page"] == "/posts/1"


def test_a_mistake_made_there_comes_back_with_its_text(host: Flask) -> None:
    answer = visit(host).write("/posts/1", message="x", name="Kept")
    assert answer.status == 422
    assert answer.page.form.fields["name"] == "Kept"


def test_the_section_sets_no_header_and_is_the_same_for_everybody(host: Flask) -> None:
    alice = visit(host)
    alice.send(alice.get("/posts/1").page.form, **AS_ALICE, remember="1")
    response = alice.get("/posts/1").response
    assert set(dict(response.headers)) == {"Content-Type", "Content-Length"}
    assert AS_ALICE["email"] not in response.text
    assert "/edit" not in response.text


def test_order_and_paging_stay_on_the_hosts_page_under_their_own_names(host: Flask) -> None:
    alice = visit(host)
    written = [write(alice, message=f"Number {number}") for number in range(51)]
    page = alice.get("/posts/1?sort=price&comity_sort=nonsense&q=a%26b").page
    assert page.root.one("title").text == "price"
    assert page.comments[0]["id"] == f"comment-{written[0]}"
    newest = alice.get("/posts/1" + page.links["Newest"].partition("#")[0]).page
    assert newest.root.one("title").text == "price"
    assert newest.comments[0]["id"] == f"comment-{written[-1]}"
    assert "q=a%26b" in page.links["Newest"]
    rest = alice.get("/posts/1" + newest.links["Show more comments"].partition("#")[0]).page
    assert [comment["id"] for comment in rest.comments] == [f"comment-{written[0]}"]


@pytest.mark.parametrize(
    "query", ["comity_cursor=x", "comity_sort=x", "comity_cursor=%00", "cursor=x&sort=x"]
)
def test_a_parameter_that_is_none_of_ours_never_breaks_the_hosts_page(
    host: Flask, query: str
) -> None:
    assert visit(host).get(f"/posts/1?{query}").status == 200


def test_a_closed_conversation_says_so(host: Flask) -> None:
    with host.app_context():
        close_thread(state().context, "default", "/posts/1")
    page = visit(host).get("/posts/1").page
    assert not page.root.all("form")
    assert "closed" in page.text


def test_a_page_that_no_thread_can_have_is_an_error_for_the_host(host: Flask) -> None:
    with host.test_request_context("/"), pytest.raises(NotFoundError):
        render_template_string("{{ comity_comments('no page') }}")


def test_a_template_of_the_host_with_the_name_of_ours_does_not_collide(
    make: Callable[..., Flask], tmp_path: Path
) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    for name in ("layout", "section", "thread_page", "_macros", "embed"):
        (templates / f"{name}.html").write_text(f"The host's {name}")
    app = make()
    app.template_folder = str(templates)
    page = visit(app).get("/posts/1").page
    assert page.form.action == "/talk/comments"
    with app.test_request_context("/"):
        assert render_template_string("{% include 'section.html' %}") == "The host's section"


def test_cookies_and_tokens_of_one_application_are_nothing_to_another(
    make: Callable[..., Flask],
) -> None:
    one, two = make("one"), make("two", key="Yx2VtT4vQzn8Wc1LxRb7Jm0YsHd6PgUf9AeOi3")
    alice, mallory = visit(one), visit(two)
    alice.write("/posts/1", remember="1")
    mallory.client.set_cookie("comity", alice.cookie() or "")
    assert (
        AS_ALICE["email"] not in mallory.get("/talk/comments?site=default&page=/posts/1").page.html
    )

    fields = {**alice.get("/posts/1").page.form.fields, **AS_ALICE}
    answer = mallory.post("/talk/comments", fields)
    assert answer.status == 422
    assert "please send it again" in answer.page.text
    ids = [write(visitor, message="Own words") for visitor in (alice, mallory)]
    edit = alice.get(f"/talk/comments/{ids[0]}/edit").page.form.fields["edit_token"]
    stolen = {"edit_token": edit, "message": "Hacked"}
    assert mallory.post(f"/talk/comments/{ids[1]}/edit", stolen).status == 403


def test_behind_https_the_cookie_is_bound_to_the_host_without_any_setting(host: Flask) -> None:
    alice = Visitor(host, RealTime(), base="https://www.example.org")
    headers = alice.write("/posts/1").response.headers
    assert headers["Set-Cookie"].startswith("__Host-comity=")
    assert "; Secure;" in headers["Set-Cookie"]
    # For how long browsers stay on https is the host's to say.
    assert "Strict-Transport-Security" not in headers
