"""List comments for the one who decides about them: as text, with the reason why they wait."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from comity.model import Status
from comity.store import comments, moderation_events, sites
from comity.text.excerpt import excerpt

from .context import Context


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One comment as a line of text: canonical characters, never HTML."""

    id: uuid.UUID
    page: str
    author: str
    excerpt: str
    reason: str


def list_comments(ctx: Context, site_key: str, status: Status, *, limit: int) -> Sequence[Waiting]:
    """Return up to `limit` comments of a site with `status`, oldest first, none deleted.

    Raises:
        NotFoundError: there is no such site.
    """
    with ctx.database.reading() as session:
        site = sites.get(session, site_key)
        lines: list[Waiting] = []
        for comment, page in comments.with_status(session, site, status, limit=limit):
            events = moderation_events.of_comment(session, comment.id)
            lines.append(
                Waiting(
                    id=comment.id,
                    page=page,
                    author=comment.author.plain,
                    excerpt=excerpt(comment.message).plain,
                    reason=next((event.reason for event in reversed(events) if event.reason), ""),
                )
            )
        return lines
