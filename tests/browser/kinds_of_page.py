"""Every kind of page that the server shows, and how a visitor gets there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from playwright.sync_api import Locator, Page

from comity.services.close_thread import close_thread
from comity.services.context import Context
from comity.services.delete_comment import delete_comment
from comity.services.edit_comment import edit_comment
from comity.services.manage_sites import add_site, set_site
from support.cast import ALICE, BOB, MALLORY, author_of, post

SITES: Final = {
    "ltr": {"website": "optional"},
    "rtl": {"language": "ar", "website": "optional"},
    "held": {"moderation": "hold"},
}
"""Site → choices; each has the same pages."""

EVERYTHING: Final = (
    "A *word*, a **strong** one, a ~~wrong~~ one and `code`.\n\n> Quoted, and\n> quoted again.\n\n"
    "1. first\n2. second\n   - inner\n\n```\nprint('a line of code that is not short at all, no')\n"
    "```\n\nSee https://example.org/a/very/long/path/that/does/not/end/for/a/good/while or "
    "[this](https://example.org). " + "Longwordwithoutanybreak" * 12
)

Opener = Callable[[Page, str], None]
OpenPage = Callable[..., Page]
"""The fixture `open_page`: options of a browser context → a page of a new visitor."""


def prepare(ctx: Context) -> None:
    """Fill the database with what the pages need."""
    for key, choices in SITES.items():
        add_site(ctx, key, "The blog")
        _conversation(ctx, key)
        post(ctx, "Said before it was closed.", site=key, page="/closed")
        close_thread(ctx, key, "/closed")
        set_site(ctx, key, choices)


def _conversation(ctx: Context, site: str) -> None:
    first = post(ctx, EVERYTHING, site=site, page="/nested")
    above = first
    for number in range(7):
        by = (BOB, ALICE, MALLORY)[number % 3]
        above = post(ctx, f"Reply {number}.", by=by, parent=above, site=site, page="/nested")
    answered = post(ctx, "I should not have said that.", site=site, page="/nested")
    post(ctx, "Said what?", by=BOB, parent=answered, site=site, page="/nested")
    until = ctx.clock() + timedelta(minutes=5)
    delete_comment(ctx, author_of(answered, until), answered.id)
    edit_comment(ctx, author_of(first, until), first.id, f"{EVERYTHING}\n\nEdited.")
    post(ctx, "\u0645\u0631\u062d\u0628\u0627 <b>", by=BOB, site=site, page="/nested")
    for number in range(60):
        post(ctx, f"Number {number}.", site=site, page="/many")


def goto(path: str) -> Opener:
    """Return what opens `path`, with the site's key in place of `{site}`."""

    def open_it(page: Page, site: str) -> None:
        page.goto(path.format(site=site))

    return open_it


def permalink(page: Page, site: str) -> None:
    """Open the own page of a reply that stands deep in the conversation."""
    page.goto(f"/comments?site={site}&page=/nested")
    follow(page, page.locator(".comity-when").nth(3))


def reply(page: Page, site: str) -> None:
    """Open the form for a reply."""
    page.goto(f"/comments?site={site}&page=/nested")
    follow(page, page.locator(".comity-actions a").first)


def errors(page: Page, site: str) -> None:
    """Send a form in which everything is wrong."""
    page.goto(f"/comments?site={site}&page=/nested")
    page.locator("#comity-email").fill("not an address")
    press(page)


def preview(page: Page, site: str) -> None:
    """Ask for a preview."""
    page.goto(f"/comments?site={site}&page=/nested")
    fill(page, message=EVERYTHING)
    follow(page, page.get_by_role("button", name="Preview"))


def held(page: Page, site: str) -> None:
    """Send a comment faster than a person can: it waits, and only this browser sees it."""
    page.goto(f"/comments?site={site}&page=/waiting")
    fill(page)
    press(page)


def edit(page: Page, site: str) -> None:
    """Open the form that changes one's own comment."""
    held(page, site)
    follow(page, page.get_by_role("link", name="Edit"))


def edit_errors(page: Page, site: str) -> None:
    """Send a change that leaves nothing."""
    edit(page, site)
    page.locator("#comity-message").fill("")
    press(page)


def delete(page: Page, site: str) -> None:
    """Open the page that asks once more."""
    held(page, site)
    follow(page, page.get_by_role("link", name="Delete"))


def fill(page: Page, **fields: str) -> None:
    """Fill the comment form with Alice's words, or with others."""
    alice = {"name": "Alice", "surname": "Archer", "email": "alice@example.org"}
    for name, value in {**alice, "message": "Good morning.", **fields}.items():
        page.locator(f"#comity-{name}").fill(value)


def press(page: Page) -> None:
    """Press the form's first button."""
    follow(page, page.locator("#comity-form .comity-buttons button").first)


def follow(page: Page, what: Locator) -> None:
    """Click, and wait until what it leads to is there with its stylesheet."""
    with page.expect_navigation():
        what.click()


KINDS: Final[Mapping[str, Opener]] = {
    "demo": goto("/"),
    "empty thread": goto("/comments?site={site}&page=/empty"),
    "nested thread": goto("/comments?site={site}&page=/nested"),
    "first page": goto("/comments?site={site}&page=/many&sort=newest"),
    "closed thread": goto("/comments?site={site}&page=/closed"),
    "embed": goto("/embed?site={site}&page=/nested"),
    "permalink": permalink,
    "reply": reply,
    "errors": errors,
    "preview": preview,
    "held": held,
    "edit": edit,
    "edit errors": edit_errors,
    "delete": delete,
    "api docs": goto("/api/docs"),
    "not found": goto("/comments?site=nobody&page=/"),
    "no such address": goto("/no/such/address"),
    "bad cursor": goto("/comments?site={site}&page=/many&cursor=x"),
}
