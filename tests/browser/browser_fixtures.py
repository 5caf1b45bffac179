"""Fixtures for tests in a browser; a test module asks for them with `pytest_plugins`.

- `server`: the real server, one for each xdist worker, with the pages of `kinds_of_page`.
- `open_page`: a page of a fresh visitor, with JavaScript off unless asked for. When the test ends,
  it fails if a console said an error, a policy was violated, or another origin was asked.
- `page`: one such page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from chromium import ABSENT, ARGS, find_chromium
from kinds_of_page import OpenPage, prepare
from live_server import LiveServer, serving
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

# Chromium says this of every page that comes with an error status, as ours do on purpose.
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Serve until the session ends."""
    with serving(tmp_path_factory.mktemp("live"), prepare) as live:
        yield live


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Run Playwright for one module: while it runs, no test can have an event loop of its own."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def executable() -> str:
    """Return Chromium's path, or skip and say so; under CI a skip is a failure."""
    path = find_chromium()
    if path is None:
        pytest.skip(ABSENT)
    return path


@pytest.fixture(scope="module")
def browser(executable: str, playwright: Playwright) -> Iterator[Browser]:
    """Run Chromium. Names that a test makes up lead here, all others nowhere."""
    rules = "MAP blog.example 127.0.0.1, MAP other.example 127.0.0.1, MAP * ~NOTFOUND"
    running = playwright.chromium.launch(
        executable_path=executable,
        args=[*ARGS, f"--host-resolver-rules={rules}, EXCLUDE 127.0.0.1"],
    )
    yield running
    running.close()


@pytest.fixture
def open_page(browser: Browser, server: LiveServer) -> Iterator[OpenPage]:
    """Open pages for visitors who know nothing of each other."""
    said: list[str] = []
    contexts: list[BrowserContext] = []

    def open_one(*, also: tuple[str, ...] = (), tolerate: str = r"\b\B", **options: Any) -> Page:
        options = {"java_script_enabled": False, "base_url": server.url, **options}
        context = browser.new_context(**options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        listen(context, said, (server.url, *also), re.compile(tolerate))
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One visitor without JavaScript."""
    return open_page()


def listen(
    context: BrowserContext, said: list[str], origins: tuple[str, ...], tolerate: re.Pattern[str]
) -> None:
    """Write into `said` whatever a page of ours must not do."""

    def on_console(message: Any) -> None:
        text = message.text
        is_expected = _STATUS.match(text) or tolerate.search(text)
        if message.type in {"error", "warning"} and not is_expected:
            said.append(f"console: {text}")

    def on_request(request: Any) -> None:
        if not request.url.startswith(tuple(f"{origin}/" for origin in origins)):
            said.append(f"foreign request: {request.url}")

    context.on("console", on_console)
    context.on("request", on_request)
    context.on("weberror", lambda error: said.append(f"error: {error.error}"))
    context.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
