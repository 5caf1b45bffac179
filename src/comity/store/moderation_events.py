"""Queries about the audit log.

There is no writer here: `store/comments.py` writes each event with the change it records.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.model import ModerationEvent


def of_comment(session: Session, comment_id: uuid.UUID) -> Sequence[ModerationEvent]:
    """Return every decision about one comment, oldest first."""
    return session.scalars(
        select(ModerationEvent)
        .where(ModerationEvent.comment_id == comment_id)
        .order_by(ModerationEvent.id)
    ).all()
