"""Decide about a comment: approve, hold, reject, mark as spam."""

from __future__ import annotations

import uuid

from comity.model import Comment, Status
from comity.store import comments

from .context import Context
from .permissions import Act, Actor, require


def moderate_comment(
    ctx: Context, actor: Actor, comment_id: uuid.UUID, status: Status, *, reason: str = ""
) -> Comment:
    """Set the status; who decided, and why, is written in the same transaction.

    Raises:
        NotFoundError: it is not there, or of a site that the actor does not moderate.
        ForbiddenError: the actor may see it, but not decide.
    """
    now = ctx.clock()
    with ctx.database.writing() as session:
        comment = comments.get_locked(session, comment_id)
        require(actor, Act.MODERATE, comment, now)
        comments.set_status(session, comment, status, actor=actor.name, reason=reason, now=now)
    return comment
