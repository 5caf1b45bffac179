"""Queries about comments, and the only writers of their status."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comity.errors import NotFoundError
from comity.model import Comment, ModerationEvent, Site, Status, Thread
from comity.text.render import RENDERER_VERSION
from comity.text.safe_text import SafeHtml, SafeText
from comity.text.stages import NewComment


def find(session: Session, comment_id: uuid.UUID) -> Comment | None:
    """Return the comment, whatever its status, or None."""
    return session.get(Comment, comment_id)


def get(session: Session, comment_id: uuid.UUID) -> Comment:
    """Return the comment, whatever its status; who may see it is the caller's question.

    Raises:
        NotFoundError: there is none.
    """
    comment = find(session, comment_id)
    if comment is None:
        raise NotFoundError
    return comment


def get_locked(session: Session, comment_id: uuid.UUID) -> Comment:
    """Return the comment as it is once its thread is locked: nobody else changes either now.

    Raises:
        NotFoundError: there is none.
    """
    comment = get(session, comment_id)
    session.get_one(Thread, comment.thread_id, with_for_update=True)
    session.refresh(comment)
    return comment


def get_many(session: Session, ids: Collection[uuid.UUID]) -> Sequence[Comment]:
    """Return those of `ids` that exist, in no order."""
    return session.scalars(select(Comment).where(Comment.id.in_(ids))).all() if ids else []


def with_status(
    session: Session, site: Site, status: Status, *, limit: int
) -> Sequence[tuple[Comment, str]]:
    """Return up to `limit` comments of a site with `status`, oldest first, each with its page."""
    rows = session.execute(
        select(Comment, Thread.page)
        .join(Thread, Comment.thread_id == Thread.id)
        .where(Comment.site_id == site.id, Comment.status == status, Comment.deleted_at.is_(None))
        .order_by(Comment.id)
        .limit(limit)
    )
    return [(comment, page) for comment, page in rows]


def rendered_before(session: Session, version: int, *, limit: int) -> Sequence[Comment]:
    """Return up to `limit` comments whose HTML is of an older renderer."""
    return session.scalars(
        select(Comment).where(Comment.renderer_version < version).limit(limit)
    ).all()


def add(
    session: Session,
    thread: Thread,
    new: NewComment,
    html: SafeHtml,
    status: Status,
    *,
    comment_id: uuid.UUID,
    parent: Comment | None,
    address: bytes,
    author_hash: bytes,
    actor: str,
    reason: str,
    now: datetime,
) -> Comment:
    """Store a comment with the event that explains its status, and count it."""
    comment = Comment(
        id=comment_id,
        site_id=thread.site_id,
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else comment_id,
        name=new.name,
        surname=new.surname,
        email=new.email,
        website=new.website,
        message=new.message,
        html=html,
        renderer_version=RENDERER_VERSION,
        status=status,
        address=address,
        author_hash=author_hash,
        created_at=now,
    )
    session.add(comment)
    session.flush()
    _relist(session, comment, was_visible=False)
    _record(session, comment, "posted", actor=actor, reason=reason, now=now)
    return comment


def set_status(
    session: Session, comment: Comment, status: Status, *, actor: str, reason: str, now: datetime
) -> None:
    """Change the status, and write who did it and why: the two cannot come apart.

    Setting the status it has changes nothing and writes nothing.
    """
    if comment.status == status:
        return
    before, was_visible = comment.status, comment.is_visible
    comment.status = status
    _relist(session, comment, was_visible=was_visible)
    _record(session, comment, "status", actor=actor, before=before, reason=reason, now=now)


def set_message(
    session: Session,
    comment: Comment,
    message: SafeText,
    html: SafeHtml,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Replace the words; the event says that they changed, not what they were."""
    comment.message = message
    comment.html = html
    comment.renderer_version = RENDERER_VERSION
    comment.edited_at = now
    _record(session, comment, "edited", actor=actor, before=comment.status, now=now)


def set_html(comment: Comment, html: SafeHtml) -> None:
    """Replace the cached HTML by what the present renderer makes of the same source."""
    comment.html = html
    comment.renderer_version = RENDERER_VERSION


def delete(session: Session, comment: Comment, *, actor: str, reason: str, now: datetime) -> None:
    """Take the comment away from readers and erase its e-mail and address.

    The row stays: replies hang on it, and the audit log points to it. Deleting
    again changes nothing.
    """
    if comment.deleted_at is not None:
        return
    was_visible = comment.is_visible
    comment.deleted_at = now
    comment.email = None
    comment.address = None
    _relist(session, comment, was_visible=was_visible)
    _record(session, comment, "deleted", actor=actor, before=comment.status, reason=reason, now=now)


def _relist(session: Session, comment: Comment, *, was_visible: bool) -> None:
    """Make the counts agree with what readers now see of `comment`.

    A comment keeps its place while something listed hangs below it, so a
    change can travel up: the parent of the last visible reply to a deleted
    comment goes with it. The thread is locked by the caller.
    """
    if comment.is_visible != was_visible:
        step = 1 if comment.is_visible else -1
        session.execute(
            update(Thread)
            .where(Thread.id == comment.thread_id)
            .values(comment_count=Thread.comment_count + step)
        )
    current: Comment | None = comment
    while current is not None:
        is_listed = current.is_visible or current.reply_count > 0
        if is_listed == current.is_listed:
            return
        current.is_listed = is_listed
        if current.parent_id is None:
            return
        step = 1 if is_listed else -1
        root = session.get_one(Comment, current.root_id)
        root.score += step
        current = session.get_one(Comment, current.parent_id)
        current.reply_count += step


def _record(
    session: Session,
    comment: Comment,
    action: str,
    *,
    actor: str,
    now: datetime,
    before: Status | None = None,
    reason: str = "",
) -> None:
    session.add(
        ModerationEvent(
            site_id=comment.site_id,
            comment_id=comment.id,
            actor=actor,
            action=action,
            from_status=before,
            to_status=comment.status,
            reason=reason[:500],
            created_at=now,
        )
    )
