"""One comment's own page, with what is around it; and the page after sending one for review."""

from __future__ import annotations

import uuid

from flask import Response, make_response, render_template, request, url_for

from comity.errors import NotFoundError
from comity.services.post_comment import Place
from comity.services.read_thread import ReadComment, read_comment
from comity.web.security.edit_token import actor_of
from comity.web.security.sessions import edit_token_of
from comity.web.state import context

from .blueprint import allow_framing, pages
from .forms import comment_form
from .message_page import stylesheet_url
from .present import Shown, present_comment, present_site, present_tree
from .thread_view import EMBED, back_url, requested_view, thread_context

_HELD = "Your comment is waiting for approval. Until then, only you can see it, in this browser."
_RECEIVED = "Thank you. Your comment has arrived and is waiting for approval."


@pages.get("/comments/<uuid:comment_id>")
def comment(comment_id: uuid.UUID) -> Response:
    """Show one comment: what it answers above it, the answers beneath, and a form to reply."""
    actor = actor_of(context(), edit_token_of(str(comment_id)))
    found = read_comment(context(), comment_id, actor)
    is_held = not found.comment.is_visible and found.comment.deleted_at is None
    own = actor.wrote == found.comment.id
    return _comment_page(found, notice=_HELD if is_held and own else None)


@pages.get("/comments/received")
def received() -> Response:
    """Say that a comment waits for approval.

    The same for a held comment and for one that the screen took for spam. With
    the author's cookie it shows the comment; without one there is only the thread.
    """
    place = Place(site=request.args.get("site", ""), page=request.args.get("page", ""))
    comment_id = _own_id(request.args.get("id", ""))
    if comment_id is not None:
        actor = actor_of(context(), edit_token_of(str(comment_id)))
        try:
            return _comment_page(read_comment(context(), comment_id, actor), notice=_RECEIVED)
        except NotFoundError:
            pass
    view = requested_view()
    shown = thread_context(place, view=view)
    if view == EMBED:
        allow_framing(shown["site_row"])
    template = "comity/embed.html" if view == EMBED else "comity/thread_page.html"
    return make_response(render_template(template, notice=_RECEIVED, **shown))


def _comment_page(found: ReadComment, *, notice: str | None) -> Response:
    view = requested_view()
    if view == EMBED:
        allow_framing(found.site)
    can_reply = found.thread.closed_at is None
    shown = Shown(
        now=context().clock(), view=view, can_reply=can_reply, highlighted=found.comment.id
    )
    tree = present_tree([found.comment, *found.replies], {}, shown)
    endpoint = "comity.embed" if view == EMBED else "comity.thread"
    title = f"A comment by {found.comment.author.plain}"
    return make_response(
        render_template(
            "comity/comment_page.html",
            site=present_site(found.site),
            title="A deleted comment" if tree[0].is_deleted else title,
            thread_url=url_for(endpoint, site=found.site.key, page=found.thread.page),
            comment_count=found.thread.comment_count,
            ancestors=tuple(present_comment(one, shown) for one in found.ancestors),
            comment=tree[0],
            form=comment_form(found.site, found.thread.page, view=view, parent=found.comment)
            if can_reply and found.comment.is_visible
            else None,
            notice=notice,
            is_closed=not can_reply,
            back_url=back_url(found.site, found.thread.page) if view != EMBED else None,
            is_embed=view == EMBED,
            stylesheet_url=stylesheet_url(),
        )
    )


def _own_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
