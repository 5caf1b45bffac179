"""From rows to what a page shows: listed fields only, nested as people answered each other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flask import url_for

from comity.model import Comment, Site
from comity.services.permissions import Act, Actor, may
from comity.web.security.edit_token import actor_of
from comity.web.security.sessions import edit_token_of
from comity.web.state import context

from .moments import moment
from .views import CommentView, Link, SiteView

NESTED_LEVELS: Final = 4
"""Replies deeper than this stand in one column, and say whom they answer."""

_HUES: Final = 12
_RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "arc", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How one answer shows comments: for whom, when, in which view, which one stands out."""

    now: datetime
    view: str
    can_reply: bool = True
    highlighted: uuid.UUID | None = None


def present_site(site: Site) -> SiteView:
    """Return the site as a page's frame needs it."""
    return SiteView(
        key=site.key,
        title=site.title,
        language=site.language,
        direction="rtl" if site.language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr",
    )


def present_tree(
    comments: Sequence[Comment], parents: Mapping[uuid.UUID, Comment], shown: Shown
) -> tuple[CommentView, ...]:
    """Return the comments nested; parents come before their replies in `comments`.

    A reply whose parent is not among them stands at the top, with a link to it.
    """
    depth: dict[uuid.UUID, int] = {}
    for comment in comments:
        above = depth.get(comment.parent_id) if comment.parent_id else None
        depth[comment.id] = 0 if above is None else above + 1
    by_id = {comment.id: comment for comment in comments} | dict(parents)
    replies: dict[uuid.UUID | None, list[CommentView]] = {}
    # From the last to the first, so that a comment's replies are ready before it is.
    for comment in reversed(comments):
        is_nested = comment.parent_id in depth
        view = present_comment(comment, shown, depth=depth[comment.id])
        parent = by_id.get(comment.parent_id) if comment.parent_id else None
        if parent is not None and (not is_nested or depth[comment.id] > NESTED_LEVELS):
            view = replace(view, in_reply_to=_link_to(parent, shown))
        beneath = tuple(reversed(replies.pop(comment.id, [])))
        replies.setdefault(comment.parent_id if is_nested else None, []).append(
            replace(view, replies=beneath)
        )
    return tuple(reversed(replies.get(None, [])))


def present_comment(comment: Comment, shown: Shown, *, depth: int = 0) -> CommentView:
    """Return one comment without replies, with the acts that this visitor may do."""
    actor = actor_of(context(), edit_token_of(str(comment.id)))
    is_own = actor.wrote == comment.id and comment.deleted_at is None
    is_shown = comment.is_visible or is_own
    return CommentView(
        id=str(comment.id),
        author=comment.author,
        initials=initials(comment),
        hue=comment.author_hash[0] % _HUES,
        website=comment.website,
        html=comment.html,
        created=moment(comment.created_at, shown.now),
        edited=moment(comment.edited_at, shown.now) if comment.edited_at else None,
        is_deleted=not is_shown,
        is_pending=is_shown and not comment.is_visible,
        is_highlighted=comment.id == shown.highlighted,
        permalink=_url("comity.comment", comment, shown),
        reply_url=_url("comity.comment", comment, shown, _anchor="comity-form")
        if shown.can_reply and comment.is_visible
        else None,
        edit_url=_own_url("comity.edit", Act.EDIT, comment, actor, shown),
        delete_url=_own_url("comity.delete", Act.DELETE, comment, actor, shown),
        in_reply_to=None,
        depth=depth,
    )


def initials(comment: Comment) -> str:
    """Return the first letter of name and surname; the first character where there is no letter."""
    letters = [_initial(part.plain) for part in (comment.name, comment.surname) if part]
    return "".join(letters).upper()


def _initial(word: str) -> str:
    return next((character for character in word if character.isalnum()), word[0])


def _link_to(comment: Comment, shown: Shown) -> Link:
    words = comment.author.plain if comment.is_visible else "a deleted comment"
    return Link(label=words, url=_url("comity.comment", comment, shown))


def _own_url(endpoint: str, act: Act, comment: Comment, actor: Actor, shown: Shown) -> str | None:
    return _url(endpoint, comment, shown) if may(actor, act, comment, shown.now) else None


def _url(endpoint: str, comment: Comment, shown: Shown, _anchor: str | None = None) -> str:
    view = shown.view or None  # None leaves the parameter out
    return url_for(endpoint, comment_id=comment.id, view=view, _anchor=_anchor)
