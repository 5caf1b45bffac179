"""Thread and form as a section of a host's own page: the Jinja global `comity_comments`."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from flask import render_template, request
from markupsafe import Markup

from comity.errors import InvalidFieldError
from comity.services.post_comment import Place
from comity.web.cursors import decode_cursor, parse_sort

from .thread_view import Paging, thread_context

# Prefixed: the host may have a `sort` of its own.
_SORT: Final = "comity_sort"
_CURSOR: Final = "comity_cursor"


def comity_comments(page: str, site: str = "default") -> Markup:
    """Return the conversation beneath `page` and its form, for a host's template.

    `{{ comity_comments("/posts/hello") }}`. Order and paging stay on the host's
    page, in the parameters `comity_sort` and `comity_cursor`; posting goes to our
    own pages and back. Reads no cookie and sets no header: every visitor gets
    the same section, so nothing personal enters a page that the host may cache.

    Raises:
        NotFoundError: there is no such site, or it has no such page.
    """
    shown = thread_context(Place(site=site, page=page), view="", paging=_paging())
    html = render_template("comity/section.html", **shown)
    return Markup(html)  # noqa: S704 - made by our template, which escapes


def _paging() -> Paging:
    """Return the part that the host's visitor asks for; nonsense asks for the first."""
    try:
        sort = parse_sort(request.args.get(_SORT))
        written = request.args.get(_CURSOR)
        return Paging(
            link=_link, sort=sort, cursor=decode_cursor(written, sort) if written else None
        )
    except InvalidFieldError:
        return Paging(link=_link)


def _link(*, sort: str | None = None, cursor: str | None = None) -> str:
    """Return the same page of the host's with another part of the thread."""
    theirs = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in {_SORT, _CURSOR}
    ]
    ours = [(name, value) for name, value in ((_SORT, sort), (_CURSOR, cursor)) if value]
    return f"?{urlencode(theirs + ours)}#comity"
