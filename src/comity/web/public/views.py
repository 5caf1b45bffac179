"""What the templates are given: plain values, already chosen, nothing to decide."""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.text.safe_text import SafeHtml, SafeText


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A time as a person reads it, and as a machine does."""

    iso: str
    exact: str
    relative: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """Words that lead somewhere."""

    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class SiteView:
    """The site whose page this is."""

    key: str
    title: str
    language: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class CommentView:
    """One comment, with the replies that are shown beneath it.

    `is_deleted` leaves only its place in the conversation; `is_pending` is
    seen by its author alone. `in_reply_to` is set where the parent is not
    directly above. `hue` is 0 to 11.
    """

    id: str
    author: SafeText
    initials: str
    hue: int
    website: SafeText
    html: SafeHtml
    created: Moment
    edited: Moment | None
    is_deleted: bool
    is_pending: bool
    is_highlighted: bool
    permalink: str
    reply_url: str | None
    edit_url: str | None
    delete_url: str | None
    in_reply_to: Link | None
    depth: int = 0
    replies: tuple[CommentView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ThreadView:
    """A page's conversation, one page of it."""

    page: str
    url: str
    comment_count: int
    is_closed: bool
    sorts: tuple[Link, ...]
    comments: tuple[CommentView, ...]
    next_url: str | None
    first_url: str | None


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One input: `value` is what was typed, given to Jinja as a plain string to escape."""

    name: str
    label: str
    kind: str
    value: str
    error: str | None
    hint: str | None
    min_chars: int
    max_chars: int
    is_required: bool
    autocomplete: str


@dataclass(frozen=True, kw_only=True)
class FormView:
    """The form for a new comment, a reply, or a change."""

    heading: str
    action: str
    preview_action: str | None
    fields: tuple[FieldView, ...]
    hidden: tuple[tuple[str, str], ...]
    submit_label: str
    honeypot_name: str | None = None
    honeypot_label: str | None = None
    notice: str | None = None
    reply_to: Link | None = None
    cancel_url: str | None = None
    preview: SafeHtml | None = None
    is_remembered: bool | None = None
    errors: tuple[FieldView, ...] = field(default=())
