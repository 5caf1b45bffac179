"""A page's conversation, for every view that shows one: page, frame, host's section, demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from flask import request, url_for

from comity.model import Comment, Site
from comity.services.post_comment import Place
from comity.services.read_thread import ReadThread, read_thread
from comity.store.thread_pages import Cursor, Sort
from comity.web.cursors import decode_cursor, encode_cursor, parse_sort
from comity.web.state import context, state

from .forms import Sent, comment_form
from .message_page import stylesheet_url
from .present import Shown, present_site, present_tree
from .views import Link, ThreadView

EMBED: Final = "embed"

_URL_CHARACTERS: Final = "/?&=#%:@!$'()*+,;~-._"


@dataclass(frozen=True, kw_only=True)
class Paging:
    """Which part of a thread is asked for, and how a link to another part is spelled.

    `link` takes `sort` and `cursor`, each None for the default.
    """

    link: Callable[..., str]
    sort: Sort = Sort.OLDEST
    cursor: Cursor | None = None


def requested_paging(place: Place, view: str) -> Paging:
    """Return the part that this request to one of our own pages asks for.

    Raises:
        InvalidFieldError: `sort` or `cursor` is not one of ours.
    """
    endpoint = "comity.embed" if view == EMBED else "comity.thread"
    sort = parse_sort(request.args.get("sort"))
    written = request.args.get("cursor")
    return Paging(
        link=partial(url_for, endpoint, site=place.site, page=place.page),
        sort=sort,
        cursor=decode_cursor(written, sort) if written else None,
    )


def thread_context(
    place: Place,
    *,
    view: str,
    sent: Sent | None = None,
    parent: Comment | None = None,
    paging: Paging | None = None,
) -> dict[str, Any]:
    """Return what the thread templates need; for the part that the request asks for.

    Raises:
        NotFoundError: no such site or page.
        InvalidFieldError: `sort` or `cursor` is not one of ours.
    """
    paging = paging or requested_paging(place, view)
    found = read_thread(context(), place.site, place.page, sort=paging.sort, after=paging.cursor)
    return {
        "site": present_site(found.site),
        "title": found.site.title,
        "thread": _thread_view(found, view, paging),
        "form": None
        if found.is_closed and sent is None
        else comment_form(found.site, found.page, view=view, parent=parent, sent=sent),
        "back_url": back_url(found.site, found.page) if view != EMBED else None,
        "is_embed": view == EMBED,
        "stylesheet_url": stylesheet_url(),
        "site_row": found.site,
    }


def back_url(site: Site, page: str) -> str | None:
    """Return the address of the page that is commented on, where we know it.

    Always below an origin that the owner named, or a path of the host: a page
    cannot lead elsewhere (CWE-601). Percent-encoded, so a backslash stays one.
    """
    path = quote(page, safe=_URL_CHARACTERS)
    if site.origins:
        return f"{site.origins[0]}{path}"
    return None if state().is_standalone else path


def requested_view() -> str:
    """Return the view that a request asks to stay in: `embed`, or nothing for the full page."""
    return EMBED if request.values.get("view") == EMBED else ""


def _thread_view(found: ReadThread, view: str, paging: Paging) -> ThreadView:
    url = paging.link
    shown = Shown(now=context().clock(), view=view, can_reply=not found.is_closed)
    sort = None if found.sort is Sort.OLDEST else str(found.sort)
    next_cursor = encode_cursor(found.next_cursor)
    return ThreadView(
        page=found.page,
        url=url(),
        comment_count=found.comment_count,
        is_closed=found.is_closed,
        sorts=tuple(
            Link(
                label=order.capitalize(),
                url=url(sort=None if order is Sort.OLDEST else str(order)),
                is_current=order is found.sort,
            )
            for order in Sort
        ),
        comments=present_tree(found.comments, found.parents, shown),
        next_url=url(sort=sort, cursor=next_cursor) if next_cursor else None,
        first_url=url(sort=sort) if paging.cursor else None,
    )
