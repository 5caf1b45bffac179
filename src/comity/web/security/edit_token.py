"""The author's proof: a token for one comment, until its edit window closes."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from comity.errors import TokenError
from comity.model import Comment, Site
from comity.services.context import Context, Purpose
from comity.services.permissions import READER, Actor

_LONGEST_WINDOW: Final = timedelta(days=1)


def new_edit_token(ctx: Context, comment: Comment, site: Site) -> str:
    """Return the token with which the author of `comment` can change it.

    It says when it ends, counted from the comment's own time, so asking again
    gives no more time.
    """
    end = comment.created_at + timedelta(minutes=site.edit_window_minutes)
    facts = {"c": str(comment.id), "until": end.isoformat()}
    return ctx.tokens.sign(Purpose.EDIT, facts, comment.created_at)


def actor_of(ctx: Context, token: str | None) -> Actor:
    """Return who shows `token`: the author of one comment, or, without a genuine one, a reader."""
    if not token:
        return READER
    try:
        claim = ctx.tokens.read(Purpose.EDIT, token, now=ctx.clock(), max_age=_LONGEST_WINDOW)
    except TokenError:
        return READER
    end = claim.issued_at.fromisoformat(claim.facts["until"])
    return Actor(name="author", wrote=uuid.UUID(claim.facts["c"]), edits_until=end)
