from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import nh3
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from read_html import REL, assert_allowed, shown

from comity import (
    InvalidCommentError,
    InvalidFieldError,
    SafeText,
    sanitize,
    validate,
    validate_email,
)
from comity.text.canonical import MAX_MARKS_PER_BASE, canonicalize
from comity.text.excerpt import excerpt
from comity.text.fields import FIELDS
from comity.text.html_policy import ATTRIBUTES, SCHEMES, TAGS
from comity.text.render import render
from comity.text.sanitize import sanitize_comment
from comity.text.stages import RawComment
from comity.text.validate import validate_comment
from comity.text.website import validate_website

RAW_SPECIAL = re.compile(r"""[<>"']|&(?!(?:amp|lt|gt|#34|#39);)""")

# What has a rule of its own somewhere, so that neighbours meet often.
PIECES = st.sampled_from(
    [
        *"<>&\"' \t\n\r\x00\x0b\x1b\x7f\x85\u00a0\u2028\u2029\ud800\udfff",
        *"\u200b\u200c\u200d\u200e\u202e\u2066\u2069\ufeff\u00ad\u034f\u3164\u2800\ufdd0\uffff",
        *"\u0300\u0301\u0338\u0351\u20dd\u20e3\u064b\u094d\u0915\u0645\u06cc\u1820\u180b\u1161",
        *"\u2764\ufe0e\ufe0f\U0001f469\U0001f3fd\U0001f3f4\U000e0067\U000e007f\u845b\U000e0100#1e",
        *["&amp;", "&lt;", "&#39;", "&#x202e;", "<b>", "</p>", "<!--", "<script>", "<https://a.b>"],
        *["**", "_", "~~", "`", "```", "> ", "- ", "1. ", "# ", "    ", "\n\n", "---", "\\", "|"],
        *[
            "[a](",
            ")",
            "![",
            "](x)",
            "[a]: ",
            "javascript:",
            "//a",
            "https://a.b/",
            "a@b.co",
            "www.",
        ],
    ]
)
CHARACTERS = st.characters(exclude_categories=())  # surrogates and unassigned ones, too
TEXTS = st.lists(PIECES | CHARACTERS | st.text(max_size=5), max_size=60).map("".join)
FORMS = st.builds(RawComment, **dict.fromkeys(FIELDS, TEXTS))

LENGTH_CODES = {"required", "too_short", "too_long"}

modestly = settings(max_examples=200, deadline=None)


def refusal(check: Callable[..., str], value: str, *field: str) -> InvalidFieldError | None:
    """Return the error of `check`, or None when it gave back the very same object."""
    try:
        returned = check(value, *field)
    except InvalidFieldError as error:
        return error
    assert returned is value
    return None


@modestly
@given(TEXTS, st.booleans())
def test_canonical_text_is_canonical(text: str, one_line: bool) -> None:  # noqa: FBT001 - drawn
    once = canonicalize(text, one_line=one_line)

    assert canonicalize(once, one_line=one_line) == once
    assert canonicalize(once) == once


@modestly
@given(TEXTS, st.booleans())
def test_canonical_text_holds_nothing_hidden(text: str, one_line: bool) -> None:  # noqa: FBT001
    once = canonicalize(text, one_line=one_line)

    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", once)
    assert not re.search("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufdd0]", once)
    assert not re.search(rf"[\u0300-\u036f]{{{MAX_MARKS_PER_BASE + 1}}}", once)
    assert once.encode("utf-8").decode("utf-8") == once
    if one_line:
        assert len(once.splitlines()) <= 1
        assert "\t" not in once


@modestly
@given(TEXTS, st.booleans())
def test_sanitizing_twice_is_sanitizing_once(text: str, one_line: bool) -> None:  # noqa: FBT001
    once = sanitize(text, one_line=one_line)

    assert sanitize(once, one_line=one_line) is once
    assert sanitize(once.plain, one_line=one_line) == once


@modestly
@given(TEXTS, st.booleans())
def test_plain_is_the_canonical_text(text: str, one_line: bool) -> None:  # noqa: FBT001
    assert sanitize(text, one_line=one_line).plain == canonicalize(text, one_line=one_line)


@modestly
@given(TEXTS)
def test_no_special_character_is_left_raw(text: str) -> None:
    assert not RAW_SPECIAL.search(str(sanitize(text)))


@modestly
@given(TEXTS)
def test_plain_is_the_exact_inverse_of_escaping(text: str) -> None:
    assert SafeText(escape(text)).plain == text
    assert escape(sanitize(text).plain) == str(sanitize(text))


@modestly
@given(TEXTS, st.sampled_from(list(FIELDS)))
def test_validate_returns_the_same_object_or_refuses(text: str, field: str) -> None:
    for value in (text, sanitize(text)):
        error = refusal(validate, value, field)
        assert error is None or (error.field == field and error.code in LENGTH_CODES)


@modestly
@given(TEXTS | st.emails())
def test_an_email_comes_back_as_the_same_object_or_is_refused(text: str) -> None:
    for value in (text, sanitize(text, one_line=True)):
        error = refusal(validate_email, value)
        assert error is None or error.code in {*LENGTH_CODES, "invalid"}
        assert error or len(str(value).splitlines()) == 1


@modestly
@given(TEXTS.map("https://{}".format) | TEXTS)
def test_a_website_comes_back_as_the_same_object_or_is_refused(text: str) -> None:
    error = refusal(validate_website, text)

    assert error is None or error.code == "invalid"
    assert error or re.fullmatch(r"(?i)https?://\S+", text)


@modestly
@given(FORMS)
def test_what_validates_is_what_was_sanitized(raw: RawComment) -> None:
    clean = sanitize_comment(raw)

    bad: list[str] = []
    try:
        new = validate_comment(clean)
    except InvalidCommentError as error:
        bad = [field.field for field in error.fields]
    else:
        assert all(getattr(new, name) is getattr(clean, name) for name in FIELDS)
    assert bad == [name for name in FIELDS if name in bad]


@modestly
@given(TEXTS)
def test_no_message_renders_anything_that_is_not_allowed(text: str) -> None:
    source = canonicalize(text)
    html = str(render(source))

    assert_allowed(html)
    assert "\ufdd0" not in html
    assert "%EF%B7%90" not in html
    assert not source or shown(html).strip()
    assert html == nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel=REL,
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=4).map("".join), TEXTS)
def test_ten_thousand_characters_of_a_pattern_render(pattern: str, tail: str) -> None:
    source = canonicalize(pattern * (9_000 // len(pattern)) + tail)[:10_000]

    assert_allowed(render(source))


@modestly
@given(TEXTS, st.integers(min_value=1, max_value=200))
def test_an_excerpt_fits_on_one_line(text: str, max_chars: int) -> None:
    short = excerpt(sanitize(text), max_chars)

    assert len(short.plain) <= max_chars
    assert len(short.plain.splitlines()) <= 1
    assert not RAW_SPECIAL.search(str(short))
    assert sanitize(short.plain) == short
