"""Texts that could cost more than they are long: for parsers, for normalizing, for escaping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

LONGEST: Final = 9_990
"""Characters of the longest message, less some for a number that makes each post another."""
BODY_BYTES: Final = 250_000
"""Bytes of the largest body that is read, less some for the other fields."""

UNITS: Final = (
    *"*_`[]()<>#+-!~|&\\:$=^@ \t\n\"'{}",
    *("**a", "*a_", "_a*", "[a](", "[](", "![", "[a][", "[a]: b\n", "[a]\n\n", "](", "((", "))"),
    *("> ", "- ", "1. ", "* a\n", "a\n", "\n>", "- \n", "# a\n", "```\n", "~~~\n", "`a``"),
    *("~~a", "\\*", "<a", "<a ", "</", "<!--", "<?", "<![CDATA[", "<https://a>", "https://a.b/"),
    *("www.a.b ", "a@b.co ", "mailto:", "&amp;", "&#", "&#x41;", "a ", "ab", "--\n", "a\n==\n"),
    *(
        "| a ",
        "|-",
        "e\u0301",
        "\u0301",
        "\u00a0",
        "\u200d",
        "\U0001f469\u200d",
        "\u0130",
        "\u1e9e",
    ),
    *("\u202e", "\u3042", "\ufdfa", "\x00", "\r", "\u2028"),
)
NESTED: Final = {
    "lists, each deeper": "".join(f"{'  ' * depth}- a\n" for depth in range(99)),
    "quotes, each deeper": "".join(f"{'>' * depth} a\n" for depth in range(139)),
    "emphasis, nested": f"{'*a **b ' * 700}{'c** d* ' * 700}",
    "links, nested": f"{'[a' * 1_600}{'](b)' * 1_600}",
    "code, longer and longer": "".join("`" * ticks + "a" for ticks in range(139)),
    "references": "".join(f"[{number}]: /a\n" for number in range(400)) + "[1]" * 1_000,
}
HEAVY: Final = ("a", "<", "\u0301", "a\u0300\u0316", "\u0628\u200c", "\U0001f469\u200d", "\u180b")


def longest() -> Iterator[tuple[str, str]]:
    """Yield messages as long as a message may be."""
    for unit in UNITS:
        yield f"{LONGEST:,} characters of {unit!a}", (unit * LONGEST)[:LONGEST]
    for name, text in NESTED.items():
        yield name, text[:LONGEST]


def full_bodies() -> Iterator[tuple[str, str]]:
    """Yield messages as long as a body may be: refused, but only after they are canonical."""
    for unit in HEAVY:
        yield f"{BODY_BYTES:,} bytes of {unit!a}", unit * (BODY_BYTES // len(unit.encode()))
