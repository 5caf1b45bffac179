"""A cap on what we read, before anything is read."""

from __future__ import annotations

from typing import Final

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

MAX_BODY_BYTES: Final = 262_144
"""Twice the longest honest form: 10,000 characters at 12 bytes each, percent-encoded emoji."""

MAX_FORM_PARTS: Final = 30


def cap_body() -> None:
    """Refuse a longer body by its declared length; cut off one that does not declare it.

    Set on the request, not in the application's configuration: a host keeps its
    own (CWE-400).

    Raises:
        RequestEntityTooLarge: 413.
    """
    request.max_content_length = MAX_BODY_BYTES
    request.max_form_memory_size = MAX_BODY_BYTES
    request.max_form_parts = MAX_FORM_PARTS
    if request.content_length is not None and request.content_length > MAX_BODY_BYTES:
        raise RequestEntityTooLarge
