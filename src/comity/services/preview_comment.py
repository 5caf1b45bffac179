"""Show a message as it would be published, without storing anything."""

from __future__ import annotations

from comity.errors import InvalidCommentError, InvalidFieldError
from comity.text.render import render
from comity.text.safe_text import SafeHtml
from comity.text.sanitize import sanitize
from comity.text.validate import validate


def preview_comment(raw_message: str) -> SafeHtml:
    """Return the message as HTML, by the very road that a stored one takes (CVE-2026-64670).

    Raises:
        InvalidCommentError: it would not be accepted.
    """
    message = sanitize(raw_message)
    try:
        validate(message, "message")
    except InvalidFieldError as error:
        raise InvalidCommentError([error]) from error
    return render(message)
