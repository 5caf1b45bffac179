from __future__ import annotations

import re

import pytest
from kinds_of_page import OpenPage, fill, held, press
from playwright.sync_api import Page, expect

pytest_plugins = ("browser_fixtures",)
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1"])]

MIN_FORM_MS = 2100
TYPED = "Tom & Jerry <3 **bold** [x](javascript:alert(1)) <script>alert(1)</script>"
SEAN = {"name": "Seán", "surname": "O'Brien", "email": "a&b@example.org", "message": TYPED}
COMMENT_URL = re.compile(r"/comments/[0-9a-f-]{36}(\?view=embed)?#comment-[0-9a-f-]{36}$")


def post(page: Page, **fields: str) -> None:
    """Fill the form as it is here, no faster than a person could, and send it."""
    fill(page, **fields)
    page.wait_for_timeout(MIN_FORM_MS)
    press(page)
    expect(page).to_have_url(COMMENT_URL)


def test_a_comment_is_posted_from_the_demo_page_and_shown_as_it_was_meant(page: Page) -> None:
    page.goto("/")
    post(page, **SEAN)

    shown = page.locator(".comity-comment").first
    assert shown.locator(".comity-author").inner_text() == "Seán O'Brien"
    message = shown.locator(".comity-message")
    assert message.inner_text() == "Tom & Jerry <3 bold x <script>alert(1)</script>"
    assert message.locator("strong").all_inner_texts() == ["bold"]
    assert message.locator("script, [href]").count() == 0
    assert "a&b@example.org" not in page.locator("body").inner_text()
    assert "example.org" not in page.locator("main").inner_html().split("<form")[0]
    expect(page.locator(f"[id='{page.url.partition('#')[2]}']")).to_be_in_viewport()

    page.goto("/")
    expect(page.locator("bdi", has_text="Seán O'Brien").first).to_be_visible()


def test_four_bad_fields_have_four_messages_beside_them_and_keep_what_was_typed(
    page: Page,
) -> None:
    typed = {"name": "N" * 51, "surname": "S" * 60, "email": "a&b <c>@", "message": "<"}
    page.goto("/comments?site=ltr&page=/errors")
    for field in typed:  # what a browser without limits would send, a paste for example
        page.locator(f"#comity-{field}").evaluate("field => field.removeAttribute('maxlength')")
    fill(page, **typed)
    press(page)

    assert page.title().startswith("Error: ")
    for field, value in typed.items():
        box = page.locator(f"#comity-{field}")
        expect(box).to_have_value(value)
        expect(box).to_have_attribute("aria-invalid", "true")
        described = (box.get_attribute("aria-describedby") or "").split()
        assert f"comity-{field}-error" in described
        beside = page.locator(f".comity-field:has(#comity-{field}) .comity-error")
        expect(beside).to_be_visible()
        assert len(beside.inner_text()) > 10
    assert page.locator(".comity-error").count() == 4


def test_the_summary_of_errors_has_the_focus_and_leads_to_each_field(page: Page) -> None:
    page.goto("/comments?site=ltr&page=/errors")
    fill(page, name="", surname="", email="nobody", message="")
    press(page)

    summary = page.locator("#comity-errors")
    expect(summary).to_be_focused()
    assert summary.locator("p").inner_text() == "4 fields need your attention"
    links = summary.locator("a")
    assert links.count() == 4
    for number, field in enumerate(("name", "surname", "email", "message")):
        links.nth(number).press("Enter")
        expect(page.locator(f"#comity-{field}")).to_be_focused()


def test_newlines_spaces_and_markup_come_back_as_they_were_typed(page: Page) -> None:
    typed = "\n\n  <textarea>&amp; </textarea>\n\ttab \n"
    page.goto("/comments?site=ltr&page=/errors")
    fill(page, email="nobody", message=typed, name='"><b>', surname="&#39;")
    press(page)

    expect(page.locator("#comity-message")).to_have_value(typed)
    expect(page.locator("#comity-name")).to_have_value('"><b>')
    expect(page.locator("#comity-surname")).to_have_value("&#39;")


def test_a_corrected_form_is_posted(page: Page) -> None:
    page.goto("/comments?site=ltr&page=/corrected")
    fill(page, email="nobody")
    press(page)

    post(page)


def test_a_preview_shows_the_message_and_posts_it_afterwards(page: Page) -> None:
    page.goto("/comments?site=ltr&page=/previewed")
    fill(page, **SEAN)
    page.get_by_role("button", name="Preview").click()

    preview = page.locator(".comity-preview")
    assert preview.locator("strong").all_inner_texts() == ["Seán O'Brien", "bold"]
    expect(page.locator("#comity-message")).to_have_value(TYPED)
    page.wait_for_timeout(MIN_FORM_MS)
    press(page)

    expect(page).to_have_url(COMMENT_URL)


def test_an_author_changes_and_deletes_a_comment(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/comments?site=ltr&page=/changed")
    post(page, message=TYPED)
    permalink = page.url.partition("#")[0]

    page.get_by_role("link", name="Edit").click()
    expect(page.locator("#comity-message")).to_have_value(TYPED)
    page.locator("#comity-message").fill("Said *better*.")
    press(page)

    expect(page).to_have_url(COMMENT_URL)
    assert page.locator(".comity-message").first.inner_text() == "Said better."
    assert page.locator(".comity-edited").count() == 1
    stranger = open_page()
    stranger.goto(permalink)
    assert stranger.get_by_role("link", name="Edit").count() == 0

    page.get_by_role("link", name="Delete").click()
    press(page)
    expect(page).to_have_url(re.compile(r"/comments\?site=ltr&page=(/|%2F)changed$"))
    assert "Said better." not in page.locator("body").inner_text()
    stranger.goto(permalink)
    assert "Said better." not in stranger.locator("body").inner_text()


def test_replies_stand_three_deep_beneath_what_they_answer(page: Page) -> None:
    page.goto("/comments?site=ltr&page=/deep")
    post(page, message="The ground.")
    for level in ("First.", "Second.", "Third."):
        page.locator(".comity-highlighted .comity-actions a").first.click()
        post(page, message=level)
    page.goto("/comments?site=ltr&page=/deep")

    item = " > .comity-replies > .comity-item"
    third = page.locator(f".comity-comments > .comity-item{item * 3} .comity-message")
    assert third.all_inner_texts() == ["Third."]
    x = [box["x"] for one in page.locator(".comity-item").all() if (box := one.bounding_box())]
    assert len(x) == 4
    assert x == sorted(set(x)), "each reply is indented"


def test_a_held_comment_is_shown_to_its_author_alone(open_page: OpenPage) -> None:
    author, stranger = open_page(), open_page()
    held(author, "held")

    assert author.locator(".comity-mark").inner_text() == "Waiting for approval"
    assert "arrived" in author.locator(".comity-notice").inner_text()
    stranger.goto("/comments?site=held&page=/waiting")
    assert stranger.locator(".comity-comment").count() == 0


def test_who_wants_to_be_remembered_is_and_only_who_wants_to(open_page: OpenPage) -> None:
    kept = {"name": "Seán", "surname": "O'Brien", "email": "a&b@example.org"}
    page = open_page()
    page.goto("/comments?site=ltr&page=/remembered")
    fill(page, **kept)
    press(page)
    page.goto("/comments?site=ltr&page=/remembered")
    expect(page.locator("#comity-name")).to_have_value("")

    fill(page, **kept)
    page.locator("#comity-remember").check()
    press(page)
    page.goto("/comments?site=rtl&page=/elsewhere")

    for field, value in kept.items():
        expect(page.locator(f"#comity-{field}")).to_have_value(value)
    expect(page.locator("#comity-remember")).to_be_checked()
    expect(page.locator("#comity-message")).to_have_value("")
    cookie = next(one for one in page.context.cookies() if one.get("name") == "comity")
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"
    page.locator("#comity-remember").uncheck()
    page.locator("#comity-message").fill("Forget me.")
    press(page)
    page.goto("/comments?site=ltr&page=/remembered")
    expect(page.locator("#comity-name")).to_have_value("")
