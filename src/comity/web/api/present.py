"""From rows to the API's JSON: the listed fields, private until listed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import url_for
from msgspec import UNSET

from comity.model import Comment, Site
from comity.services.context import Context
from comity.services.permissions import READER, Actor
from comity.services.places import site_rules
from comity.services.read_thread import ReadThread
from comity.web.cursors import encode_cursor
from comity.web.security.edit_token import new_edit_token
from comity.web.security.form_token import FORM_LIFETIME, new_form_token

from .schemas import (
    AuthorJson,
    CommentJson,
    FieldJson,
    FormJson,
    InReplyToJson,
    PostedJson,
    ThreadJson,
)


def present_comment(comment: Comment, actor: Actor = READER) -> CommentJson:
    """Return what `actor` may see of one comment, without replies.

    Whatever keeps a comment from readers, its author sees `pending`: a spammer
    learns nothing (the moderator sees the reason).
    """
    is_own = actor.wrote == comment.id and comment.deleted_at is None
    is_shown = comment.is_visible or is_own
    return CommentJson(
        id=comment.id,
        parent_id=comment.parent_id,
        status="approved" if comment.is_visible or not is_shown else "pending",
        author=_author(comment) if is_shown else AuthorJson(name="", surname=""),
        html=str(comment.html) if is_shown else "",
        created_at=comment.created_at,
        edited_at=comment.edited_at if is_shown else None,
        is_deleted=not is_shown,
        reply_count=comment.reply_count,
        url=url_for("comity.comment", comment_id=comment.id),
    )


def present_thread(found: ReadThread) -> ThreadJson:
    """Return one page of a thread, nested."""
    return ThreadJson(
        site=found.site.key,
        page=found.page,
        sort=found.sort.value,
        comment_count=found.comment_count,
        is_closed=found.is_closed,
        comments=_nested(found.comments, found.parents),
        next_cursor=encode_cursor(found.next_cursor),
    )


def present_posted(ctx: Context, comment: Comment, site: Site) -> PostedJson:
    """Return the answer to the author of a new comment; held, spam and all look alike."""
    end = comment.created_at + timedelta(minutes=site.edit_window_minutes)
    own = Actor(name="author", wrote=comment.id, edits_until=end)
    return PostedJson(
        comment=present_comment(comment, own),
        edit_token=new_edit_token(ctx, comment, site),
        editable_until=end,
    )


def present_form(ctx: Context, site: Site, page: str, *, is_closed: bool) -> FormJson:
    """Return a fresh form for `page`."""
    token = new_form_token(ctx, site.key, page)
    return FormJson(
        token=token.token,
        honeypot=token.honeypot.name,
        expires_at=ctx.clock() + FORM_LIFETIME,
        fields=[
            FieldJson(
                name=rule.name,
                label=rule.label,
                presence=rule.presence.value,
                min_length=rule.min_chars,
                max_length=rule.max_chars,
            )
            for rule in site_rules(site).values()
        ],
        is_closed=is_closed,
    )


def _author(comment: Comment) -> AuthorJson:
    return AuthorJson(
        name=comment.name.plain,
        surname=comment.surname.plain,
        website=comment.website.plain or UNSET,
    )


def _nested(comments: Sequence[Comment], parents: Mapping[uuid.UUID, Comment]) -> list[CommentJson]:
    top: list[CommentJson] = []
    seen: dict[uuid.UUID, CommentJson] = {}
    for comment in comments:
        shown = seen[comment.id] = present_comment(comment)
        above = seen.get(comment.parent_id) if comment.parent_id else None
        if above is not None:
            above.replies.append(shown)
            continue
        parent = parents.get(comment.parent_id) if comment.parent_id else None
        if parent is not None:
            name = parent.author.plain if parent.is_visible else ""
            shown.in_reply_to = InReplyToJson(id=parent.id, name=name)
        top.append(shown)
    return top
