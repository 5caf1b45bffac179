"""Threads grown at random by `store.comments`, and what a page must then say, by brute force."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from comity.model import Comment, Status, Thread
from comity.store import comments, sites, threads
from comity.store.thread_pages import Sort
from comity.text.render import render
from comity.text.sanitize import sanitize_comment
from comity.text.validate import validate_comment

from .cast import ALICE

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW = validate_comment(sanitize_comment(ALICE))
HTML = render(NEW.message)

Act = tuple[str, int, Status]

ACTS: st.SearchStrategy[list[Act]] = st.lists(
    st.tuples(
        st.sampled_from(["begin", "reply", "reply", "reply", "delete", "set_status"]),
        st.integers(0, 1_000),
        st.sampled_from([Status.APPROVED, Status.APPROVED, *Status]),
    ),
    max_size=40,
)
"""What happens, to which of the comments so far, and with which status."""


def new_thread(session: Session) -> Thread:
    """Return an empty thread on a site of its own."""
    site = sites.add(session, f"site-{uuid.uuid4().hex}", "Forest", NOW)
    return threads.get_or_add(session, site, "/forest", NOW)


def grow(session: Session, thread: Thread, acts: Iterable[Act]) -> None:
    """Do `acts` in `thread`, each to a comment that its number picks."""
    grown: list[Comment] = []
    for kind, number, status in acts:
        chosen = grown[number % len(grown)] if grown else None
        if kind == "begin" or chosen is None:
            grown.append(add(session, thread, None, status))
        elif kind == "reply":
            grown.append(add(session, thread, chosen, status))
        elif kind == "delete":
            comments.delete(session, chosen, actor="author", reason="", now=NOW)
        else:
            comments.set_status(session, chosen, status, actor="mo", reason="", now=NOW)
    session.flush()
    session.expire_all()


def add(
    session: Session, thread: Thread, parent: Comment | None, status: Status = Status.APPROVED
) -> Comment:
    """Add one comment."""
    return comments.add(
        session,
        thread,
        NEW,
        HTML,
        status,
        comment_id=uuid7(),
        parent=parent,
        address=b"a" * 32,
        author_hash=b"h" * 8,
        actor="author",
        reason="",
        now=NOW,
    )


class Recount:
    """What the rows of `thread` mean, worked out the slow way from parents and statuses alone."""

    def __init__(self, session: Session, thread: Thread) -> None:
        rows = session.scalars(select(Comment).where(Comment.thread_id == thread.id)).all()
        self.rows: Mapping[uuid.UUID, Comment] = {row.id: row for row in rows}
        self.comment_count = sum(map(self._is_visible, rows))

    def children(self, parent: uuid.UUID | None) -> Sequence[Comment]:
        return [row for row in self.rows.values() if row.parent_id == parent]

    def is_listed(self, row: Comment) -> bool:
        return self._is_visible(row) or any(map(self.is_listed, self.children(row.id)))

    def reply_count(self, row: Comment) -> int:
        return sum(map(self.is_listed, self.children(row.id)))

    def score(self, row: Comment) -> int:
        """Listed comments below a comment that begins a branch; others have none."""
        return 0 if row.parent_id else sum(map(self.is_listed, self._below(row)))

    def order(self, sort: Sort) -> list[uuid.UUID]:
        """The whole thread as `sort` has it."""
        roots = sorted((row for row in self.children(None) if self.is_listed(row)), key=_by_id)
        if sort is Sort.NEWEST:
            roots.reverse()
        if sort is Sort.TOP:
            roots.sort(key=self.score, reverse=True)  # stable: the older first
        return [
            row.id
            for root in roots
            for row in [root, *sorted(self._below(root), key=_by_id)]
            if self.is_listed(row)
        ]

    def _below(self, row: Comment) -> list[Comment]:
        children = self.children(row.id)
        return [*children, *(below for child in children for below in self._below(child))]

    def _is_visible(self, row: Comment) -> bool:
        return row.status == "approved" and row.deleted_at is None


def _by_id(row: Comment) -> bytes:
    return row.id.bytes
