"""Read the conversation beneath a page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from comity.model import Comment, Site, Thread
from comity.store import comments, sites, thread_pages, threads
from comity.store.thread_pages import Cursor, Sort

from .context import Context
from .permissions import READER, Act, Actor, require
from .places import get_site_and_page, is_page
from .render_again import fresh

MAX_LIMIT = 100
"""Comments on one page of a thread, at most; this also bounds how deep an answer can nest."""

DEFAULT_LIMIT = 50

_BRANCH_LIMIT = MAX_LIMIT
_ANCESTOR_LIMIT = 20


@dataclass(frozen=True, kw_only=True)
class ReadThread:
    """One page of a conversation; `parents` holds those above it that are not on this page."""

    site: Site
    page: str
    sort: Sort
    thread: Thread | None
    comments: Sequence[Comment] = ()
    parents: Mapping[uuid.UUID, Comment] = field(default_factory=dict)
    next_cursor: Cursor | None = None

    @property
    def comment_count(self) -> int:
        """How many comments readers can see in the whole thread."""
        return self.thread.comment_count if self.thread else 0

    @property
    def is_closed(self) -> bool:
        """Whether the thread takes no more comments."""
        return self.thread is not None and self.thread.closed_at is not None


@dataclass(frozen=True, kw_only=True)
class ReadComment:
    """One comment in its place: those above it, and the replies beneath."""

    site: Site
    thread: Thread
    comment: Comment
    ancestors: Sequence[Comment] = ()
    replies: Sequence[Comment] = ()


def read_thread(
    ctx: Context,
    site_key: str,
    page: str,
    *,
    sort: Sort = Sort.OLDEST,
    limit: int = DEFAULT_LIMIT,
    after: Cursor | None = None,
) -> ReadThread:
    """Return one page of the thread: up to `limit` (at most 100) comments in the order `sort`.

    A page that nobody has written under is an empty thread, not an error.

    Raises:
        NotFoundError: no such site, or the site has no such page.
    """
    limit = min(limit, MAX_LIMIT)
    with ctx.database.reading() as session:
        site = get_site_and_page(session, site_key, page)
        thread = threads.find(session, site, page)
        if thread is None:
            return ReadThread(site=site, page=page, sort=sort, thread=None)
        found = thread_pages.page(session, thread, sort, limit=limit, after=after)
        return ReadThread(
            site=site,
            page=page,
            sort=sort,
            thread=thread,
            comments=fresh(session, found.comments),
            parents=_parents_elsewhere(session, found.comments),
            next_cursor=found.next_cursor,
        )


def read_comment(ctx: Context, comment_id: uuid.UUID, actor: Actor = READER) -> ReadComment:
    """Return one comment with what is around it.

    Raises:
        NotFoundError: it is not there, or not the actor's to see.
    """
    with ctx.database.reading() as session:
        comment = comments.get(session, comment_id)
        require(actor, Act.READ, comment, ctx.clock())
        return ReadComment(
            site=sites.get_by_id(session, comment.site_id),
            thread=session.get_one(Thread, comment.thread_id),
            comment=fresh(session, [comment])[0],
            ancestors=fresh(
                session, thread_pages.ancestors(session, comment, limit=_ANCESTOR_LIMIT)
            ),
            replies=fresh(session, thread_pages.branch(session, comment, limit=_BRANCH_LIMIT)),
        )


def count_comments(ctx: Context, site_key: str, pages: Sequence[str]) -> Mapping[str, int]:
    """Return page → number of comments that readers can see, for all `pages` in one query.

    Raises:
        NotFoundError: no such site.
    """
    with ctx.database.reading() as session:
        known = threads.counts(session, sites.get(session, site_key), list(filter(is_page, pages)))
    return {page: known.get(page, 0) for page in pages}


def _parents_elsewhere(session: Session, page: Sequence[Comment]) -> Mapping[uuid.UUID, Comment]:
    here = {comment.id for comment in page}
    wanted = {
        comment.parent_id
        for comment in page
        if comment.parent_id is not None and comment.parent_id not in here
    }
    return {parent.id: parent for parent in comments.get_many(session, wanted)}
