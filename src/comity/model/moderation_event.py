"""The audit log: one row for each decision about a comment, whoever took it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base
from .types import UtcDateTime


class ModerationEvent(Base):
    """Who did what to which comment, and why. Written in the change's own transaction.

    `actor` is `author`, `operator`, `rule:<name>` or `moderator:<id>`; `action`
    is `posted`, `edited`, `deleted` or `status`. It never repeats the words of
    the comment: those can be erased, this cannot.
    """

    __tablename__ = "comity_moderation_event"
    __table_args__ = (Index(None, "comment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("comity_site.id"))
    comment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("comity_comment.id"))
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(20))
    from_status: Mapped[str | None] = mapped_column(String(10))
    to_status: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
