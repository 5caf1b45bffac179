"""Validate a website address: http or https, a host, nothing hidden."""

from __future__ import annotations

import re
from typing import Final

from comity.errors import InvalidFieldError

from .safe_text import TextT, plain

# A scheme allow-list, not a deny-list: `javascript:`, `data:` and their disguises have no entry
# (CWE-79 through href). No user part: https://bank.example@evil.example reads like the bank.
# Nor what only looks like a delimiter: spaces, fraction slashes, full-width `/ : ? @`.
_LETTER: Final = (
    r"(?:[A-Za-z0-9]|"
    r"(?![\s\u2000-\u200b\u200e-\u206f\u2215\u29f8\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40])"
    r"[\u00a1-\uffef])"
)
_WEBSITE: Final = re.compile(
    rf"https?://{_LETTER}(?:{_LETTER}|[.\-])*(?::[0-9]{{1,5}})?(?:[/?#][^\s\\]*)?", re.IGNORECASE
)


def validate_website(value: TextT, field: str = "website") -> TextT:
    """Return `value` unchanged if it is an http or https address with a plain host.

    Raises:
        InvalidFieldError: `invalid`.
    """
    if not _WEBSITE.fullmatch(plain(value)):
        raise InvalidFieldError(
            field, "invalid", "Enter an address that starts with https:// or http://."
        )
    return value
