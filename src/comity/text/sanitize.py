"""Sanitize: the first thing that happens to every field a stranger sends."""

from __future__ import annotations

from markupsafe import escape

from .canonical import canonicalize
from .fields import FIELDS
from .safe_text import SafeText, plain
from .stages import CleanComment, RawComment


def sanitize(untrusted: str, *, one_line: bool = False) -> SafeText:
    """Return `untrusted` canonical and HTML-escaped (CWE-79); never refuses.

    NFC, LF newlines (spaces if `one_line`), no hidden controls, no outer white
    space, and `& < > " '` as `&amp; &lt; &gt; &#34; &#39;`. Idempotent: a
    SafeText comes back as it is, so nothing is ever escaped twice.
    `sanitize(x).plain` is the canonical text, one character for each typed.

    Sanitize comes before validate, so that the string that is checked is the
    string that is kept (CWE-180). Linear in the length of `untrusted`.
    """
    # A message where one line is wanted (a mail header, CWE-93) is not yet what was asked for.
    if isinstance(untrusted, SafeText) and not (one_line and _has_lines(untrusted)):
        return untrusted
    # plain() makes it a str: a Markup from elsewhere claims to be safe, and a claim is no proof.
    return SafeText(escape(canonicalize(plain(untrusted), one_line=one_line)))  # noqa: S704 - here


def _has_lines(text: str) -> bool:
    return "\n" in text or "\t" in text


def sanitize_comment(raw: RawComment) -> CleanComment:
    """Sanitize every field of `raw`, each by its row of the field table."""
    return CleanComment(
        **{
            name: sanitize(getattr(raw, name), one_line=rule.one_line)
            for name, rule in FIELDS.items()
        }
    )
