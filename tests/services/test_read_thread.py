from __future__ import annotations

import uuid

import pytest

from comity.errors import NotFoundError, ThreadClosedError
from comity.model import Site, Status
from comity.services.close_thread import close_thread
from comity.services.context import Context
from comity.services.delete_comment import delete_comment
from comity.services.moderate_comment import moderate_comment
from comity.services.read_thread import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    count_comments,
    read_comment,
    read_thread,
)
from comity.store.thread_pages import Sort
from support.cast import BOB, PAGE, SITE, author_of, mo, post, stored, unlimited
from support.clock import Clock


def test_a_page_that_nobody_has_written_under_is_an_empty_thread(context: Context) -> None:
    found = read_thread(context, SITE, PAGE)
    assert (found.thread, found.comment_count, found.is_closed) == (None, 0, False)
    assert (list(found.comments), found.next_cursor) == ([], None)


def test_a_comment_is_read_at_once(context: Context) -> None:
    comment = post(context)
    found = read_thread(context, SITE, PAGE)
    assert [shown.id for shown in found.comments] == [comment.id]
    assert (found.comment_count, found.site.key, found.page) == (1, SITE, PAGE)


def test_held_spam_and_deleted_comments_are_not_read(context: Context, blog: Site) -> None:
    post(context, form_seconds=0.1)
    post(context, is_honeypot_untouched=False)
    delete_comment(context, mo(blog), post(context).id)
    found = read_thread(context, SITE, PAGE)
    assert (list(found.comments), found.comment_count) == ([], 0)


def test_a_parent_on_an_earlier_page_comes_along(context: Context) -> None:
    root = post(context)
    replies = [post(context, f"Reply {number}.", parent=root) for number in range(3)]
    first = read_thread(context, SITE, PAGE, limit=2)
    assert first.parents == {}
    second = read_thread(context, SITE, PAGE, limit=2, after=first.next_cursor)
    assert [shown.id for shown in second.comments] == [reply.id for reply in replies[1:]]
    assert set(second.parents) == {root.id}


def test_no_page_is_longer_than_the_longest(context: Context) -> None:
    ctx = unlimited(context)
    for _ in range(MAX_LIMIT + 1):
        post(ctx)
    assert len(read_thread(ctx, SITE, PAGE).comments) == DEFAULT_LIMIT
    longest = read_thread(ctx, SITE, PAGE, limit=10_000)
    assert len(longest.comments) == MAX_LIMIT
    rest = read_thread(ctx, SITE, PAGE, sort=Sort.OLDEST, after=longest.next_cursor)
    assert len(rest.comments) == 1


def test_a_comment_is_read_with_what_is_above_and_beneath_it(context: Context) -> None:
    root = post(context)
    middle = post(context, by=BOB, parent=root)
    leaf = post(context, parent=middle)
    post(context, parent=root)
    found = read_comment(context, middle.id)
    assert found.comment.id == middle.id
    assert [above.id for above in found.ancestors] == [root.id]
    assert [below.id for below in found.replies] == [leaf.id]
    assert (found.site.key, found.thread.page) == (SITE, PAGE)


def test_a_held_comment_is_read_by_its_author_and_by_mo_only(
    context: Context, blog: Site, clock: Clock
) -> None:
    held = post(context, form_seconds=0.1)
    with pytest.raises(NotFoundError):
        read_comment(context, held.id)
    for actor in (author_of(held), author_of(held, clock.now), mo(blog)):
        assert read_comment(context, held.id, actor).comment.id == held.id


def test_a_comment_that_is_not_there_is_not_found(context: Context) -> None:
    with pytest.raises(NotFoundError):
        read_comment(context, uuid.uuid4())


def test_what_a_deleted_comment_left_open_is_still_a_place(context: Context, blog: Site) -> None:
    root = post(context)
    post(context, parent=root)
    delete_comment(context, mo(blog), root.id)
    found = read_thread(context, SITE, PAGE)
    assert [shown.is_visible for shown in found.comments] == [False, True]
    assert found.comment_count == 1


def test_counts_come_for_every_page_that_was_asked(context: Context, blog: Site) -> None:
    for page in ("/one", "/two", "/two"):
        post(context, page=page)
    moderate_comment(context, mo(blog), post(context, page="/one").id, Status.SPAM)
    pages = ["/none", "/two", "/one"]
    assert count_comments(context, SITE, pages) == {"/none": 0, "/two": 2, "/one": 1}
    assert count_comments(context, SITE, []) == {}
    with pytest.raises(NotFoundError):
        count_comments(context, "shop", pages)


def test_a_page_can_be_closed_before_anybody_wrote_and_opened_again(context: Context) -> None:
    closed = close_thread(context, SITE, PAGE)
    assert closed.closed_at == context.clock()
    assert read_thread(context, SITE, PAGE).is_closed
    with pytest.raises(ThreadClosedError):
        post(context)
    close_thread(context, SITE, PAGE, is_closed=False)
    assert not read_thread(context, SITE, PAGE).is_closed
    assert stored(context.database, post(context).id).is_visible


def test_a_page_that_cannot_be_cannot_be_closed(context: Context) -> None:
    with pytest.raises(NotFoundError):
        close_thread(context, SITE, "no-slash")
    with pytest.raises(NotFoundError):
        close_thread(context, "shop", PAGE)
