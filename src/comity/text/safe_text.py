"""The type of a stranger's words once they are harmless in HTML."""

from __future__ import annotations

import re
from typing import Final, TypeVar

from markupsafe import Markup

TextT = TypeVar("TextT", bound=str)
"""What a validator is given and gives back: a SafeText stays one, a str stays a str."""

_ENTITY: Final = re.compile("&(?:amp|lt|gt|#34|#39);")
_CHARACTER: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'"}


class SafeText(Markup):
    """Canonical text with `& < > " '` escaped for HTML; templates never escape it again.

    Made by `sanitize` only. Cut or change `.plain` and sanitize the result
    rather than slicing a SafeText: a slice may split an entity.
    """

    __slots__ = ()

    @property
    def plain(self) -> str:
        """The canonical characters, one for each that was typed; exact inverse of escaping.

        For JSON, mail, CSV and logs. Never put it into HTML.
        """
        # Not html.unescape: it knows 2,231 names and would decode what the author spelled out.
        return _ENTITY.sub(lambda match: _CHARACTER[match[0]], str(self))


class SafeHtml(Markup):
    """HTML from our own allow-list; made by `render` only, changed by nobody afterwards."""

    __slots__ = ()


def plain(text: str) -> str:
    """Return what a person would say `text` contains: `.plain` of a SafeText, else `text`.

    Always an exact str: the claim of another Markup, that it is safe, ends here.
    """
    return text.plain if isinstance(text, SafeText) else str.__str__(text)
