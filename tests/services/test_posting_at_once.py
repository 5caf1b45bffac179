"""Many requests at the same moment: none is lost, none counts twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import func, select

from comity.errors import FormReplayedError, IdempotencyKeyReusedError
from comity.model import Comment, ModerationEvent, PostReceipt, Site, Status, Thread
from comity.services.context import Context
from comity.services.moderate_comment import moderate_comment
from support.cast import ALICE, BOB, mo, post, send, stored, unlimited

MANY = 20

ResultT = TypeVar("ResultT")


def _at_once(act: Callable[[int], ResultT], times: int = MANY) -> list[ResultT]:
    """Return what `act(0)` … `act(times - 1)` return, all begun at the same moment."""
    gate = threading.Barrier(times)

    def begin(number: int) -> ResultT:
        gate.wait(timeout=30)
        return act(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(begin, range(times)))


def _rows(ctx: Context, table: type) -> int:
    with ctx.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _comment_count(ctx: Context) -> int:
    with ctx.database.reading() as session:
        return session.scalars(select(Thread.comment_count)).one()


def test_twenty_first_comments_of_a_new_page_are_all_there_and_counted(context: Context) -> None:
    ctx = unlimited(context)
    posted = _at_once(lambda number: post(ctx, f"Comment {number}."))
    assert len({comment.id for comment in posted}) == MANY
    assert _rows(ctx, Comment) == _rows(ctx, ModerationEvent) == MANY
    assert _rows(ctx, Thread) == 1
    assert _comment_count(ctx) == MANY


def test_twenty_replies_to_one_comment_are_all_counted(context: Context) -> None:
    ctx = unlimited(context)
    root = post(ctx)
    _at_once(lambda number: post(ctx, f"Reply {number}.", parent=root))
    kept = stored(ctx.database, root.id)
    assert (kept.reply_count, kept.score) == (MANY, MANY)
    assert _comment_count(ctx) == MANY + 1


def test_twenty_tries_with_one_idempotency_key_post_once(context: Context) -> None:
    ctx = unlimited(context)
    answers = _at_once(lambda _: send(ctx, ALICE, idempotency_key="once"))
    assert len({answer.comment.id for answer in answers}) == 1
    assert [answer.is_first_time for answer in answers].count(True) == 1
    assert _rows(ctx, Comment) == 1
    assert _comment_count(ctx) == 1


def test_twenty_clicks_on_the_button_of_one_form_post_once(context: Context) -> None:
    ctx = unlimited(context)
    answers = _at_once(lambda _: send(ctx, ALICE, form_nonce="one form"))
    assert len({answer.comment.id for answer in answers}) == 1
    assert _rows(ctx, Comment) == 1


def test_of_twenty_texts_sent_with_one_form_one_is_kept(context: Context) -> None:
    ctx = unlimited(context)

    def try_it(number: int) -> str:
        try:
            post(ctx, f"Text {number}.", form_nonce="one form")
        except FormReplayedError:
            return "refused"
        return "posted"

    assert Counter(_at_once(try_it)) == {"posted": 1, "refused": MANY - 1}
    assert _rows(ctx, Comment) == 1


def test_one_key_on_twenty_pages_at_once_posts_on_one_of_them(context: Context) -> None:
    ctx = unlimited(context)

    def try_it(number: int) -> str:
        try:
            post(ctx, page=f"/page-{number}", idempotency_key="once")
        except IdempotencyKeyReusedError:
            return "refused"
        return "posted"

    assert Counter(_at_once(try_it)) == {"posted": 1, "refused": MANY - 1}
    assert _rows(ctx, Comment) == 1
    assert _rows(ctx, PostReceipt) == 2


def test_twenty_moderators_who_approve_the_same_comment_count_it_once(
    context: Context, blog: Site
) -> None:
    held = post(context, form_seconds=0.1)
    _at_once(lambda _: moderate_comment(context, mo(blog), held.id, Status.APPROVED))
    assert _comment_count(context) == 1
    assert _rows(context, ModerationEvent) == 2


def test_moderators_who_disagree_at_the_same_moment_leave_counts_that_agree(
    context: Context, blog: Site
) -> None:
    ctx = unlimited(context)
    root = post(ctx, by=BOB)
    replies = [post(ctx, f"Reply {number}.", parent=root) for number in range(4)]

    def decide(number: int) -> None:
        status = Status.APPROVED if number % 2 else Status.REJECTED
        moderate_comment(ctx, mo(blog), replies[number % 4].id, status)

    _at_once(decide)
    visible = sum(stored(ctx.database, reply.id).is_visible for reply in replies)
    assert stored(ctx.database, root.id).reply_count == visible
    assert _comment_count(ctx) == visible + 1
