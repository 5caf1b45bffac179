from __future__ import annotations

import pytest
from kinds_of_page import OpenPage, errors, goto
from playwright.sync_api import Locator, Page, expect
from test_posting_in_a_browser import COMMENT_URL, MIN_FORM_MS

pytest_plugins = ("browser_fixtures",)
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1"])]

FOCUSED = "document.activeElement"
NAME = f"{FOCUSED}.name || {FOCUSED}.className || {FOCUSED}.textContent || {FOCUSED}.tagName"
RING = (
    f"(style => style.outlineStyle + parseFloat(style.outlineWidth))(getComputedStyle({FOCUSED}))"
)
TRAP = ".comity-hp input"


def tab_to_the_end(page: Page) -> list[str]:
    """Press Tab until the focus is in the document's beginning again; return what it met."""
    met: list[str] = []
    while len(met) < 300:
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED} === document.body"):
            return met
        met.append(str(page.evaluate(NAME)))
    raise AssertionError("the focus never leaves the page")


def test_the_keyboard_alone_writes_and_posts_a_comment(page: Page) -> None:
    page.goto("/comments?site=default&page=/keyboard")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate(NAME) == "name":
            break
    for words in ("Alice", "Archer", "alice@example.org", "Typed, not clicked."):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    assert page.evaluate(NAME) == "remember"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.textContent") == "Post comment"
    page.wait_for_timeout(MIN_FORM_MS)
    page.keyboard.press("Enter")

    expect(page).to_have_url(COMMENT_URL)


@pytest.mark.parametrize("site", ["ltr", "rtl"])
def test_the_focus_goes_through_the_page_in_order_and_never_meets_the_honeypot(
    page: Page, site: str
) -> None:
    page.goto(f"/comments?site={site}&page=/nested")
    trap = page.locator(TRAP).get_attribute("name")

    met = tab_to_the_end(page)

    assert trap not in met
    fields = [name for name in met if name in {"name", "surname", "email", "website", "message"}]
    assert fields == ["name", "surname", "email", "website", "message"]
    assert met.index("comity-skip") == 0
    assert met.index("message") < met.index("remember") < len(met) - 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_has_the_focus_shows_it(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    errors(page, "ltr")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED} === document.body"):
            break
        style = page.evaluate(RING)
        assert style.startswith(("solid", "auto")), page.evaluate(NAME)
        assert style not in {"solid0", "solid1"}, page.evaluate(NAME)


def test_the_skip_link_is_seen_when_it_has_the_focus_and_leads_to_the_content(page: Page) -> None:
    page.goto("/comments?site=ltr&page=/nested")
    skip = page.locator(".comity-skip")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    assert page.url.endswith("#comity-main")


@pytest.mark.parametrize("site", ["ltr", "rtl"])
def test_nobody_sees_the_honeypot_and_it_widens_no_page(page: Page, site: str) -> None:
    goto("/comments?site={site}&page=/nested")(page, site)
    trap = page.locator(TRAP)

    assert trap.count() == 1
    assert _seen(trap) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    box = trap.locator("xpath=ancestor::div[1]").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (1, 1)


def test_the_accessibility_tree_does_not_hold_the_honeypot(page: Page) -> None:
    page.goto("/comments?site=ltr&page=/nested")
    trap = page.locator(TRAP).evaluate("field => field.closest('label').textContent.trim()")
    session = page.context.new_cdp_session(page)

    nodes = session.send("Accessibility.getFullAXTree")["nodes"]

    names = [
        str(node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored")
    ]
    assert any(name.startswith("Name") for name in names), "the tree was read"
    assert not [name for name in names if trap in name]


def _seen(trap: Locator) -> list[str]:
    """Return every point of the field that a pointer could meet."""
    found: list[str] = trap.evaluate(
        """field => {
            const box = field.getBoundingClientRect(), met = [];
            field.scrollIntoView({block: 'center'});
            for (let x = box.left; x <= box.right; x += 3)
                for (let y = box.top; y <= box.bottom; y += 3)
                    if (document.elementFromPoint(x, y) === field) met.push(`${x} ${y}`);
            return met;
        }"""
    )
    return found
