from __future__ import annotations

import re

import pytest
from read_html import Page, assert_allowed, shown

from comity.text.canonical import canonicalize
from comity.text.excerpt import excerpt
from comity.text.html_policy import MAX_NESTING
from comity.text.render import render


def deepest(html: str) -> int:
    depths = [0]
    for slash in re.findall(r"<(/?)(?:blockquote|ul|ol|em|strong|del)>", html):
        depths.append(depths[-1] + (-1 if slash else 1))
    return max(depths)


@pytest.mark.parametrize("opening", [">", "> ", "- > ", "1. > "])
def test_ten_thousand_characters_of_nesting_are_shown_as_typed(opening: str) -> None:
    source = canonicalize((opening * 10_000)[:9_998] + "a")

    html = render(source)

    assert Page(html).names == ["p"]
    assert shown(html) == source


def test_deep_lists_are_shown_as_typed() -> None:
    source = "\n".join("  " * depth + "- a" for depth in range(90))

    html = render(source)

    assert set(Page(html).names) == {"p", "br"}
    assert shown(html) == source


@pytest.mark.parametrize("mark", ["*", "_"])
def test_deep_emphasis_is_shown_as_typed(mark: str) -> None:
    source = mark * 4_000 + "a" + mark * 4_000

    assert Page(render(source)).names == ["p"]
    assert shown(render(source)) == source


def test_nesting_to_the_limit_is_markup_and_one_more_is_not() -> None:
    assert deepest(render(">" * MAX_NESTING + "a")) == MAX_NESTING
    assert deepest(render(">" * (MAX_NESTING + 1) + "a")) == 0


def test_many_quotes_beside_each_other_are_not_deep() -> None:
    html = render("> a\n\nb\n\n" * 100)

    assert Page(html).names.count("blockquote") == 100


@pytest.mark.parametrize(
    "unit",
    [
        *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \n\t0a\u00e9\u00a0\ufffd\U0001f600",
        *["**", "*a", "*_", "*a_", "~~a", "__a ", "![", "[a](", "![a](", "[a](b", "[a]: b\n"],
        *["<a ", "<b>\n", "</", "<!--", "<?", "<![CDATA[", "<https://", "&#", "&#x1;", "&lt;"],
        *["a@", "www.", "https://a.", "- a\n", "1. ", "+ ", "> a\n", "```\n", "``` a\n", "# a\n"],
        *["a\n=\n", "|a", "|-|\n", "\\*", "[^1]", "[ ] ", "x\n\n", "[[a]", "a](b)", "&\n<"],
    ],
)
def test_ten_thousand_of_anything_is_rendered_and_allowed(unit: str) -> None:
    source = canonicalize(unit * (10_000 // len(unit)))

    html = render(source)

    assert_allowed(html)
    assert deepest(html) <= MAX_NESTING
    assert not source or shown(html)
    assert len(excerpt(source).plain) <= 140


def test_a_hundred_thousand_references_to_one_definition_do_not_grow() -> None:
    address = "https://example.org/" + "x" * 900
    source = f"[a]: {address}\n\n" + "[a]" * 3_000

    assert len(render(source)) < 100 * len(source)
