"""Change the words of a comment: sanitized, validated and rendered as the first time."""

from __future__ import annotations

import uuid

from comity.errors import InvalidCommentError, InvalidFieldError
from comity.model import Comment, Site, Status
from comity.model.site import ModerationMode
from comity.store import comments, sites
from comity.text.render import render
from comity.text.sanitize import sanitize
from comity.text.validate import validate

from .context import Context
from .permissions import Act, Actor, require


def edit_comment(ctx: Context, actor: Actor, comment_id: uuid.UUID, raw_message: str) -> Comment:
    """Replace the message; name and e-mail stay, for a reply may lean on them.

    Where a site holds every comment, a changed one is held again: otherwise
    approval could be won with other words than those that readers get.

    Raises:
        NotFoundError: it is not there, or not the actor's to see.
        EditWindowClosedError: the author's time for changes is over.
        ForbiddenError: it is somebody else's.
        InvalidCommentError: the new message breaks a rule.
    """
    message = sanitize(raw_message)
    now = ctx.clock()
    with ctx.database.reading() as session:
        require(actor, Act.EDIT, comments.get(session, comment_id), now)
    try:
        validate(message, "message")
    except InvalidFieldError as error:
        raise InvalidCommentError([error]) from error
    html = render(message)
    with ctx.database.writing() as session:
        comment = comments.get_locked(session, comment_id)
        require(actor, Act.EDIT, comment, now)
        if comment.message == message:
            return comment
        comments.set_message(session, comment, message, html, actor=actor.name, now=now)
        site = sites.get_by_id(session, comment.site_id)
        if _must_be_held_again(site, comment, actor):
            comments.set_status(
                session,
                comment,
                Status.PENDING,
                actor="rule:site_holds",
                reason="Changed by its author; this site holds every comment.",
                now=now,
            )
    return comment


def _must_be_held_again(site: Site, comment: Comment, actor: Actor) -> bool:
    return (
        site.moderation == ModerationMode.HOLD
        and comment.status == Status.APPROVED
        and comment.site_id not in actor.moderates
    )
