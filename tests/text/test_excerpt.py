from __future__ import annotations

import pytest

from comity import SafeText, sanitize
from comity.text.excerpt import excerpt


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("Hello, Bob!", "Hello, Bob!"),
        ("one\ntwo\n\nthree", "one two three"),
        ("# Title\n\n- *a*\n- **b**\n\n> ~~c~~ `d`", "Title a b c d"),
        ("[a link](https://example.org) ![a cat](cat.png)", "a link a cat"),
        ("**bold**ly", "boldly"),
        ("a < b & <b>c</b>", "a < b & <b>c</b>"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("a\u00a0b", "a b"),
        ("***", "***"),
    ],
)
def test_an_excerpt_is_what_a_reader_sees_on_one_line(source: str, text: str) -> None:
    assert excerpt(source).plain == text


def test_an_excerpt_is_safe_text() -> None:
    short = excerpt("Tom & <b>Jerry</b>")

    assert type(short) is SafeText
    assert str(short) == "Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;"


@pytest.mark.parametrize(
    ("chars", "text"),
    [
        (25, "The quick brown fox jumps"),
        (24, "The quick brown fox…"),
        (20, "The quick brown fox…"),
        (19, "The quick brown…"),
        (10, "The quick…"),
        (5, "The…"),
        (4, "The…"),
        (3, "Th…"),
        (1, "…"),
    ],
)
def test_a_cut_ends_at_a_word_and_its_mark_counts(chars: int, text: str) -> None:
    assert excerpt("The quick brown fox jumps", chars).plain == text
    assert len(text) <= chars


def test_a_long_word_is_cut_where_it_must_be() -> None:
    assert excerpt("a " + "w" * 100, 20).plain == "a " + "w" * 17 + "…"
    assert excerpt("w" * 100, 20).plain == "w" * 19 + "…"


@pytest.mark.parametrize("character", ["&", "<", ">", '"', "'"])
def test_a_cut_never_splits_an_entity(character: str) -> None:
    for chars in range(1, 30):
        short = excerpt("x" + character * 100, chars)

        assert len(short.plain) == chars
        assert str(short) == str(sanitize(short.plain))


def test_exactly_as_long_as_allowed_is_not_cut() -> None:
    assert excerpt("x" * 140).plain == "x" * 140
    assert excerpt("x" * 141).plain == "x" * 139 + "…"


def test_safe_text_is_read_by_what_was_typed() -> None:
    assert excerpt(sanitize("O'Brien & **sons**")).plain == "O'Brien & sons"


def test_a_very_long_message_has_an_excerpt_like_any_other() -> None:
    assert excerpt("word " * 100_000, 12).plain == "word word…"
