"""A thread: the conversation beneath one page of a site."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base
from .types import UtcDateTime

MAX_PAGE_CHARS = 512
"""The longest page key. With the site's it must fit an index row of PostgreSQL (2,704 bytes)."""


class Thread(Base):
    """One page's conversation, made with its first comment.

    `comment_count` counts what readers see as comments: approved, not deleted.
    """

    __tablename__ = "comity_thread"
    __table_args__ = (
        UniqueConstraint("site_id", "page"),
        CheckConstraint("comment_count >= 0", name="comment_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("comity_site.id"))
    page: Mapped[str] = mapped_column(String(MAX_PAGE_CHARS))
    comment_count: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
