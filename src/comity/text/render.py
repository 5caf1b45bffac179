"""Render: Markdown source in, HTML from our allow-list out."""

from __future__ import annotations

import re
from typing import Final

import comrak
import nh3
from markupsafe import escape

from .html_policy import ATTRIBUTES, LINK_REL, MAX_NESTING, SCHEMES, TAGS
from .safe_text import SafeHtml, plain

RENDERER_VERSION: Final = 1
"""Raise it when the output for any source changes: stored HTML is then made again."""

# What opens an HTML block (CommonMark 4.6); an autolink, `<https://…>`, does not.
_LINE_START_TAG: Final = re.compile(
    r"^([ \t>*+\-0-9.)]*)<(?=[!?/]|[A-Za-z][A-Za-z0-9-]*(?:[\s/>]|$))", re.MULTILINE
)
_REFERENCE: Final = re.compile("&(?=#?[0-9A-Za-z]+;)")
_GUARD: Final = "\ufdd0"  # a noncharacter: canonical text cannot contain it
_GUARD_IN_URL: Final = "%EF%B7%90"
_HREF: Final = re.compile(r'(?<=href=")[^"]*')
_HEADING: Final = re.compile(r"<(/?)h[1-6]>")
_IMAGE: Final = re.compile(r'<img src="[^"]*" alt="([^"]*)"[^>]*/>')
_CONTAINER: Final = re.compile(r"<(/?)(?:blockquote|ul|ol|em|strong|del)\b")
_TAG: Final = re.compile(r"<[^>]*>")


def _comrak_options() -> tuple[comrak.ExtensionOptions, comrak.RenderOptions]:
    extensions = comrak.ExtensionOptions()
    extensions.strikethrough = True
    extensions.autolink = True
    rendering = comrak.RenderOptions()
    rendering.escape = True  # raw HTML is shown as the text that was typed
    rendering.hardbreaks = True  # a new line in a comment box is meant
    return extensions, rendering


_EXTENSIONS, _RENDERING = _comrak_options()


def render(source: str) -> SafeHtml:
    """Return the message `source` (Markdown; a SafeText counts as its `.plain`) as safe HTML.

    CommonMark with strikethrough and autolinks. Headings become bold
    paragraphs, an image becomes its description, raw HTML and character
    references the text that was typed; so does all of it when it would show
    nothing or nests too deep. The allow-list in `html_policy` is the last step: nothing may touch
    its output (CVE-2026-93485 was a clean-up *after* the sanitizer).

    About 50 µs for a usual comment. Bound the length first: validate does.
    """
    text = plain(source)
    html = _markdown(text)
    html = _HEADING.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", html)
    html = _IMAGE.sub(r"\1", html)
    # Nothing to see: "***", or a link definition. A comment that looks empty is a bug or a trick.
    if _nesting(html) > MAX_NESTING or not _TAG.sub("", html).strip():
        html = _as_typed(text)
    return SafeHtml(  # noqa: S704 - the one place that makes it
        nh3.clean(
            html,
            tags=set(TAGS),
            attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            url_schemes=set(SCHEMES),
            url_relative="deny",  # also refuses //evil.example, which borrows our scheme
            link_rel=LINK_REL,
        )
    )


def _markdown(text: str) -> str:
    # An HTML block would swallow the Markdown and line breaks in it; guarded, it is plain text.
    guarded = _LINE_START_TAG.sub(rf"\1{_GUARD}<", text)
    # A decoded `&#x202e;` would bring back what canonicalize removed (CWE-180).
    guarded = _REFERENCE.sub(f"&{_GUARD}", guarded)
    html = comrak.render_markdown(guarded, extension_options=_EXTENSIONS, render_options=_RENDERING)
    if _GUARD_IN_URL in html:
        html = _HREF.sub(lambda url: url[0].replace(_GUARD_IN_URL, ""), html)
    return html.replace(_GUARD, "")


def _nesting(html: str) -> int:
    deepest = depth = 0
    for tag in _CONTAINER.finditer(html):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest


def _as_typed(text: str) -> str:
    return "<p>" + str(escape(text)).replace("\n", "<br>") + "</p>"
