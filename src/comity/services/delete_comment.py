"""Take a comment away from its readers, and erase its e-mail and address."""

from __future__ import annotations

import uuid

from comity.store import comments

from .context import Context
from .permissions import Act, Actor, require


def delete_comment(ctx: Context, actor: Actor, comment_id: uuid.UUID, *, reason: str = "") -> None:
    """Delete the comment; replies keep its place in the conversation.

    Raises:
        NotFoundError: it is not there, or not the actor's to see.
        EditWindowClosedError: the author's time for changes is over.
        ForbiddenError: it is somebody else's.
    """
    now = ctx.clock()
    with ctx.database.writing() as session:
        comment = comments.get_locked(session, comment_id)
        require(actor, Act.DELETE, comment, now)
        comments.delete(session, comment, actor=actor.name, reason=reason, now=now)
