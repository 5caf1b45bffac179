"""Read our pages as a program that believes only what the HTML says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

ELEMENTS = (
    {"html", "head", "meta", "title", "link", "body", "header", "footer", "main", "nav", "section"}
    | {"article", "div", "p", "h1", "h2", "h3", "ol", "ul", "li", "span", "strong", "em", "del"}
    | {"code", "pre", "blockquote", "br", "a", "bdi", "time", "form", "label", "input", "textarea"}
    | {"button", "svg", "circle", "path", "rect"}
)
IN_MESSAGE = {"p", "br", "a", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li"}
VOID = {"br", "input", "meta", "link", "circle", "path", "rect"}
NEVER = ("on", "style", "src", "xmlns", "http-equiv")
"""How an attribute begins that no page of ours has."""
ADDRESSES = {"href", "src", "action", "formaction"}


@dataclass
class Article:
    """One comment on a page: what a reader reads."""

    author: str = ""
    message: str = ""
    website: str | None = None
    elements: set[str] = field(default_factory=set)


class PageReader(HTMLParser):
    """Every comment, every input, and every element of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.articles: dict[str, list[Article]] = {}
        self.values: dict[str, str] = {}
        self.strange: list[str] = []
        self._open: list[tuple[str, set[str]]] = []
        self._inside: Counter[str] = Counter()
        self._article: Article | None = None
        self._textarea: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self._judge(tag, named)
        if tag not in VOID:
            classes = set(named.get("class", "").split())
            self._inside.update(classes)
            self._open.append((tag, classes))
        if tag == "article":
            self._article = Article()
            self.articles.setdefault(named.get("id", ""), []).append(self._article)
        if self._article and self._is_in("comity-author") and tag == "a":
            self._article.website = named["href"]
        if self._article and self._is_in("comity-message") and tag != "div":
            self._article.elements.add(tag)
        if tag == "input":
            self.values[named.get("name", "")] = named.get("value", "")
        if tag == "textarea":
            self._textarea = named["name"]
            self.values[self._textarea] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        opened, classes = self._open.pop() if self._open else ("nothing", set())
        self._inside.subtract(classes)
        if opened != tag:
            self.strange.append(f"</{tag}> closes <{opened}>")
        if tag == "article":
            self._article = None
        if tag == "textarea" and self._textarea:
            # A parser drops the first newline of a textarea; ours is there for it to drop.
            self.values[self._textarea] = self.values[self._textarea].removeprefix("\n")
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data
        if self._article and self._is_in("comity-author"):
            self._article.author += data
        if self._article and self._is_in("comity-message"):
            self._article.message += data

    def handle_comment(self, data: str) -> None:
        self.strange.append(f"comment {data[:40]!r}")

    def handle_pi(self, data: str) -> None:
        self.strange.append(f"instruction {data[:40]!r}")

    def unknown_decl(self, data: str) -> None:
        self.strange.append(f"declaration {data[:40]!r}")

    def _is_in(self, name: str) -> bool:
        return self._inside[name] > 0

    def _judge(self, tag: str, named: dict[str, str]) -> None:
        """Note what no page of ours holds; all else a payload has brought."""
        if tag not in ELEMENTS:
            self.strange.append(f"<{tag}>")
        if self._is_in("comity-message") and tag not in IN_MESSAGE:
            self.strange.append(f"<{tag}> in a message")
        for name, value in named.items():
            if name.startswith(NEVER):
                self.strange.append(f"{tag} {name}={value[:40]!r}")
            if name in ADDRESSES and urlsplit(value).scheme not in {"", "http", "https", "mailto"}:
                self.strange.append(f"{tag} {name}={value[:40]!r}")


def newlines(text: str) -> str:
    """Return `text` with the newlines that every HTML parser reads: LF alone (HTML 13.2.3.5)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
