"""The headers that tell a browser what our answers may do: as good as nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Response

_POLICY: Final = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    # No script at all: these two make even a script that slipped in find no sink (CWE-79).
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)

_DATA_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}

_TWO_YEARS_SECONDS: Final = 63_072_000


def protect(
    response: Response, *, is_ours_over_https: bool, framed_by: Sequence[str] | None = None
) -> Response:
    """Set every security header on `response`, whatever it is, errors included.

    `framed_by`: the exact origins that may show it in a frame, for the embed
    page; None means nobody. `is_ours_over_https`: the whole host name is ours and
    reached by https, so that browsers may be told to stay there; a host that we
    are mounted in decides that for itself. Source: OWASP Secure Headers, ASVS 5.0 V3.4.
    """
    headers = response.headers
    for name, value in _EVERYWHERE.items():
        headers.setdefault(name, value)
    if response.mimetype == "text/html":
        ancestors = " ".join(("'self'", *framed_by)) if framed_by is not None else "'none'"
        headers["Content-Security-Policy"] = "; ".join((*_POLICY, f"frame-ancestors {ancestors}"))
    else:
        headers.setdefault("Content-Security-Policy", _DATA_POLICY)
    if framed_by is None:
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    else:
        # A page with COEP may frame only what says that it may be framed.
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    # Nothing here may be kept by a shared cache: a page can hold its author's own held comment.
    headers.setdefault("Cache-Control", "private, no-store")
    if is_ours_over_https:
        headers.setdefault(
            "Strict-Transport-Security", f"max-age={_TWO_YEARS_SECONDS}; includeSubDomains"
        )
    headers["Server"] = "Comity"  # without a version; granian would put its own name
    return response
