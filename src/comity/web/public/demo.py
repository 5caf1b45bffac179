"""The front page of a new installation: a page with comments, to try everything on."""

from __future__ import annotations

from flask import Response, make_response, render_template

from comity.services.post_comment import Place

from .thread_view import thread_context

DEMO_SITE = "default"
DEMO_PAGE = "/demo"


def demo() -> Response:
    """Show the demo page."""
    shown = thread_context(Place(site=DEMO_SITE, page=DEMO_PAGE), view="")
    shown |= {
        "title": "A demo page",
        "back_url": None,
        "notes": (
            "This is the demo page of your Comity server. Try the form: it is the real one.",
        ),
    }
    return make_response(render_template("comity/demo.html", **shown))
