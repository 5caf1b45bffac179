from __future__ import annotations

import pytest
from markupsafe import Markup

from comity import SafeText, sanitize
from comity.text.fields import FIELDS
from comity.text.sanitize import sanitize_comment
from comity.text.stages import CleanComment, RawComment


def test_the_mission_in_one_line() -> None:
    clean = sanitize("  <b>hi</b> ")

    assert type(clean) is SafeText
    assert str(clean) == "&lt;b&gt;hi&lt;/b&gt;"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" \t\n ", ""),
        ("hello", "hello"),
        ("O'Brien", "O&#39;Brien"),
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ("a < b", "a &lt; b"),
        ('<a href="x">', "&lt;a href=&#34;x&#34;&gt;"),
        ("&lt;", "&amp;lt;"),
        ("&amp;amp;", "&amp;amp;amp;"),
        ("\u00a0\u3000Ana\u2003", "Ana"),
        ("one\r\ntwo", "one\ntwo"),
        ("Jose\u0301", "Jos\u00e9"),
        # NFKC would make a tag of these: full-width and small `<` stay as they are.
        ("\uff1cb\uff1e \ufe64i\ufe65", "\uff1cb\uff1e \ufe64i\ufe65"),
        # `>` and a combining slash are one letter before the escape, not a broken one after it.
        ("1 >\u0338 2", "1 \u226f 2"),
        ("\x00<\x08script>", "&lt;script&gt;"),
        ("\ud800<", "\ufffd&lt;"),
    ],
)
def test_what_is_typed_becomes_inactive_text(typed: str, kept: str) -> None:
    assert str(sanitize(typed)) == kept


def test_safe_text_comes_back_as_it_is() -> None:
    once = sanitize("Tom & Jerry")

    assert sanitize(once) is once
    assert sanitize(once, one_line=True) is once


@pytest.mark.parametrize("between", ["\n", "\t"])
def test_safe_text_of_many_lines_is_made_one_line_when_one_is_asked_for(between: str) -> None:
    lines = sanitize(f"Mallory &{between}Bcc: bob@example.org")

    assert str(sanitize(lines, one_line=True)) == "Mallory &amp; Bcc: bob@example.org"


def test_a_markup_from_elsewhere_is_escaped_all_the_same() -> None:
    assert str(sanitize(Markup("<script>"))) == "&lt;script&gt;"


class Shouting(str):
    """A str whose own methods lie about its characters."""

    __slots__ = ()

    def __str__(self) -> str:
        return "harmless"

    def __html__(self) -> str:
        return "<script>"


def test_a_str_with_methods_of_its_own_is_read_by_its_characters() -> None:
    assert str(sanitize(Shouting("<b>"))) == "&lt;b&gt;"


def test_one_line_turns_every_line_end_into_a_space() -> None:
    assert sanitize("a\nb\rc\r\nd\u2028e\tf", one_line=True) == "a b c d e f"


def test_every_field_is_sanitized_by_its_row() -> None:
    raw = RawComment(
        name=" Alice\n<b> ",
        surname="O'\u200bNeil\r\nBcc: x",
        email=" alice&bob@example.org ",
        website=" https://example.org/?a=1&b=2\t",
        message=" one\r\n\r\ntwo <i> ",
    )

    clean = sanitize_comment(raw)

    assert type(clean) is CleanComment
    assert {name: getattr(clean, name).plain for name in FIELDS} == {
        "name": "Alice <b>",
        "surname": "O'Neil Bcc: x",
        "email": "alice&bob@example.org",
        "website": "https://example.org/?a=1&b=2",
        "message": "one\n\ntwo <i>",
    }
    assert all(type(getattr(clean, name)) is SafeText for name in FIELDS)


def test_an_empty_form_is_sanitized_to_empty_fields() -> None:
    clean = sanitize_comment(RawComment())

    assert [str(getattr(clean, name)) for name in FIELDS] == [""] * len(FIELDS)


def test_the_words_of_a_comment_stay_out_of_its_repr() -> None:
    raw = RawComment(name="Alice", email="alice@example.org", message="a secret")

    for stage in (raw, sanitize_comment(raw)):
        assert not any(word in repr(stage) for word in ("Alice", "example.org", "secret"))
