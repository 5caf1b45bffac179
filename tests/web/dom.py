"""HTML as a tree, read by html.parser as a browser reads it; forms as a browser sends them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
_UNSENT = {"submit", "button", "reset", "file", "image"}


@dataclass
class Node:
    """One element. `text` is all that a person reads in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Node]:
        """Every element below, in document order."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    def all(self, tag: str = "", css: str = "", **attributes: str) -> list[Node]:
        """Elements below with this tag, this class, these attributes (`aria_label="…"`)."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            node
            for node in self
            if (not tag or node.tag == tag)
            and (not css or css in (node.get("class") or "").split())
            and wanted.items() <= node.attributes.items()
        ]

    def one(self, tag: str = "", css: str = "", **attributes: str) -> Node:
        found = self.all(tag, css, **attributes)
        assert len(found) == 1, (tag, css, attributes, len(found))
        return found[0]

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


@dataclass
class Form:
    """What a browser would send: `fields` in the order of the page, and where to."""

    action: str
    fields: dict[str, str]
    buttons: dict[str, str]
    """Button label → address."""

    @property
    def honeypot(self) -> str:
        """The name that no field of a person has."""
        known = {"site", "page", "view", "parent", "form_token", "edit_token", "remember"}
        known |= {"name", "surname", "email", "website", "message"}
        (name,) = set(self.fields) - known
        return name


class Page(HTMLParser):
    """A parsed page: `root` is its tree."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.root = Node("")
        self._open = [self.root]
        self.feed(html)
        self.close()
        assert self._open == [self.root], [node.tag for node in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), attrs
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        closed = self._open.pop()
        assert closed.tag == tag, (closed.tag, tag)

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    @property
    def text(self) -> str:
        """What a person reads, white space as a browser shows it."""
        return " ".join(self.root.one("main").text.split())

    @property
    def links(self) -> dict[str, str]:
        """Words → address; of several with the same words, the last."""
        return {" ".join(a.text.split()): a["href"] for a in self.root.all("a") if a.get("href")}

    @property
    def comments(self) -> list[Node]:
        return self.root.all("article", css="comity-comment")

    def lists_above(self, comment_id: str) -> int:
        """In how many lists the comment hangs: 1 at the top, one more for each level."""
        here = f"comment-{comment_id}"
        return sum(any(node.get("id") == here for node in each) for each in self.root.all("ol"))

    @property
    def form(self) -> Form:
        node = self.root.one("form")
        buttons = {
            " ".join(button.text.split()): button.get("formaction") or node["action"]
            for button in node.all("button")
        }
        return Form(node["action"], _values(node), buttons)


def _values(form: Node) -> dict[str, str]:
    values: dict[str, str] = {}
    for node in form:
        name, kind = node.get("name"), node.get("type") or "text"
        if name is None or (node.tag == "input" and kind in _UNSENT):
            continue
        if node.tag == "textarea":
            # The first newline after the tag is not part of the value (HTML, 13.2.6.4.7).
            values[name] = node.text.removeprefix("\n")
        elif node.tag == "input" and (kind != "checkbox" or "checked" in node.attributes):
            values[name] = node.get("value") or ""
    return values
