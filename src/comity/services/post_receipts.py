"""What makes a retry harmless: one key, one comment, the same answer for a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from comity.errors import FormReplayedError, IdempotencyKeyReusedError, RequestError
from comity.model import Comment, Site
from comity.store import comments, receipts
from comity.text.stages import NewComment

from .context import Context

REMEMBER_KEYS_FOR: Final = timedelta(hours=24)
"""How long the same idempotency key, or the same form, gives the first answer again."""


def receipt_keys(
    ctx: Context, site: Site, form_nonce: str, idempotency_key: str | None
) -> dict[bytes, type[RequestError]]:
    """Return key digest → the error for using that key twice for different comments."""
    keys: dict[bytes, type[RequestError]] = {}
    if idempotency_key is not None:
        digest = ctx.tokens.digest("idempotency", site.key, idempotency_key)
        keys[digest] = IdempotencyKeyReusedError
    keys[ctx.tokens.digest("form-used", form_nonce)] = FormReplayedError
    return keys


def body_digest(ctx: Context, new: NewComment, *place: str) -> bytes:
    """Return what tells two comments apart: where they go, and every word."""
    words = [field.plain for field in (new.name, new.surname, new.email, new.website, new.message)]
    return ctx.tokens.digest("body", *place, *words)


def first_answer(
    session: Session, keys: Mapping[bytes, type[RequestError]], body: bytes, now: datetime
) -> Comment | None:
    """Return the comment that one of `keys` has posted already, or None.

    Raises:
        IdempotencyKeyReusedError: the key has posted another comment.
        FormReplayedError: the form has posted another comment.
    """
    for key, reused in keys.items():
        receipt = receipts.find(session, key, now)
        if receipt is None:
            continue
        if receipt.body_digest != body:
            raise reused
        return comments.get(session, receipt.comment_id)
    return None


def keep_receipts(
    session: Session, keys: Iterable[bytes], body: bytes, comment: Comment, now: datetime
) -> None:
    """Remember in the comment's own transaction that `keys` have posted it."""
    receipts.forget_expired(session, now)
    for key in keys:
        receipts.add(session, key, body, comment.id, now + REMEMBER_KEYS_FOR)
