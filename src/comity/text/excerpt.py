"""Excerpt: the first words of a message as text, for lists, titles and mail subjects."""

from __future__ import annotations

import html
import re
from typing import Final

from .render import render
from .safe_text import SafeText, plain
from .sanitize import sanitize

_BLOCK: Final = re.compile(r"</?(?:p|br|pre|blockquote|ul|ol|li)>")
_INLINE: Final = re.compile(r"<[^>]*>")
_SPACE: Final = re.compile(r"\s+")


def excerpt(source: str, max_chars: int = 140) -> SafeText:
    """Return the first `max_chars` characters of what a reader of `source` sees, on one line.

    Text is cut, then escaped: escaped text that is cut may end inside an
    entity, and cut markup may come alive (CVE-2015-3440). A cut ends at a word
    where one is near, and is marked by `…`, which counts.
    """
    # Four characters of source for one that is seen, and room for the address of a link: the
    # work is bounded whatever the length.
    rendered = str(render(plain(source)[: max_chars * 4 + 400]))
    seen = html.unescape(_INLINE.sub("", _BLOCK.sub(" ", rendered)))
    text = _SPACE.sub(" ", seen).strip()
    if len(text) > max_chars:
        text = _cut(text, max_chars)
    return sanitize(text, one_line=True)


def _cut(text: str, max_chars: int) -> str:
    start = text[: max_chars - 1]
    at_word, _, last = start.rpartition(" ")
    if text[len(start)] != " " and at_word and len(last) < max_chars // 4:
        start = at_word
    return start.rstrip() + "…"
