"""A cap on what we read, before anything is read."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import LimitedStream

MAX_BODY_BYTES: Final = 262_144
"""Twice the longest honest form: 10,000 characters at 12 bytes each, percent-encoded emoji."""

MAX_FORM_PARTS: Final = 30


_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def cap_body() -> None:
    """Refuse a longer body by its declared length, unread; without one, as soon as it is longer.

    Set on the request, not in the application's configuration: a host keeps its
    own (CWE-400).

    Raises:
        RequestEntityTooLarge: 413.
    """
    request.max_content_length = MAX_BODY_BYTES
    request.max_form_memory_size = MAX_BODY_BYTES
    request.max_form_parts = MAX_FORM_PARTS
    if request.content_length is None:
        _read_undeclared()
    elif request.content_length > MAX_BODY_BYTES:
        raise RequestEntityTooLarge


def _read_undeclared() -> None:
    # Left to itself, Werkzeug cuts such a body off at the limit and believes the half of it.
    environ = request.environ
    if request.method in _WITHOUT_BODY or not environ.get("wsgi.input_terminated"):
        return
    body = LimitedStream(environ["wsgi.input"], MAX_BODY_BYTES + 1, is_max=True).read()
    if len(body) > MAX_BODY_BYTES:
        raise RequestEntityTooLarge
    environ["wsgi.input"] = BytesIO(body)
