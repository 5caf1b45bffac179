"""Edit, delete and moderate: what changes, what stays, and what the log says."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from comity.errors import (
    EditWindowClosedError,
    ForbiddenError,
    InvalidCommentError,
    NotFoundError,
)
from comity.model import Comment, Site, Status, Thread
from comity.services.context import Context
from comity.services.delete_comment import delete_comment
from comity.services.edit_comment import edit_comment
from comity.services.manage_sites import add_site, set_site
from comity.services.moderate_comment import moderate_comment
from comity.services.permissions import READER, Actor
from comity.store import moderation_events
from comity.text.render import render
from support.cast import ALICE, BOB, SITE, author_of, mo, post, stored
from support.clock import Clock


def _alice(comment: Comment, clock: Clock) -> Actor:
    return author_of(comment, clock.now + timedelta(minutes=15))


def _log(ctx: Context, comment: Comment) -> list[tuple[str, str, str | None, str | None]]:
    with ctx.database.reading() as session:
        return [
            (event.action, event.actor, event.from_status, event.to_status)
            for event in moderation_events.of_comment(session, comment.id)
        ]


def _comment_count(ctx: Context) -> int:
    with ctx.database.reading() as session:
        return session.scalars(select(Thread.comment_count)).one()


def test_an_edit_takes_the_same_road_as_a_new_comment(context: Context, clock: Clock) -> None:
    comment = post(context)
    clock.advance(minutes=14)
    edit_comment(context, _alice(comment, clock), comment.id, "  *Good*\r\nnight <b>\u202e ")
    kept = stored(context.database, comment.id)
    assert kept.message.plain == "*Good*\nnight <b>"
    assert kept.html == render("*Good*\nnight <b>")
    assert kept.edited_at == clock.now
    assert (kept.name, kept.email, kept.status) == ("Alice", "alice@example.org", "approved")
    assert _log(context, comment)[1:] == [("edited", "author", "approved", "approved")]


@pytest.mark.parametrize("words", ["", "!", " \u200b ", "x" * 10_001])
def test_an_edit_that_breaks_the_rules_changes_nothing(
    context: Context, clock: Clock, words: str
) -> None:
    comment = post(context)
    with pytest.raises(InvalidCommentError) as refused:
        edit_comment(context, _alice(comment, clock), comment.id, words)
    assert [field.field for field in refused.value.fields] == ["message"]
    assert stored(context.database, comment.id).message == ALICE.message
    assert len(_log(context, comment)) == 1


def test_the_same_words_again_are_no_edit(context: Context, clock: Clock) -> None:
    comment = post(context)
    edit_comment(context, _alice(comment, clock), comment.id, f" {ALICE.message} ")
    assert stored(context.database, comment.id).edited_at is None
    assert len(_log(context, comment)) == 1


def test_after_the_time_for_changes_neither_edit_nor_delete(context: Context, clock: Clock) -> None:
    comment = post(context)
    late = author_of(comment, clock.now)
    with pytest.raises(EditWindowClosedError):
        edit_comment(context, late, comment.id, "Other words.")
    with pytest.raises(EditWindowClosedError):
        delete_comment(context, late, comment.id)


def test_a_stranger_learns_of_bad_words_only_after_proof_of_writing(context: Context) -> None:
    held = post(context, form_seconds=0.1)
    with pytest.raises(NotFoundError):
        edit_comment(context, READER, held.id, "")
    with pytest.raises(ForbiddenError):
        edit_comment(context, READER, post(context).id, "")


def test_on_a_site_that_holds_everything_a_changed_comment_is_held_again(
    context: Context, clock: Clock, blog: Site
) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    comment = post(context)
    moderate_comment(context, mo(blog), comment.id, Status.APPROVED)
    assert _comment_count(context) == 1
    edit_comment(context, _alice(comment, clock), comment.id, "Buy now!")
    assert stored(context.database, comment.id).status == Status.PENDING
    assert _comment_count(context) == 0
    assert _log(context, comment)[-1] == ("status", "rule:site_holds", "approved", "pending")


@pytest.mark.parametrize("status", [Status.REJECTED, Status.SPAM])
def test_no_edit_brings_a_refused_comment_back_into_the_queue(
    context: Context, clock: Clock, blog: Site, status: Status
) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    comment = post(context)
    moderate_comment(context, mo(blog), comment.id, status)
    edit_comment(context, _alice(comment, clock), comment.id, "Other words.")
    assert stored(context.database, comment.id).status == status


def test_a_moderators_own_edit_is_not_held(context: Context, blog: Site) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    comment = post(context)
    moderate_comment(context, mo(blog), comment.id, Status.APPROVED)
    edit_comment(context, mo(blog), comment.id, "Other words.")
    assert stored(context.database, comment.id).status == Status.APPROVED
    assert _log(context, comment)[-1][:2] == ("edited", "moderator:mo")


def test_deleting_erases_e_mail_and_address_and_keeps_the_row(
    context: Context, clock: Clock
) -> None:
    comment = post(context)
    delete_comment(context, _alice(comment, clock), comment.id, reason="Second thoughts.")
    kept = stored(context.database, comment.id)
    assert (kept.email, kept.address, kept.deleted_at) == (None, None, clock.now)
    assert (kept.is_listed, _comment_count(context)) == (False, 0)
    assert _log(context, comment)[1:] == [("deleted", "author", "approved", "approved")]


def test_what_is_deleted_is_not_found_by_its_author(context: Context, clock: Clock) -> None:
    comment = post(context)
    alice = _alice(comment, clock)
    delete_comment(context, alice, comment.id)
    with pytest.raises(NotFoundError):
        delete_comment(context, alice, comment.id)
    with pytest.raises(NotFoundError):
        edit_comment(context, alice, comment.id, "Still here?")


def test_a_deleted_comment_keeps_its_place_while_replies_hang_below(
    context: Context, clock: Clock, blog: Site
) -> None:
    root = post(context)
    reply = post(context, by=BOB, parent=root)
    delete_comment(context, _alice(root, clock), root.id)
    assert stored(context.database, root.id).is_listed
    assert _comment_count(context) == 1
    delete_comment(context, mo(blog), root.id)  # again: changes nothing
    assert len(_log(context, root)) == 2
    delete_comment(context, _alice(reply, clock), reply.id)
    assert not stored(context.database, root.id).is_listed
    assert _comment_count(context) == 0


def test_a_decision_is_written_with_who_and_why(context: Context, blog: Site) -> None:
    held = post(context, form_seconds=0.1)
    moderate_comment(context, mo(blog), held.id, Status.APPROVED, reason="A regular. " * 100)
    with context.database.reading() as session:
        event = moderation_events.of_comment(session, held.id)[-1]
    assert (event.actor, event.from_status, event.to_status) == (
        "moderator:mo",
        "pending",
        "approved",
    )
    assert event.reason.startswith("A regular. ")
    assert len(event.reason) == 500
    assert _comment_count(context) == 1


def test_the_same_decision_again_changes_and_writes_nothing(context: Context, blog: Site) -> None:
    comment = post(context)
    moderate_comment(context, mo(blog), comment.id, Status.APPROVED)
    assert len(_log(context, comment)) == 1


def test_every_status_can_follow_every_other(context: Context, blog: Site) -> None:
    comment = post(context)
    for first in Status:
        for second in Status:
            for status in (first, second):
                moderate_comment(context, mo(blog), comment.id, status)
                assert stored(context.database, comment.id).status == status
                assert _comment_count(context) == (status == Status.APPROVED)


def test_only_the_sites_own_moderator_decides(context: Context) -> None:
    shop = add_site(context, "shop", "The shop")
    visible, held = post(context), post(context, form_seconds=0.1)
    for actor in (READER, mo(shop)):
        with pytest.raises(ForbiddenError):
            moderate_comment(context, actor, visible.id, Status.SPAM)
        with pytest.raises(NotFoundError):
            moderate_comment(context, actor, held.id, Status.APPROVED)
        with pytest.raises(NotFoundError):
            delete_comment(context, actor, held.id)
    assert stored(context.database, held.id).status == Status.PENDING


def test_what_does_not_exist_is_not_found(context: Context, blog: Site) -> None:
    nowhere = uuid.uuid4()
    with pytest.raises(NotFoundError):
        edit_comment(context, mo(blog), nowhere, "Words.")
    with pytest.raises(NotFoundError):
        delete_comment(context, mo(blog), nowhere)
    with pytest.raises(NotFoundError):
        moderate_comment(context, mo(blog), nowhere, Status.SPAM)
