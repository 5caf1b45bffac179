"""Read HTML as a browser would, and refuse all that a rendered message may not hold.

The lists are written out here and not imported: widening the product's
allow-list must fail a test before it reaches a page.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

TAGS = {"p", "br", "a", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li"}
SCHEMES = {"http", "https", "mailto"}
REL = "nofollow ugc noopener noreferrer"

# The exact spelling, too: what two parsers might read differently is not in it.
_SPELLING = re.compile(
    r"</?(?:p|em|strong|del|code|pre|blockquote|ul|ol|li)>|<br>|</a>"
    rf'|<a(?: href="[^"<>\s]*")? rel="{REL}">'
)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|nbsp);)")
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0\ufeff]")


class Page(HTMLParser):
    """The start tags, links and visible text of one piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.other: list[str] = []
        self.feed(str(html))  # str: a Markup would escape what is added to it
        self.close()

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.tags]

    @property
    def links(self) -> list[str | None]:
        return [attributes.get("href") for name, attributes in self.tags if name == "a"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        self.tags.append((tag, dict(attrs)))
        if tag == "br":
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)


def shown(html: str) -> str:
    """Return the text a reader sees, without the line ends between blocks."""
    return Page(str(html).replace("<br>\n", "<br>")).text.strip("\n")


def assert_allowed(html: str) -> None:
    """Fail unless `html` holds only allow-listed tags, attributes and schemes, plainly spelled."""
    html = str(html)
    page = Page(html)
    assert not page.other, page.other
    for name, attributes in page.tags:
        assert name in TAGS, html
        if name == "a":
            assert attributes.get("rel") == REL, html
            assert set(attributes) <= {"href", "rel"}, html
        else:
            assert not attributes, html
    for link in page.links:
        if link is not None:
            assert urlsplit(link).scheme in SCHEMES, html
            assert re.match(r"(?i)(?:https?://|mailto:)[^/]", link), html
    rest = _SPELLING.sub("", html)
    assert "<" not in rest, html
    assert ">" not in rest, html
    assert not _BARE_AMPERSAND.search(rest), html
    assert not _HIDDEN.search(html), ascii(html)
