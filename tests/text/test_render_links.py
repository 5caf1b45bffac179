from __future__ import annotations

import pytest
from read_html import REL, Page, assert_allowed

from comity.text.canonical import canonicalize
from comity.text.render import render


def test_an_image_in_a_link_leaves_the_link() -> None:
    html = render("[![a cat](cat.png)](https://example.org)")

    assert str(html) == f'<p><a href="https://example.org" rel="{REL}">a cat</a></p>\n'


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("<https://example.org>", "https://example.org"),
        ("> <https://example.org>", "https://example.org"),
        ("- <https://example.org/?a=1>", "https://example.org/?a=1"),
        ("see\n<https://example.org>\nfor more", "https://example.org"),
        ("[a](\n<https://example.org>)", "https://example.org"),
        ("[a]:\n<https://example.org>\n\n[a]", "https://example.org"),
        ("<mailto:a@example.org>", "mailto:a@example.org"),
        ("<a@example.org>", "mailto:a@example.org"),
    ],
)
def test_an_autolink_at_the_start_of_a_line_is_a_link(source: str, address: str) -> None:
    html = render(source)

    assert_allowed(html)
    assert Page(html).links == [address]


def test_a_reference_in_an_address_stays_what_was_typed() -> None:
    html = render("[a](https://example.org/?a=1&lt;=2) https://example.org/?b&copy;=1")

    assert_allowed(html)
    assert Page(html).links == ["https://example.org/?a=1&lt;=2", "https://example.org/?b&copy;=1"]


@pytest.mark.parametrize(
    "address",
    [
        *["javascript:alert(1)", "JaVaScRiPt:alert(1)", "&#106;avascript:alert(1)"],
        *["javascript&colon;alert(1)", "java&Tab;script:alert(1)", "\\javascript:alert(1)"],
        *["data:text/html;base64,PGI+", "data:image/svg+xml,x", "vbscript:x", "file:///etc/passwd"],
        *["//mallory.example", "/\\mallory.example", "\\\\mallory.example", "///mallory.example"],
        *[
            "/relative",
            "relative",
            "#part",
            "?query",
            "",
            "ftp://example.org",
            "tel:1",
            "http:x"[:4],
        ],
        *["view-source:https://example.org", "blob:https://example.org/1", "https", ":"],
        *["\u0001javascript:alert(1)", "javascript\u200b:alert(1)", "ja%0Avascript:alert(1)"],
    ],
)
def test_an_address_of_another_kind_is_no_link(address: str) -> None:
    for source in (
        f"[a]({address})",
        f"[a](<{address}>)",
        f"[a]\n\n[a]: {address}",
        f"<{address}>",
    ):
        html = render(canonicalize(source))

        assert_allowed(html)
        assert not any(Page(html).links), html


def test_a_title_is_not_carried_over() -> None:
    html = render("[a](https://example.org \"a title\") and [b](https://example.org 'b')")

    assert_allowed(html)
    assert "title" not in html


def test_a_guard_that_was_typed_is_gone_from_the_page() -> None:
    html = render("a\ufdd0b <\ufdd0b> [c](https://example.org/\ufdd0)\n<\ufdd0script>")

    assert_allowed(html)
    assert "%EF%B7%90" not in html
