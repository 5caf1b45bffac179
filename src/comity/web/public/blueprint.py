"""The blueprint of the pages: what happens before and after each of them."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, g, request

from comity.model import Site
from comity.web.errors import problem_for
from comity.web.security.body_size import cap_body
from comity.web.security.headers import protect
from comity.web.security.sessions import open_session, save_session
from comity.web.state import is_ours_over_https

from .message_page import message_page

pages: Final = Blueprint(
    "comity",
    "comity",
    template_folder="templates",
    static_folder="static/comity",
    static_url_path="/static/comity",
)

_FRAMED: Final = "_comity_framed_by"


@pages.before_request
def before_page() -> None:
    """Cap the body, then read the visitor's cookie."""
    cap_body()
    open_session(current_app._get_current_object(), request)  # type: ignore[attr-defined]  # noqa: SLF001


@pages.after_request
def after_page(response: Response) -> Response:
    """Write the cookie if it changed, and protect the answer."""
    save_session(current_app._get_current_object(), response)  # type: ignore[attr-defined]  # noqa: SLF001
    return protect(
        response,
        is_ours_over_https=is_ours_over_https(),
        framed_by=g.get(_FRAMED),
    )


@pages.errorhandler(Exception)
def show_error(error: Exception) -> Response:
    """Show any error as a page for a person."""
    return message_page(problem_for(error))


def allow_framing(site: Site) -> None:
    """Let pages of the site's own origins show this answer in a frame."""
    setattr(g, _FRAMED, list(site.origins))
