from __future__ import annotations

import nh3
import pytest
from markupsafe import Markup
from read_html import REL, Page, assert_allowed, shown

from comity import sanitize
from comity.text.canonical import canonicalize
from comity.text.html_policy import ATTRIBUTES, LINK_REL, MAX_NESTING, SCHEMES, TAGS
from comity.text.render import RENDERER_VERSION, render
from comity.text.safe_text import SafeHtml


def link(href: str, text: str) -> str:
    return f'<a href="{href}" rel="{REL}">{text}</a>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Hello, Bob!", "<p>Hello, Bob!</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("```\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("    a & b", "<p>a &amp; b</p>"),
        ("x\n\n    a & b", "<p>x</p>\n<pre><code>a &amp; b\n</code></pre>"),
        ("[a](https://example.org)", f"<p>{link('https://example.org', 'a')}</p>"),
        ("[a]\n\n[a]: http://example.org", f"<p>{link('http://example.org', 'a')}</p>"),
        ("[a](mailto:a@example.org)", f"<p>{link('mailto:a@example.org', 'a')}</p>"),
        (
            "see https://example.org.",
            f"<p>see {link('https://example.org', 'https://example.org')}.</p>",
        ),
        ("www.example.org", f"<p>{link('http://www.example.org', 'www.example.org')}</p>"),
        ("a@example.org", f"<p>{link('mailto:a@example.org', 'a@example.org')}</p>"),
        ("\\*a\\* \\<b\\>", "<p>*a* &lt;b&gt;</p>"),
        ("a\u00a0b", "<p>a&nbsp;b</p>"),
        ("", "<p></p>"),
    ],
)
def test_markdown_becomes_html(source: str, html: str) -> None:
    rendered = render(canonicalize(source))

    assert type(rendered) is SafeHtml
    assert str(rendered).rstrip("\n") == html
    assert_allowed(rendered)


@pytest.mark.parametrize("source", ["one\ntwo", "one  \ntwo", "one\\\ntwo"])
def test_a_new_line_in_a_comment_box_is_meant(source: str) -> None:
    assert str(render(source)) == "<p>one<br>\ntwo</p>\n"


@pytest.mark.parametrize("source", ["# A", "###### A", "A\n=", "A\n---", "# A #"])
def test_a_heading_is_a_bold_paragraph(source: str) -> None:
    assert str(render(source)) == "<p><strong>A</strong></p>\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("![a cat](https://m.example/cat.png)", "a cat"),
        ('![a cat](https://m.example/cat.png "it > <b>")', "a cat"),
        ("![a *fat* cat][c]\n\n[c]: cat.png", "a fat cat"),
        ("![<img src=x onerror=alert(1)>](x)", "<img src=x onerror=alert(1)>"),
        ('![" onload="x](x)', '" onload="x'),
        ("![a\nb](x)", "a b"),
        ("![a ![b](c)](d)", "a b"),
        ("# ![a](b)", "a"),
        ("![](x)", "![](x)"),
    ],
)
def test_an_image_is_its_description(source: str, text: str) -> None:
    html = render(source)

    assert_allowed(html)
    assert shown(html) == text


@pytest.mark.parametrize(
    "typed",
    [
        "<b>hi</b>",
        "a <b>hi</b> c",
        "<script>alert(1)</script>",
        "<div>\nline\n</div>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        '<a href="https://m.example" onclick="x" style="y">z</a>',
        "</p></div><!-- comment -->",
        "<!-- -->\nafter",
        "<?php x ?>\nafter",
        "<!DOCTYPE html>\nafter",
        "<![CDATA[x]]>\nafter",
        "<style>\np { color: red }\n</style>",
        "<math><mtext></math>",
        "<",
        "<\n<",
        "< b",
        "a < b",
        "a<b and c>d",
        "1 <2",
        "<b",
        "<b\nafter",
        "<3 you",
        "<x y='z'>",
        "<table><tr><td>",
        "<title>a</title>",
        '<plaintext title="x" lang="y">',
        "<noscript><p title='</noscript><b>'>",
    ],
)
def test_raw_html_is_shown_as_it_was_typed(typed: str) -> None:
    html = render(typed)

    assert_allowed(html)
    assert set(Page(html).names) <= {"p", "br"}
    assert shown(html) == typed


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("> <div>\n> **b**", "<blockquote>\n<p>&lt;div&gt;<br>\n{}</p>\n</blockquote>\n"),
        ("- <div>\n  **b**", "<ul>\n<li>&lt;div&gt;<br>\n{}</li>\n</ul>\n"),
        ("1) <!-- x\n   **b**", "<ol>\n<li>&lt;!-- x<br>\n{}</li>\n</ol>\n"),
        (
            "> - </div>\n>   **b**",
            "<blockquote>\n<ul>\n<li>&lt;/div&gt;<br>\n{}</li>\n</ul>\n</blockquote>\n",
        ),
        ("<div>\n**b**", "<p>&lt;div&gt;<br>\n{}</p>\n"),
        ("<b>**b**", "<p>&lt;b&gt;{}</p>\n"),
    ],
)
def test_markdown_after_raw_html_still_counts(source: str, html: str) -> None:
    assert str(render(source)) == html.format("<strong>b</strong>")


@pytest.mark.parametrize(
    "typed",
    [
        "&lt;b&gt; &amp;amp; &#39;",
        "&copy; &nbsp; &notanentity; &",
        "&#x202e;gpj.exe &#8206; &#x200b;",
        "e" + "&#769;" * 100,
        "&#60;script&#62; &#0; &#xD800; &#xFDD0;",
        "\\&lt; &lt;b title=&quot;&#10;&quot;",
    ],
)
def test_a_character_reference_is_shown_as_it_was_typed(typed: str) -> None:
    html = render(typed)

    assert_allowed(html)
    assert shown(html) == typed.replace("\\&", "&")
    assert shown(render(f"`{typed}`")) == typed


@pytest.mark.parametrize(
    "info",
    ['js" onload="alert(1)', "js onload=alert(1)", "<script>", "x'><b>", "&quot; a", "\ufffd ```"],
)
def test_the_words_after_a_code_fence_reach_no_attribute(info: str) -> None:
    for fence in ("```", "~~~"):
        html = render(f"{fence}{info}\ncode <b>\n{fence}")

        assert_allowed(html)
        assert "code &lt;b&gt;" in html


@pytest.mark.parametrize(
    "source", ["***", "---", "- - -", "```\n```", "[a]: b", "#", ">", "- ", "![]()"]
)
def test_a_message_that_would_show_nothing_is_shown_as_it_was_typed(source: str) -> None:
    html = render(source)

    assert_allowed(html)
    assert shown(html) == source


def test_a_percent_escape_in_text_is_left_alone() -> None:
    assert shown(render("`%EF%B7%90` &lt;")) == "%EF%B7%90 &lt;"


def test_safe_text_is_rendered_by_what_was_typed() -> None:
    assert render(sanitize("**a** & `<b>`")) == render("**a** & `<b>`")


def test_a_markup_from_elsewhere_is_only_text() -> None:
    nested = ">" * 50 + "<b>"

    assert shown(render(Markup("<b>"))) == "<b>"
    assert shown(render(Markup(nested))) == nested  # noqa: S704 - the claim under test


def test_the_policy_is_the_one_in_the_design() -> None:
    words = "p br a em strong del code pre blockquote ul ol li"

    assert set(words.split()) == TAGS
    assert {name: set(names) for name, names in ATTRIBUTES.items()} == {"*": set(), "a": {"href"}}
    assert set(SCHEMES) == {"http", "https", "mailto"}
    assert LINK_REL == REL
    assert MAX_NESTING == 32
    assert RENDERER_VERSION >= 1


def test_cleaning_again_changes_nothing() -> None:
    html = str(
        render("# a\n\n> - [b](//c) `<d>`\n\nhttps://example.org?a&b ![e](f)\n\n~~g~~\u00a0")
    )

    assert html == nh3.clean(
        html, tags=set(TAGS), attributes={"a": {"href"}}, link_rel=REL, url_relative="deny"
    )
