"""The one query behind reading a thread: a page of comments, in an order, after a cursor."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from comity.model import Comment, Thread


class Sort(StrEnum):
    """The order of the branches; within a branch, replies stand in the order of their writing."""

    OLDEST = "oldest"
    NEWEST = "newest"
    TOP = "top"


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The place after which a page goes on: the last comment shown, and its branch's rank."""

    sort: Sort
    root_id: uuid.UUID
    last_id: uuid.UUID
    score: int = 0


@dataclass(frozen=True, kw_only=True)
class ThreadPage:
    """One page: `comments` in reading order, parents before their replies."""

    comments: Sequence[Comment]
    next_cursor: Cursor | None


_Root = aliased(Comment, name="root")


def page(
    session: Session, thread: Thread, sort: Sort, *, limit: int, after: Cursor | None = None
) -> ThreadPage:
    """Return up to `limit` listed comments of `thread`.

    Branch by branch in the order `sort`; a branch longer than the page goes on
    on the next. One indexed join, whose cost depends on `limit` and not on the
    length of the thread: keyset, not offset.
    """
    query = (
        select(Comment, _Root.score)
        .join(_Root, Comment.root_id == _Root.id)
        .where(
            _Root.thread_id == thread.id,
            _Root.parent_id.is_(None),
            _Root.is_listed,
            Comment.is_listed,
        )
        .order_by(*_order(sort), Comment.id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(_after(after))
    rows = session.execute(query).all()
    comments = [row[0] for row in rows[:limit]]
    if len(rows) <= limit:
        return ThreadPage(comments=comments, next_cursor=None)
    last, score = rows[limit - 1]
    cursor = Cursor(sort=sort, root_id=last.root_id, last_id=last.id, score=score)
    return ThreadPage(comments=comments, next_cursor=cursor)


def branch(session: Session, comment: Comment, *, limit: int) -> Sequence[Comment]:
    """Return the listed replies beneath `comment`, at any depth, oldest first, up to `limit`.

    Reads the branch from `comment` on and keeps what descends from it.
    """
    rows = session.scalars(
        select(Comment)
        .where(Comment.root_id == comment.root_id, Comment.is_listed, Comment.id > comment.id)
        .order_by(Comment.id)
        .limit(limit)
    )
    within = {comment.id}
    kept: list[Comment] = []
    for row in rows:
        if row.parent_id in within:
            within.add(row.id)
            kept.append(row)
    return kept


def ancestors(session: Session, comment: Comment, *, limit: int) -> Sequence[Comment]:
    """Return up to `limit` comments above `comment`, the nearest last."""
    above: list[Comment] = []
    current = comment
    while current.parent_id is not None and len(above) < limit:
        current = session.get_one(Comment, current.parent_id)
        above.append(current)
    return above[::-1]


def _order(sort: Sort) -> tuple[ColumnElement[Any], ...]:
    match sort:
        case Sort.OLDEST:
            return (_Root.id.asc(),)
        case Sort.NEWEST:
            return (_Root.id.desc(),)
        case Sort.TOP:
            return (_Root.score.desc(), _Root.id.asc())


def _after(cursor: Cursor) -> ColumnElement[bool]:
    """The first condition of each bounds the index range; the second is exact within it."""
    further = and_(_Root.id == cursor.root_id, Comment.id > cursor.last_id)
    match cursor.sort:
        case Sort.OLDEST:
            return and_(_Root.id >= cursor.root_id, or_(_Root.id > cursor.root_id, further))
        case Sort.NEWEST:
            return and_(_Root.id <= cursor.root_id, or_(_Root.id < cursor.root_id, further))
        case Sort.TOP:
            same = and_(_Root.score == cursor.score, or_(_Root.id > cursor.root_id, further))
            return and_(_Root.score <= cursor.score, or_(_Root.score < cursor.score, same))
