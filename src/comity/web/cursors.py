"""Cursors as text: opaque to the one who holds them, checked when they come back."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from typing import Final

from comity.errors import InvalidFieldError
from comity.store.thread_pages import Cursor, Sort

_MAX_CHARS: Final = 200
_MAX_SCORE: Final = 2**31 - 1  # an integer column of PostgreSQL


def encode_cursor(cursor: Cursor | None) -> str | None:
    """Return the cursor as URL-safe text. Not signed: it names a place in a public thread."""
    if cursor is None:
        return None
    facts = [cursor.sort, cursor.root_id.hex, cursor.last_id.hex, cursor.score]
    return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")


def decode_cursor(text: str, sort: Sort) -> Cursor:
    """Return the cursor that `encode_cursor` wrote for the same order.

    Raises:
        InvalidFieldError: it is something else.
    """
    try:
        cursor = _decode(text[:_MAX_CHARS])
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise InvalidFieldError(
            "cursor", "invalid", "This cursor is not from this thread. Start again without one."
        ) from error
    if cursor.sort is not sort:
        raise InvalidFieldError("cursor", "invalid", "This cursor is of another order.")
    return cursor


def _decode(text: str) -> Cursor:
    padded = text + "=" * (-len(text) % 4)
    sort, root, last, score = json.loads(base64.b64decode(padded, b"-_", validate=True))
    if type(score) is not int or not -_MAX_SCORE <= score <= _MAX_SCORE:
        raise ValueError("not a score")
    return Cursor(sort=Sort(sort), root_id=uuid.UUID(root), last_id=uuid.UUID(last), score=score)


def parse_sort(text: str | None) -> Sort:
    """Return the order that `text` names; the oldest first where it names none.

    Raises:
        InvalidFieldError: there is no such order.
    """
    try:
        return Sort(text) if text else Sort.OLDEST
    except ValueError as error:
        raise InvalidFieldError("sort", "invalid", "sort is oldest, newest or top.") from error
