"""Queries about receipts: which keys have already posted."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from comity.model import PostReceipt


def find(session: Session, key_digest: bytes, now: datetime) -> PostReceipt | None:
    """Return the receipt of a key that is still remembered, or None."""
    receipt = session.get(PostReceipt, key_digest)
    return receipt if receipt is not None and receipt.expires_at > now else None


def add(
    session: Session,
    key_digest: bytes,
    body_digest: bytes,
    comment_id: uuid.UUID,
    expires_at: datetime,
) -> None:
    """Remember that the key has posted. Call `forget_expired` first: a key may come again later.

    Raises:
        IntegrityError: at the next flush, if the key has posted at this very moment.
    """
    session.add(
        PostReceipt(
            key_digest=key_digest,
            body_digest=body_digest,
            comment_id=comment_id,
            expires_at=expires_at,
        )
    )


def forget_expired(session: Session, now: datetime) -> None:
    """Delete receipts that no longer answer anything; indexed, so cheap when there are none."""
    session.execute(delete(PostReceipt).where(PostReceipt.expires_at <= now))
