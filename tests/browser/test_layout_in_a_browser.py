from __future__ import annotations

from collections.abc import Iterator

import pytest
from chromium import ARGS
from contrast import CONTRAST
from kinds_of_page import KINDS, OpenPage
from live_server import LiveServer
from playwright.sync_api import Browser, Page, Playwright

pytest_plugins = ("browser_fixtures",)
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1"])]

OVERFLOW = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll('body *')].filter(
        one => one.getBoundingClientRect().right > wide + 1 && !one.closest('.comity-scroll')
    ).map(one => one.tagName + '.' + one.className).slice(0, 5).concat('too wide');
}"""
SIZES = {"320 px": (320, 1), "200 % of 1280 px": (640, 2), "400 % of 1280 px": (320, 4)}


@pytest.fixture(scope="module")
def large_print(executable: str, playwright: Playwright) -> Iterator[Browser]:
    """A browser whose owner has set letters twice as large."""
    browser = playwright.chromium.launch(
        executable_path=executable, args=[*ARGS, "--blink-settings=defaultFontSize=32"]
    )
    yield browser
    browser.close()


@pytest.mark.parametrize("site", ["ltr", "rtl"])
@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_to_be_scrolled_sideways(open_page: OpenPage, size: str, site: str) -> None:
    width, scale = SIZES[size]
    page = open_page(
        viewport={"width": width, "height": 600}, device_scale_factor=scale, has_touch=scale == 1
    )

    assert _wrong_on(page, site, OVERFLOW) == {}


def test_letters_of_twice_the_size_fit(large_print: Browser, server: LiveServer) -> None:
    context = large_print.new_context(
        base_url=server.url, java_script_enabled=False, viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.goto("/")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32

    assert _wrong_on(page, "ltr", OVERFLOW) == {}
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_seven_times_from_what_is_behind_it(
    open_page: OpenPage, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    page.goto("/")
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (behind == "rgb(20, 24, 22)") == (scheme == "dark"), "the scheme is drawn"

    assert _wrong_on(page, "ltr", CONTRAST) == {}


def test_the_contrast_test_sees_what_is_too_faint(page: Page) -> None:
    page.goto("/comments?site=ltr&page=/nested")
    page.locator(".comity-message").first.evaluate("one => one.style.color = '#888'")

    assert page.evaluate(CONTRAST)


def test_the_overflow_test_sees_what_is_too_wide(page: Page) -> None:
    page.goto("/")
    page.locator("h1").evaluate("one => one.style.width = '3000px'")

    assert page.evaluate(OVERFLOW)


@pytest.mark.parametrize("kind", KINDS)
def test_each_page_is_quiet_and_asks_no_other_origin(page: Page, kind: str) -> None:
    KINDS[kind](page, "ltr")  # `open_page` fails the test for what the page says

    assert page.locator("h1, .comity-heading").count() >= 1
    assert page.locator("script").count() == 0
    assert "500" not in page.title()


def _wrong_on(page: Page, site: str, script: str) -> dict[str, object]:
    wrong: dict[str, object] = {}
    for kind, go in KINDS.items():
        go(page, site)
        found = page.evaluate(script)
        if found:
            wrong[kind] = found
    return wrong
