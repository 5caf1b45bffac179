"""A comment, as it is stored."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from comity.text.fields import FIELDS
from comity.text.safe_text import SafeHtml, SafeText

from .base import Base
from .status import Status
from .types import SafeHtmlType, SafeTextType, UtcDateTime


class Comment(Base):
    """One person's words under one page.

    The message's source is the truth; `html` is a cache of it, made by the
    renderer of `renderer_version`. A reply names its `parent_id` and the
    comment that began its branch, `root_id` (a comment without a parent is its
    own root); both are held in the same thread by the foreign keys.

    `reply_count` counts listed direct replies, `score` is what the order "top"
    goes by: the listed comments beneath. `is_listed` says that readers find a
    place for it: it is approved and not deleted, or something listed hangs
    below it and keeps its place open. `store/comments.py` alone writes these.
    """

    __tablename__ = "comity_comment"
    __table_args__ = (
        UniqueConstraint("thread_id", "id"),
        ForeignKeyConstraint(
            ["thread_id", "parent_id"], ["comity_comment.thread_id", "comity_comment.id"]
        ),
        ForeignKeyConstraint(
            ["thread_id", "root_id"], ["comity_comment.thread_id", "comity_comment.id"]
        ),
        CheckConstraint("status IN ('pending', 'approved', 'rejected', 'spam')", name="status"),
        CheckConstraint(f"length(name) BETWEEN 1 AND {FIELDS['name'].max_chars}", name="name"),
        CheckConstraint(f"length(surname) <= {FIELDS['surname'].max_chars}", name="surname"),
        CheckConstraint(f"length(email) <= {FIELDS['email'].max_chars}", name="email"),
        CheckConstraint(
            f"length(message) BETWEEN 1 AND {FIELDS['message'].max_chars}", name="message"
        ),
        CheckConstraint("deleted_at IS NULL OR (email IS NULL AND address IS NULL)", name="erased"),
        CheckConstraint("(parent_id IS NULL) = (root_id = id)", name="root"),
        # Each index serves one query that runs on a request; tests/store asks the database.
        # SQLite uses a partial index only for the very words of its condition, and SQLAlchemy
        # writes `is_listed = 1` there, where PostgreSQL has booleans. That the two first are
        # unique tells it that the order of the roots is complete: it need not sort a branch.
        Index(
            "ix_comity_comment_oldest",
            "thread_id",
            "id",
            unique=True,
            sqlite_where=text("is_listed = 1 AND parent_id IS NULL"),
            postgresql_where=text("is_listed AND parent_id IS NULL"),
        ),
        Index(
            "ix_comity_comment_top",
            "thread_id",
            text("score DESC"),
            "id",
            unique=True,
            sqlite_where=text("is_listed = 1 AND parent_id IS NULL"),
            postgresql_where=text("is_listed AND parent_id IS NULL"),
        ),
        Index(
            "ix_comity_comment_branch",
            "root_id",
            "id",
            sqlite_where=text("is_listed = 1"),
            postgresql_where=text("is_listed"),
        ),
        Index("ix_comity_comment_queue", "site_id", "status", "id"),
        Index("ix_comity_comment_parent", "thread_id", "parent_id"),
        Index("ix_comity_comment_renderer", "renderer_version"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("comity_site.id"))
    thread_id: Mapped[int] = mapped_column(ForeignKey("comity_thread.id"))
    parent_id: Mapped[uuid.UUID | None]
    root_id: Mapped[uuid.UUID]
    name: Mapped[SafeText] = mapped_column(SafeTextType)
    surname: Mapped[SafeText] = mapped_column(SafeTextType)
    email: Mapped[SafeText | None] = mapped_column(SafeTextType)
    website: Mapped[SafeText] = mapped_column(SafeTextType)
    message: Mapped[SafeText] = mapped_column(SafeTextType)
    html: Mapped[SafeHtml] = mapped_column(SafeHtmlType)
    renderer_version: Mapped[int]
    status: Mapped[Status] = mapped_column(String(10))
    is_listed: Mapped[bool] = mapped_column(default=False)
    reply_count: Mapped[int] = mapped_column(default=0)
    score: Mapped[int] = mapped_column(default=0)
    address: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """A keyed hash of the sender's address prefix that changes daily; never the address."""
    author_hash: Mapped[bytes] = mapped_column(LargeBinary(8))
    """Keyed hash of the author: the same person has the same hue, and nothing can be reversed."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_visible(self) -> bool:
        """Whether readers may see its words."""
        return self.status == Status.APPROVED and self.deleted_at is None

    @property
    def author(self) -> SafeText:
        """Name and surname, one space between."""
        if not self.surname:
            return self.name
        joined = self.name + " " + self.surname
        assert isinstance(joined, SafeText)  # noqa: S101 - Markup.__add__ keeps the type
        return joined
