"""A page that says one thing: what went wrong, and what to do."""

from __future__ import annotations

from typing import Final

from flask import Response, make_response, render_template, url_for

from comity.web.errors import Problem

_HEADINGS: Final = {
    403: "Not this way",
    404: "Nothing here",
    413: "Too long",
    429: "A moment, please",
    500: "Something went wrong",
    503: "Not available at the moment",
}


def message_page(problem: Problem) -> Response:
    """Return `problem` as a page, with its status and headers."""
    response = make_response(
        render_template(
            "comity/message_page.html",
            title=_HEADINGS.get(problem.status, problem.title),
            heading=_HEADINGS.get(problem.status, problem.title),
            text=" ".join([problem.detail, *(error.message for error in problem.errors)])
            if problem.code == "invalid_comment"
            else problem.detail,
            links=(),
            incident=problem.incident,
            site=None,
            stylesheet_url=stylesheet_url(),
        ),
        problem.status,
    )
    response.headers.update(problem.headers)
    return response


def stylesheet_url() -> str:
    """Return where the stylesheet is under this mount."""
    return url_for("comity.static", filename="comity.css")
