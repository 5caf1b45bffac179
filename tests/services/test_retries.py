"""A retry posts once: by idempotency key, and by the form's own nonce."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from comity.errors import FormReplayedError, IdempotencyKeyReusedError
from comity.model import Comment, PostReceipt, Site
from comity.services.close_thread import close_thread
from comity.services.context import Context
from comity.services.delete_comment import delete_comment
from comity.services.manage_sites import add_site
from support.cast import ALICE, BOB, PAGE, SITE, mo, post, send, write
from support.clock import Clock


def _count(ctx: Context, table: type) -> int:
    with ctx.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_key_and_words_give_the_first_answer_again(context: Context) -> None:
    first = send(context, ALICE, idempotency_key="key")
    again = send(context, ALICE, idempotency_key="key")
    assert first.is_first_time
    assert not again.is_first_time
    assert again.comment.id == first.comment.id
    assert (again.site.key, again.page) == (SITE, PAGE)
    assert _count(context, Comment) == 1


@pytest.mark.parametrize("field", ["name", "surname", "email", "message"])
def test_the_same_key_with_another_field_is_refused(context: Context, field: str) -> None:
    post(context, idempotency_key="key")
    with pytest.raises(IdempotencyKeyReusedError):
        post(context, by=write(ALICE, **{field: "x@example.org"}), idempotency_key="key")
    assert _count(context, Comment) == 1


def test_the_same_key_with_another_parent_or_page_is_refused(context: Context) -> None:
    parent = post(context, idempotency_key="key")
    with pytest.raises(IdempotencyKeyReusedError):
        post(context, parent=parent, idempotency_key="key")
    with pytest.raises(IdempotencyKeyReusedError):
        post(context, page="/other", idempotency_key="key")
    assert _count(context, Comment) == 1


def test_what_counts_as_the_same_words_is_decided_after_cleaning(context: Context) -> None:
    first = post(context, "Good\r\nmorning. ", idempotency_key="key")
    assert post(context, " Good\nmorning.", idempotency_key="key").id == first.id


def test_the_same_key_on_another_site_is_another_key(context: Context) -> None:
    add_site(context, "shop", "The shop")
    post(context, idempotency_key="key")
    post(context, site="shop", idempotency_key="key")
    assert _count(context, Comment) == 2


def test_after_24_hours_a_key_is_forgotten(context: Context, clock: Clock) -> None:
    first = post(context, idempotency_key="key")
    clock.advance(hours=23, minutes=59)
    assert post(context, idempotency_key="key").id == first.id
    clock.advance(minutes=1)
    second = post(context, "Something else.", idempotency_key="key")
    assert second.id != first.id
    assert post(context, "Something else.", idempotency_key="key").id == second.id


def test_receipts_that_answer_nothing_any_more_are_deleted(context: Context, clock: Clock) -> None:
    for _ in range(3):
        post(context, idempotency_key=None)
    assert _count(context, PostReceipt) == 3
    clock.advance(hours=25)
    post(context, page="/other")
    assert _count(context, PostReceipt) == 1


def test_a_double_click_posts_once(context: Context) -> None:
    first = send(context, ALICE, form_nonce="form")
    again = send(context, ALICE, form_nonce="form")
    assert again.comment.id == first.comment.id
    assert not again.is_first_time
    assert _count(context, Comment) == 1


def test_one_form_posts_no_second_comment(context: Context) -> None:
    post(context, form_nonce="form")
    with pytest.raises(FormReplayedError):
        post(context, "Something else.", form_nonce="form")
    with pytest.raises(FormReplayedError):
        post(context, by=BOB, form_nonce="form")
    assert _count(context, Comment) == 1


def test_a_retry_with_the_same_key_and_a_fresh_form_is_still_the_first(context: Context) -> None:
    first = post(context, idempotency_key="key", form_nonce="one")
    assert post(context, idempotency_key="key", form_nonce="two").id == first.id
    # The second form has not posted, so it is still good for one comment.
    assert post(context, "Something else.", form_nonce="two").id != first.id


def test_a_retry_is_answered_although_the_page_was_closed_meanwhile(context: Context) -> None:
    first = post(context, idempotency_key="key")
    close_thread(context, SITE, PAGE)
    assert post(context, idempotency_key="key").id == first.id


def test_a_retry_is_answered_although_the_parent_is_gone(context: Context, blog: Site) -> None:
    parent = post(context)
    reply = post(context, parent=parent, idempotency_key="key")
    delete_comment(context, mo(blog), parent.id)
    assert post(context, parent=parent, idempotency_key="key").id == reply.id


def test_a_receipt_holds_no_word_of_key_or_comment(context: Context) -> None:
    post(context, "Secret words.", idempotency_key="secret key", form_nonce="secret form")
    with context.database.reading() as session:
        rows = session.execute(text("SELECT * FROM comity_post_receipt")).all()
    assert len(rows) == 2
    assert b"secret" not in repr(rows).lower().encode()
