"""Bring stored HTML up to the present renderer: the source is the truth, HTML is a cache."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session, make_transient

from comity.model import Comment
from comity.store import comments
from comity.text.render import RENDERER_VERSION, render

from .context import Context

BATCH = 500


def fresh(session: Session, found: Sequence[Comment]) -> Sequence[Comment]:
    """Return the comments with HTML of the present renderer, whatever is stored.

    A better allow-list reaches old comments at once, also before `render_again`
    has come to them.
    """
    for comment in found:
        if comment.renderer_version != RENDERER_VERSION:
            session.expunge(comment)
            make_transient(comment)
            comments.set_html(comment, render(comment.message))
    return found


def render_again(ctx: Context) -> int:
    """Render every comment whose HTML an older renderer made; return how many there were.

    In batches of 500, each its own transaction: it can be interrupted and
    repeated, and other writers wait for one batch at most.
    """
    done = 0
    while True:
        with ctx.database.writing() as session:
            stale = comments.rendered_before(session, RENDERER_VERSION, limit=BATCH)
            for comment in stale:
                comments.set_html(comment, render(comment.message))
        done += len(stale)
        if len(stale) < BATCH:
            return done
