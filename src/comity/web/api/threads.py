"""Threads over JSON: a page of one, the form for it, and counts for many."""

from __future__ import annotations

from flask import Response, request

from comity.services.list_sites import get_site
from comity.services.read_thread import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    count_comments,
    read_thread,
)
from comity.web.cursors import decode_cursor, parse_sort
from comity.web.state import context

from .blueprint import answer, api, concerns
from .present import present_form, present_thread
from .request_fields import (
    json_body,
    limit_query,
    read_body,
    refuse_unknown_query,
    required_query,
)
from .schemas import CountsBody, CountsJson


@api.get("/comments")
def index() -> Response:
    """Show one page of a conversation, replies nested beneath what they answer."""
    refuse_unknown_query("site", "page", "sort", "cursor", "limit")
    site, page = required_query("site"), required_query("page")
    concerns(get_site(context(), site))
    sort = parse_sort(request.args.get("sort"))
    written = request.args.get("cursor")
    found = read_thread(
        context(),
        site,
        page,
        sort=sort,
        limit=limit_query(DEFAULT_LIMIT, MAX_LIMIT),
        after=decode_cursor(written, sort) if written else None,
    )
    return answer(present_thread(found))


@api.get("/form")
def form() -> Response:
    """Give a fresh form for one page: its token, its honeypot, its fields with their limits."""
    refuse_unknown_query("site", "page")
    site, page = required_query("site"), required_query("page")
    found = read_thread(context(), site, page, limit=1)
    concerns(found.site)
    return answer(present_form(context(), found.site, page, is_closed=found.is_closed))


@api.post("/counts")
def counts() -> Response:
    """Count the comments of up to 100 pages in one query."""
    refuse_unknown_query()
    body = read_body(json_body(), CountsBody)
    concerns(get_site(context(), body.site))
    return answer(
        CountsJson(site=body.site, counts=dict(count_comments(context(), body.site, body.pages)))
    )
