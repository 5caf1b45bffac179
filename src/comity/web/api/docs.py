"""The API described: for machines as OpenAPI, for people as a page."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for
from msgspec import json

from comity.web.errors import problem_for
from comity.web.security.headers import protect
from comity.web.state import is_ours_over_https, state

from .blueprint import api, problem_response
from .openapi import openapi_document

docs: Final = Blueprint("comity_docs", "comity", url_prefix="/api")


@api.get("/openapi.json")
def openapi() -> Response:
    """Give the OpenAPI 3.1 document; public, so any page's tool may read it."""
    response = Response(json.encode(_document()), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@docs.get("/docs")
def read() -> str:
    """Show the same document as a page; no script, nothing from elsewhere."""
    return render_template(
        "comity/api_docs.html",
        api=_document(),
        title="API",
        site=None,
        stylesheet_url=url_for("comity.static", filename="comity.css"),
    )


@docs.after_request
def after_docs(response: Response) -> Response:
    """Protect the page."""
    return protect(response, is_ours_over_https=is_ours_over_https())


@docs.errorhandler(Exception)
def show_error(error: Exception) -> Response:
    """Show any error as problem details."""
    return problem_response(problem_for(error))


def _document() -> dict[str, Any]:
    return openapi_document(f"{request.script_root}{state().url_prefix}/api/v1")
