"""Validate an e-mail address: our own regular expression first, then the standard library of it."""

from __future__ import annotations

import re
from typing import Final

from email_validator import EmailNotValidError
from email_validator import validate_email as _check_standard

from comity.errors import InvalidFieldError

from .fields import FIELDS, MAX_LOCAL_CHARS
from .safe_text import TextT, plain

_WIDE: Final = r"\u00a1-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000effff"
_ATOM: Final = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~\-{_WIDE}]+"
_LABEL: Final = rf"[A-Za-z0-9{_WIDE}][A-Za-z0-9\-{_WIDE}]*"

# Dot-atom @ labels (RFC 5321, RFC 6531). Every repetition ends at a character that it cannot
# contain, so matching is linear: no nested choice for a hostile string to explore (CWE-1333).
# Left out on purpose: quoted local parts, comments and address literals. They are legal, nobody
# types them into a comment form, and each has carried an injection somewhere.
_EMAIL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")

_MESSAGE: Final = "Enter an e-mail address like name@example.org."


def validate_email(value: TextT, field: str = "email") -> TextT:
    """Return `value` unchanged if it is one plain e-mail address.

    3 to 254 characters, at most 64 before the @; international addresses
    (IDN, EAI) are fine. Only the syntax is judged: no DNS is asked. The empty
    string is refused: whether a field may stay empty is not decided here.

    Raises:
        InvalidFieldError: `required`, `too_short`, `too_long` or `invalid`.
    """
    rule = FIELDS["email"]
    address = plain(value)
    if not address:
        raise InvalidFieldError(field, "required", _MESSAGE, rule.min_chars)
    if len(address) < rule.min_chars:
        raise InvalidFieldError(field, "too_short", _MESSAGE, rule.min_chars)
    if len(address) > rule.max_chars:
        message = (
            f"An e-mail address has at most {rule.max_chars} characters; "
            f"this one has {len(address)}."
        )
        raise InvalidFieldError(field, "too_long", message, rule.max_chars)
    # fullmatch, not match with "$": "$" also accepts a newline at the end (CWE-93).
    if not _EMAIL.fullmatch(address):
        raise InvalidFieldError(field, "invalid", _MESSAGE)
    if address.index("@") > MAX_LOCAL_CHARS:
        message = f"The part before the @ has at most {MAX_LOCAL_CHARS} characters."
        raise InvalidFieldError(field, "too_long", message, MAX_LOCAL_CHARS)
    try:
        _check_standard(address, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise InvalidFieldError(field, "invalid", _MESSAGE) from error
    return value
