"""No other site can make a visitor's browser post here."""

from __future__ import annotations

from flask import request

from comity.errors import ForbiddenError

from .cors import is_our_own

_WORDS = "This form was sent from another website. Open the page here and send it again."


def refuse_cross_site() -> None:
    """Refuse a form that a browser says was sent by another site (CWE-352).

    `Sec-Fetch-Site` is written by the browser and cannot be forged by a page;
    browsers without it send `Origin` with every POST. A client that sends
    neither is no browser, so it carries nobody's authority; it still needs the
    form's signed token. Source: OWASP CSRF cheat sheet, Fetch Metadata.

    Raises:
        ForbiddenError: the form came from elsewhere.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise ForbiddenError(_WORDS)
        return
    origin = request.headers.get("Origin")
    # "null" is what a sandboxed frame or a data: page sends: not us.
    if origin is not None and not is_our_own(origin):
        raise ForbiddenError(_WORDS)
