"""Where a comment belongs: the site with its rules, and a page that the site has."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from comity.errors import NotFoundError
from comity.model import Site
from comity.model.thread import MAX_PAGE_CHARS
from comity.store import sites
from comity.text.canonical import canonicalize
from comity.text.fields import FieldRule, Presence, rules_for

_NO_SUCH_PAGE: Final = "This site has no comments for this page."


def get_site_and_page(session: Session, site_key: str, page: str) -> Site:
    """Return the site if `page` is one that it may have.

    A page is a path: it begins with one slash, is at most 512 characters, has
    no hidden characters, and begins as one of the site's `page_prefixes`.

    Raises:
        NotFoundError: no such site, or the site has no such page.
    """
    site = sites.get(session, site_key)
    if not is_page(page):
        raise NotFoundError(_NO_SUCH_PAGE)
    if site.page_prefixes and not page.startswith(tuple(site.page_prefixes)):
        raise NotFoundError(_NO_SUCH_PAGE)
    return site


def is_page(page: str) -> bool:
    """Whether `page` is a path that a page can have: what is asked is what is stored."""
    return (
        page.startswith("/")
        and not page.startswith("//")
        and "\\" not in page  # a browser reads it as a slash: "/\\evil.example" leads elsewhere
        and len(page) <= MAX_PAGE_CHARS
        and canonicalize(page, one_line=True) == page
    )


def site_rules(site: Site) -> dict[str, FieldRule]:
    """Return the field table with the site's choices in it."""
    return dict(
        rules_for(
            surname=Presence(site.surname),
            email=Presence(site.email),
            website=Presence(site.website),
        )
    )
