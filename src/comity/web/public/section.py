"""Thread and form as a section of a host's own page: the Jinja global `comity_comments`."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup

from comity.services.post_comment import Place

from .thread_view import thread_context


def comity_comments(page: str, site: str = "default") -> Markup:
    """Return the conversation beneath `page` and its form, for a host's template.

    `{{ comity_comments("/posts/hello") }}`. Reads the request's `sort` and
    `cursor`, as the page of its own does. Sets no header and no cookie on the
    host's answer: what posting needs is in the form.

    Raises:
        NotFoundError: there is no such site, or it has no such page.
    """
    shown = thread_context(Place(site=site, page=page), view="")
    return Markup(render_template("comity/section.html", **shown))  # noqa: S704 - our template, escaped
