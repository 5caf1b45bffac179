"""The blueprint of the API: what happens before and after each of its requests."""

from __future__ import annotations

from typing import Final

import msgspec
from flask import Blueprint, Response, g, request

from comity.model import Site
from comity.services.list_sites import all_origins
from comity.web.errors import Problem, problem_for
from comity.web.security import cors
from comity.web.security.body_size import cap_body
from comity.web.security.headers import protect
from comity.web.state import context, is_ours_over_https

from .schemas import FieldProblemJson, FormJson, ProblemJson

api: Final = Blueprint("comity_api", "comity", url_prefix="/api/v1")

_SITE: Final = "_comity_api_site"
_FORM: Final = "_comity_api_form"
_encode: Final = msgspec.json.Encoder().encode


@api.before_request
def before_request() -> Response | None:
    """Answer a preflight; cap every other body."""
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return cors.preflight(Response(status=204), all_origins(context()))
    cap_body()
    return None


@api.after_request
def after_request(response: Response) -> Response:
    """Allow the site's own origins to read the answer, and protect it."""
    if request.method != "OPTIONS":
        cors.allow(response, g.get(_SITE))
    return protect(response, is_ours_over_https=is_ours_over_https())


@api.errorhandler(Exception)
def show_error(error: Exception) -> Response:
    """Show any error as problem details (RFC 9457)."""
    return problem_response(problem_for(error), g.get(_FORM))


def answer(body: msgspec.Struct, status: int = 200) -> Response:
    """Return `body` as JSON."""
    return Response(_encode(body), status, mimetype="application/json")


def problem_response(problem: Problem, form: FormJson | None = None) -> Response:
    """Return `problem` as `application/problem+json`."""
    body = ProblemJson(
        type="about:blank",
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        errors=[
            FieldProblemJson(
                field=error.field,
                code=error.code,
                message=error.message,
                limit=msgspec.UNSET if error.limit is None else error.limit,
            )
            for error in problem.errors
        ],
        incident=problem.incident,
        form=form,
    )
    response = Response(_encode(body), problem.status, mimetype="application/problem+json")
    response.headers.update(problem.headers)
    return response


def concerns(site: Site) -> None:
    """Say which site this request is about: its origins may read the answer, errors included."""
    setattr(g, _SITE, site)


def renew_form(form: FormJson) -> None:
    """Give a fresh form with the error that is about to be answered."""
    setattr(g, _FORM, form)
