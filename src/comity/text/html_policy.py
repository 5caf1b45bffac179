"""The allow-list: every tag, attribute and scheme a rendered message may contain."""

from __future__ import annotations

from typing import Final

TAGS: Final = frozenset(
    {"p", "br", "a", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li"}
)
"""No `img`: a picture from elsewhere tells its server who reads. No `style`, `svg`, `math`:
each has broken a sanitizer (RUSTSEC-2021-0074, CVE-2026-63430)."""

ATTRIBUTES: Final = {"*": frozenset[str](), "a": frozenset({"href"})}
"""The empty `*` matters: without it nh3 lets `title` and `lang` through on every tag."""

SCHEMES: Final = frozenset({"http", "https", "mailto"})

LINK_REL: Final = "nofollow ugc noopener noreferrer"
"""No rank for spam, no hold on our window, no trace of the page in the other server's log."""

MAX_NESTING: Final = 32
"""Quotes, lists and emphasis inside each other. Deeper ones are shown as typed: ten thousand nested
quotes cost a parser 180 ms (CWE-1333's cousin, CWE-674)."""
