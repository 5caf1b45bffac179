"""Our errors as HTTP: one table, and the one place that logs what is not in it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from werkzeug.exceptions import HTTPException

from comity.errors import (
    EditWindowClosedError,
    ForbiddenError,
    FormExpiredError,
    IdempotencyKeyReusedError,
    InvalidCommentError,
    InvalidFieldError,
    NotFoundError,
    RateLimitedError,
    RequestError,
    ThreadClosedError,
    UnavailableError,
)

from .log import log

STATUS: Final[Mapping[type[RequestError], int]] = {
    InvalidCommentError: 422,
    InvalidFieldError: 422,
    FormExpiredError: 422,
    IdempotencyKeyReusedError: 422,
    NotFoundError: 404,
    ThreadClosedError: 403,
    EditWindowClosedError: 403,
    ForbiddenError: 403,
    RateLimitedError: 429,
    UnavailableError: 503,
    RequestError: 400,
}
"""Error → status. The nearest class in the error's ancestry counts."""

_SENTENCES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("bad_request", "We could not understand this request."),
    403: ("forbidden", "You cannot do this."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address cannot be used in this way."),
    413: ("too_large", "This is longer than we accept. Please shorten it and send it again."),
    415: ("unsupported_media_type", "Send this as application/json."),
}
"""Status → code and sentence for errors that the framework raises. Its own descriptions are not
shown: some repeat what was sent, and one escapes it twice."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """An error, ready to be shown as a page or as RFC 9457 problem details."""

    status: int
    code: str
    title: str
    detail: str
    errors: tuple[InvalidFieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    incident: str | None = None


def problem_for(error: Exception) -> Problem:
    """Return what may be said about `error` to the one who met it.

    Whatever is not a request's error is a bug of ours: logged with its
    traceback under an incident id, and shown as that id only (CWE-209).
    """
    if isinstance(error, RequestError):
        return _for_request_error(error)
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:  # noqa: PLR2004
        return _for_http_exception(error, error.code)
    incident = secrets.token_hex(4)
    log(logging.ERROR, "unexpected_error", error, incident=incident)
    return Problem(
        status=500,
        code="internal_error",
        title="Something went wrong",
        detail=f"Something went wrong on our side. If you report it, please quote {incident}.",
        incident=incident,
    )


def _for_request_error(error: RequestError) -> Problem:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    # Refusals are what an operator looks at after an attack (ASVS 16.3.3): which rule, never what.
    log(logging.INFO, "refused", code=error.code, status=status)
    fields: tuple[InvalidFieldError, ...] = ()
    if isinstance(error, InvalidCommentError):
        fields = error.fields
    elif isinstance(error, InvalidFieldError):
        fields = (error,)
    headers: dict[str, str] = {}
    if isinstance(error, RateLimitedError):
        wait = error.retry_after_seconds
        headers = {
            "Retry-After": str(wait),
            "RateLimit-Policy": f'"{error.policy}";q={error.limit}',
            "RateLimit": f'"{error.policy}";r=0;t={wait}',
        }
    elif isinstance(error, UnavailableError):
        headers = {"Retry-After": "30"}
        log(logging.ERROR, "unavailable", error)
    return Problem(
        status=status,
        # One bad field or many: the same kind of problem. Each field's own code is in `errors`.
        code=InvalidCommentError.code if fields else error.code,
        title=_phrase(status),
        detail=error.message,
        errors=fields,
        headers=headers,
    )


def _for_http_exception(error: HTTPException, status: int) -> Problem:
    code, sentence = _SENTENCES.get(status, _SENTENCES[400])
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() in {"allow", "retry-after"}
    }
    return Problem(
        status=status, code=code, title=_phrase(status), detail=sentence, headers=headers
    )


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
