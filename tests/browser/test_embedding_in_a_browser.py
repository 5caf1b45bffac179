from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from chromium import ARGS
from kinds_of_page import OpenPage, fill, press
from live_server import LiveServer, serving
from playwright.sync_api import Playwright
from test_posting_in_a_browser import MIN_FORM_MS

from comity.services.context import Context
from comity.services.manage_sites import add_site, set_site

pytest_plugins = ("browser_fixtures",)
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1"])]


class _Host(BaseHTTPRequestHandler):
    """A blog post with the comments of `server.embed` in a frame."""

    def do_GET(self) -> None:
        source = getattr(self.server, "embed", "")
        body = f'<!doctype html><title>A post</title><iframe src="{source}" width=700 height=900>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def blog(open_page: OpenPage) -> Iterator[ThreadingHTTPServer]:  # noqa: ARG001 - closed before it
    with ThreadingHTTPServer(("127.0.0.1", 0), _Host) as host:
        thread = Thread(target=host.serve_forever)
        thread.start()
        yield host
        host.shutdown()
        thread.join()


@pytest.fixture
def embedding(
    blog: ThreadingHTTPServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A server with a site that the blog may show in a frame."""

    def prepare(ctx: Context) -> None:
        add_site(ctx, "blog", "The blog")
        set_site(ctx, "blog", {"origins": f"http://blog.example:{blog.server_port}"})

    with serving(tmp_path_factory.mktemp("embedding"), prepare) as server:
        blog.embed = f"{server.url}/embed?site=blog&page=/post"  # type: ignore[attr-defined]
        yield server


def test_a_reader_posts_from_a_frame_on_another_site_without_any_cookie(
    open_page: OpenPage, blog: ThreadingHTTPServer, embedding: LiveServer
) -> None:
    origin = f"http://blog.example:{blog.server_port}"
    page = open_page(also=(origin, embedding.url))
    page.route("**/favicon.ico", lambda route: route.abort())
    page.goto(f"{origin}/post")
    frame = page.frames[1]
    frame.locator("#comity-form").wait_for()
    for name, words in {"name": "Alice", "surname": "Archer", "email": "a@example.org"}.items():
        frame.locator(f"#comity-{name}").fill(words)
    frame.locator("#comity-message").fill("From *within* a frame.")
    page.wait_for_timeout(MIN_FORM_MS)
    frame.get_by_role("button", name="Post comment").click()

    frame.locator(".comity-comment").wait_for()
    assert frame.locator(".comity-message").inner_text() == "From within a frame."
    assert "view=embed" in frame.url
    assert page.url == f"{origin}/post", "the page around it stays"
    assert page.context.cookies() == []
    page.reload()
    page.frames[1].locator(".comity-comment").wait_for()


@pytest.mark.parametrize("name", ["other.example", "127.0.0.1"])
def test_a_page_of_an_origin_that_nobody_named_cannot_show_the_frame(
    open_page: OpenPage, blog: ThreadingHTTPServer, embedding: LiveServer, name: str
) -> None:
    origin = f"http://{name}:{blog.server_port}"
    page = open_page(also=(origin, embedding.url), tolerate="frame-ancestors|Framing")
    page.route("**/favicon.ico", lambda route: route.abort())
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{origin}/post")

    page.wait_for_timeout(500)
    assert any("frame-ancestors" in text for text in said), said
    assert page.frames[1].locator("#comity-form").count() == 0


def test_only_the_frame_can_be_framed(
    open_page: OpenPage, blog: ThreadingHTTPServer, embedding: LiveServer
) -> None:
    origin = f"http://blog.example:{blog.server_port}"
    tolerate = "frame-ancestors|X-Frame-Options|Framing|Refused to display"
    for path in ("/", "/comments?site=blog&page=/post", "/api/docs"):
        blog.embed = f"{embedding.url}{path}"  # type: ignore[attr-defined]
        page = open_page(also=(origin, embedding.url), tolerate=tolerate)
        page.route("**/favicon.ico", lambda route: route.abort())
        page.goto(f"{origin}/post")
        page.wait_for_timeout(300)
        assert page.frames[1].locator("main").count() == 0, path


def test_posting_works_where_every_cookie_is_refused(
    server: LiveServer, executable: str, playwright: Playwright, tmp_path: Path
) -> None:
    (tmp_path / "Default").mkdir()
    refusing = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(refusing))
    context = playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=executable, args=ARGS, base_url=server.url
    )
    page = context.new_page()
    page.goto("/comments?site=ltr&page=/no-cookie")
    fill(page, message="No cookie at all.")
    page.wait_for_timeout(MIN_FORM_MS)
    press(page)

    page.locator(".comity-highlighted").wait_for()
    assert page.locator(".comity-message").inner_text() == "No cookie at all."
    assert context.cookies() == []
    context.close()
