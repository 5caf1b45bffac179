"""A site: one website whose comments we keep, with its owner's choices."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from comity.text.fields import Presence

from .base import Base
from .types import UtcDateTime


class ModerationMode(StrEnum):
    """What happens to a comment that the screen does not doubt."""

    PUBLISH = "publish"
    HOLD = "hold"


class Site(Base):
    """One website. Set by its owner through `comity site`, never by a visitor.

    `origins` are exact (`https://blog.example.org`); `page_prefixes` say which
    pages may have a thread, by the start of their path: empty means all.
    """

    __tablename__ = "comity_site"
    __table_args__ = (
        CheckConstraint("surname IN ('required', 'optional', 'hidden')", name="surname"),
        CheckConstraint("email IN ('required', 'optional', 'hidden')", name="email"),
        CheckConstraint("website IN ('required', 'optional', 'hidden')", name="website"),
        CheckConstraint("moderation IN ('publish', 'hold')", name="moderation"),
        CheckConstraint("edit_window_minutes BETWEEN 0 AND 1440", name="edit_window"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(63), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(35), default="en")
    origins: Mapped[list[str]] = mapped_column(JSON, default=list)
    page_prefixes: Mapped[list[str]] = mapped_column(JSON, default=list)
    surname: Mapped[str] = mapped_column(String(10), default=Presence.REQUIRED.value)
    email: Mapped[str] = mapped_column(String(10), default=Presence.REQUIRED.value)
    website: Mapped[str] = mapped_column(String(10), default=Presence.HIDDEN.value)
    moderation: Mapped[str] = mapped_column(String(10), default=ModerationMode.PUBLISH.value)
    edit_window_minutes: Mapped[int] = mapped_column(default=15)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
