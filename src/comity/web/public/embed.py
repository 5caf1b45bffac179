"""The same thread for a frame on the site's own pages."""

from __future__ import annotations

from flask import Response, make_response, render_template, request, url_for

from comity.services.post_comment import Place

from .blueprint import allow_framing, pages
from .thread_view import EMBED, thread_context


@pages.get("/embed")
def embed() -> Response:
    """Show a page's comments and the form, for an iframe.

    Only pages of the site's origins may frame it (CWE-1021).
    """
    place = Place(site=request.args.get("site", ""), page=request.args.get("page", ""))
    shown = thread_context(place, view=EMBED)
    shown["full_url"] = url_for("comity.thread", site=place.site, page=place.page)
    allow_framing(shown["site_row"])
    return make_response(render_template("comity/embed.html", **shown))
