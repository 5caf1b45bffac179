"""Every error Comity raises on purpose, as one tree; nothing here knows HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class ComityError(Exception):
    """The root: catch this to catch everything we raise on purpose."""


class ConfigurationError(ComityError):
    """The operator must change something before Comity can start.

    Its text is one line that says what is wrong and what to do; the command
    line prints it as it is and exits with status 2.
    """


class RequestError(ComityError):
    """Something the sender of one request can understand and put right.

    `code` is stable and made for programs, `message` is a sentence made for
    people. Both are safe to show: neither ever repeats what was sent, except
    as an escaped or JSON-encoded fact.
    """

    code = "request_refused"
    message = "This request cannot be accepted."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or type(self).message
        super().__init__(self.message)


class InvalidFieldError(RequestError):
    """One field breaks one rule.

    Attributes:
        field: the field's name as the form and the API spell it.
        code: `required`, `too_short`, `too_long`, `invalid` or `unknown`.
        limit: the number in the rule, in characters, or None.
    """

    def __init__(self, field: str, code: str, message: str, limit: int | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.limit = limit


class InvalidCommentError(RequestError):
    """A comment breaks rules; `fields` names every bad field at once, in form order."""

    code = "invalid_comment"

    def __init__(self, fields: Sequence[InvalidFieldError]) -> None:
        self.fields = tuple(fields)
        count = len(self.fields)
        super().__init__(
            "1 field needs your attention."
            if count == 1
            else f"{count} fields need your attention."
        )


class NotFoundError(RequestError):
    """There is nothing here for you: absent, or not yours to see (CWE-204: one answer for both)."""

    code = "not_found"
    message = "There is nothing at this address."


class ThreadClosedError(RequestError):
    """The page takes no more comments."""

    code = "thread_closed"
    message = "This conversation is closed. You can read it, but not add to it."


class ForbiddenError(RequestError):
    """The sender may see this, but not do that."""

    code = "forbidden"
    message = "You cannot do this."


class EditWindowClosedError(ForbiddenError):
    """The author came back after the time for changes was over."""

    code = "edit_window_closed"
    message = "The time for changing this comment is over. Reply to it instead."


class FormExpiredError(RequestError):
    """The form's signed token is missing, altered, too old, or made for another page.

    The words stay with the sender: the page shows the same form with a fresh
    token, the API's answer carries one.
    """

    code = "form_expired"
    message = "This form had been open for too long. Nothing is lost: please send it again."


class FormReplayedError(FormExpiredError):
    """The form's token has already posted a different comment."""

    code = "form_replayed"
    message = (
        "This form has already posted a comment. Send it again if you want to post this one too."
    )


class IdempotencyKeyReusedError(RequestError):
    """An idempotency key came back with another body within 24 hours."""

    code = "idempotency_key_reused"
    message = "This Idempotency-Key has already been used for a different comment."


class RateLimitedError(RequestError):
    """Too much, too fast.

    Attributes:
        policy: the name of the limit that was reached.
        limit: how many acts it allows in its window.
        retry_after_seconds: how long until the next one is allowed.
    """

    code = "rate_limited"

    def __init__(self, policy: str, limit: int, retry_after_seconds: int) -> None:
        self.policy = policy
        self.limit = limit
        self.retry_after_seconds = max(1, retry_after_seconds)
        wait = _in_words(self.retry_after_seconds)
        super().__init__(f"That was a lot at once. Nothing is lost: please try again in {wait}.")


class UnavailableError(RequestError):
    """We cannot serve this now; the same request may succeed later."""

    code = "unavailable"
    message = "The comments are not available at the moment. Please try again in a minute."


class TokenError(ComityError):
    """A signed token is altered, expired, or was made for another purpose or object."""


class TokenExpiredError(TokenError):
    """The signature is ours but its time is over; `issued_at` says when it began."""

    def __init__(self, issued_at: datetime) -> None:
        super().__init__("This token has expired.")
        self.issued_at = issued_at


def _in_words(seconds: int) -> str:
    if seconds < 90:  # noqa: PLR2004 - below this, seconds read better than minutes
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"
