"""Which other origins' pages may use the API: exactly those that the site's owner named."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Response, request

from comity.errors import ForbiddenError
from comity.model import Site
from comity.web.state import context

_METHODS: Final = "GET, POST, PATCH, DELETE"
_HEADERS: Final = "Authorization, Content-Type, Idempotency-Key"
_PREFLIGHT_SECONDS: Final = "600"


class OriginRefusedError(ForbiddenError):
    """A page of an origin that this site's owner has not named."""

    code = "origin_not_allowed"
    message = "Pages of this origin may not write here. The owner can allow it: comity site set."


def allow(response: Response, site: Site | None) -> Response:
    """Let a page of one of the site's own origins read `response`.

    The exact origin or none, never `*`, never a reflected one (CWE-942), no
    credentials: the API takes no cookie. `Vary: Origin` on every answer, also
    where nothing was allowed, or a cache would give one origin's answer to another.
    """
    response.headers.add("Vary", "Origin")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    origin = request.headers.get("Origin")
    if origin is not None and site is not None and origin in site.origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After, RateLimit, Location"
    return response


def preflight(response: Response, origins: set[str]) -> Response:
    """Answer a browser's question before a cross-origin write.

    It names no site, so `origins` are those of all sites; the write itself is
    held to its own site's.
    """
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin in origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
        response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
    return response


def refuse_unknown_origin(site: Site) -> None:
    """Refuse a write that a browser sends from a page of an origin nobody named.

    Without `Origin` it is no browser's cross-origin request. Our own origin is
    always welcome.

    Raises:
        OriginRefusedError: 403.
    """
    origin = request.headers.get("Origin")
    if origin is None or origin in site.origins or is_our_own(origin):
        return
    raise OriginRefusedError


def is_our_own(origin: str) -> bool:
    """Whether a page of this very server says `origin`; one that nobody can read is not ours."""
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return host in {request.host, urlsplit(context().settings.public_url).netloc}
