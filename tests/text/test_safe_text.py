from __future__ import annotations

import copy
import json
import pickle

import pytest
from markupsafe import Markup, escape

from comity import SafeText, sanitize
from comity.text.safe_text import SafeHtml, plain


def test_each_of_the_five_characters_has_its_escape() -> None:
    assert str(sanitize("""& < > " '""")) == "&amp; &lt; &gt; &#34; &#39;"


@pytest.mark.parametrize(
    "typed",
    [
        "O'Brien",
        "Tom & Jerry",
        "a < b > c",
        'she said "no"',
        "&lt;",
        "&amp;lt;",
        "&amp;amp;#39;",
        "&#34; &#39; &#x27; &quot; &apos; &nbsp; &copy",
        "&",
        "&;",
        "&amp",
        "a&b@x.org",
    ],
)
def test_plain_gives_back_exactly_what_was_typed(typed: str) -> None:
    assert sanitize(typed).plain == typed


def test_plain_decodes_only_the_escapes_that_we_make() -> None:
    assert sanitize("&copy; &apos;").plain == "&copy; &apos;"
    assert SafeText("&copy; &apos; &quot; &#x27;").plain == "&copy; &apos; &quot; &#x27;"


def test_plain_is_an_ordinary_str_that_templates_would_escape() -> None:
    words = sanitize("<b>").plain

    assert type(words) is str
    assert escape(words) == "&lt;b&gt;"


def test_a_template_does_not_escape_safe_text_again() -> None:
    assert str(escape(sanitize("Tom & Jerry"))) == "Tom &amp; Jerry"
    assert str(Markup("<i>{}</i>").format(sanitize("<b>"))) == "<i>&lt;b&gt;</i>"


def test_a_str_that_joins_safe_text_is_escaped() -> None:
    joined = sanitize("Alice") + " <script>"

    assert isinstance(joined, SafeText)
    assert str(joined) == "Alice &lt;script&gt;"


def test_safe_text_survives_pickle_and_copy() -> None:
    words = sanitize("O'Brien & sons")

    for twin in (pickle.loads(pickle.dumps(words)), copy.deepcopy(words)):  # noqa: S301 - our own
        assert type(twin) is SafeText
        assert twin.plain == "O'Brien & sons"


def test_json_that_forgets_plain_shows_an_escape_and_runs_nothing() -> None:
    assert json.dumps(sanitize("</script>")) == '"&lt;/script&gt;"'


def test_plain_of_a_str_is_the_str() -> None:
    assert plain("&lt;b&gt;") == "&lt;b&gt;"


def test_plain_of_safe_text_is_its_plain() -> None:
    assert plain(sanitize("<b>")) == "<b>"


@pytest.mark.parametrize("claim", [Markup("<b>"), SafeHtml("<b>")])
def test_plain_of_another_markup_loses_its_claim_to_be_safe(claim: Markup) -> None:
    assert type(plain(claim)) is str
    assert plain(claim) == "<b>"
