"""A comment's fields at each stage of the road; a skipped stage does not type-check."""

from __future__ import annotations

from dataclasses import dataclass, field

from .safe_text import SafeText


@dataclass(frozen=True, kw_only=True)
class RawComment:
    """What a stranger sent: known fields only, nothing else about them is trusted."""

    name: str = field(default="", repr=False)
    surname: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    website: str = field(default="", repr=False)
    message: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class CleanComment:
    """The same words, canonical and escaped; perhaps still too long or empty."""

    name: SafeText = field(repr=False)
    surname: SafeText = field(repr=False)
    email: SafeText = field(repr=False)
    website: SafeText = field(repr=False)
    message: SafeText = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class NewComment(CleanComment):
    """The same words, proved to fit the rules: the only thing that may be stored."""
