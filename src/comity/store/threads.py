"""Queries about threads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from comity.errors import NotFoundError, ThreadClosedError
from comity.model import Comment, Site, Thread


def find(session: Session, site: Site, page: str) -> Thread | None:
    """Return the thread of `page`, or None where nobody has written yet."""
    return session.scalars(
        select(Thread).where(Thread.site_id == site.id, Thread.page == page)
    ).one_or_none()


def get_or_add(session: Session, site: Site, page: str, now: datetime) -> Thread:
    """Return the thread of `page`, locked for this transaction; make it if need be."""
    thread = _locked(session, site, page)
    if thread is None:
        try:
            with session.begin_nested():
                thread = Thread(site_id=site.id, page=page, created_at=now)
                session.add(thread)
        except IntegrityError:  # another process made it at the same moment
            thread = _locked(session, site, page)
    assert thread is not None  # noqa: S101 - made by us or by the other
    return thread


def require_open(thread: Thread) -> None:
    """Return if `thread` takes comments.

    Raises:
        ThreadClosedError: its owner has closed it.
    """
    if thread.closed_at is not None:
        raise ThreadClosedError


def get_parent(session: Session, thread: Thread, parent_id: uuid.UUID) -> Comment:
    """Return the comment that a reply in `thread` answers.

    Raises:
        NotFoundError: it is not in this thread, or readers cannot see it: one
            answer for both, so that nobody learns what waits (CWE-204).
    """
    parent = session.get(Comment, parent_id)
    if parent is None or parent.thread_id != thread.id or not parent.is_visible:
        raise NotFoundError("The comment that you answer is not here any more.")
    return parent


def counts(session: Session, site: Site, pages: Sequence[str]) -> Mapping[str, int]:
    """Return page → comments that readers can see, for every page asked; 0 where none."""
    found = session.execute(
        select(Thread.page, Thread.comment_count).where(
            Thread.site_id == site.id, Thread.page.in_(pages)
        )
    )
    known = {row.page: row.comment_count for row in found}
    return {page: known.get(page, 0) for page in pages}


def _locked(session: Session, site: Site, page: str) -> Thread | None:
    return session.scalars(
        select(Thread).where(Thread.site_id == site.id, Thread.page == page).with_for_update()
    ).one_or_none()
