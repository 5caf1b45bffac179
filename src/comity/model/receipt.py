"""What makes a retry harmless: the proof that a key has already posted a comment."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base
from .types import UtcDateTime


class PostReceipt(Base):
    """One key that has been used: an idempotency key, or a form token's nonce.

    Holds digests only. The row is written with its comment, so after a crash
    there are both or neither.
    """

    __tablename__ = "comity_post_receipt"
    __table_args__ = (Index(None, "expires_at"),)

    key_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    body_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    comment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("comity_comment.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
