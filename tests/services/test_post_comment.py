from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from comity import sanitize
from comity.errors import (
    InvalidCommentError,
    ThreadClosedError,
)
from comity.model import Comment, ModerationEvent, PostReceipt, Site, Status, Thread
from comity.services.close_thread import close_thread
from comity.services.context import Context
from comity.services.delete_comment import delete_comment
from comity.services.edit_comment import edit_comment
from comity.services.manage_sites import add_site, set_site
from comity.services.moderate_comment import moderate_comment
from comity.services.post_comment import Place, post_comment
from comity.store import comments, moderation_events
from comity.text.render import RENDERER_VERSION, render
from support.cast import (
    ALICE,
    BOB,
    MALLORY,
    PAGE,
    SITE,
    evidence,
    make_context,
    mo,
    post,
    send,
    stored,
    write,
)
from support.clock import Clock


def _rows(ctx: Context) -> dict[str, int]:
    with ctx.database.reading() as session:
        return {
            table.__tablename__.removeprefix("comity_"): session.scalar(
                select(func.count()).select_from(table)
            )
            or 0
            for table in (Thread, Comment, ModerationEvent, PostReceipt)
        }


NOTHING = {"thread": 0, "comment": 0, "moderation_event": 0, "post_receipt": 0}


def test_what_alice_writes_is_stored_with_all_that_belongs_to_it(
    context: Context, clock: Clock, blog: Site
) -> None:
    posted = send(context, write(ALICE, message="*Good* morning."), address=b"a" * 32)
    kept = stored(context.database, posted.comment.id)
    assert (kept.name, kept.surname, kept.email) == ("Alice", "Archer", "alice@example.org")
    assert kept.message == "*Good* morning."
    assert kept.html == render("*Good* morning.")
    assert kept.renderer_version == RENDERER_VERSION
    assert (kept.status, kept.is_listed, kept.site_id) == (Status.APPROVED, True, blog.id)
    assert (kept.parent_id, kept.root_id) == (None, kept.id)
    assert (kept.created_at, kept.edited_at, kept.deleted_at) == (clock.now, None, None)
    assert kept.address == b"a" * 32
    assert kept.id.version == 7
    assert (posted.site.key, posted.page, posted.is_first_time) == (SITE, PAGE, True)
    assert _rows(context) == {**NOTHING, "thread": 1, "comment": 1, "moderation_event": 1} | {
        "post_receipt": 1
    }


def test_mallorys_markup_is_text_everywhere(context: Context) -> None:
    comment = post(context, by=write(MALLORY, name="<script>x</script>"))
    assert str(comment.name) == "&lt;script&gt;x&lt;/script&gt;"
    assert "<b>" not in comment.html
    assert "&lt;b&gt;now&lt;/b&gt;" in comment.html


def test_a_reply_hangs_on_its_parent_and_on_the_root(context: Context) -> None:
    root = post(context)
    reply = post(context, by=BOB, parent=root)
    deeper = post(context, parent=reply)
    assert (reply.parent_id, reply.root_id) == (root.id, root.id)
    assert (deeper.parent_id, deeper.root_id) == (reply.id, root.id)
    kept = stored(context.database, root.id)
    assert (kept.reply_count, kept.score) == (1, 2)


def test_every_bad_field_is_named_at_once_and_nothing_is_stored(context: Context) -> None:
    with pytest.raises(InvalidCommentError) as refused:
        send(context, write(ALICE, name=" ", email="alice", message="!", website="https://x.org"))
    named = [(field.field, field.code) for field in refused.value.fields]
    assert named == [
        ("name", "required"),
        ("email", "invalid"),
        ("website", "unknown"),
        ("message", "too_short"),
    ]
    assert _rows(context) == NOTHING


def test_a_site_that_asks_for_less_takes_less(context: Context) -> None:
    set_site(context, SITE, {"surname": "optional", "email": "hidden", "website": "optional"})
    with pytest.raises(InvalidCommentError):
        send(context, ALICE)  # with an e-mail address that nobody asked for
    comment = post(context, by=write(ALICE, surname="", email="", website="https://alice.example"))
    assert comment.website == "https://alice.example"


def test_a_closed_page_takes_no_comment(context: Context) -> None:
    close_thread(context, SITE, PAGE)
    with pytest.raises(ThreadClosedError):
        post(context)
    assert _rows(context) == {**NOTHING, "thread": 1}


@pytest.mark.parametrize(
    ("changes", "status", "actor", "reason"),
    [
        ({}, Status.APPROVED, "author", ""),
        ({"form_seconds": 1.9}, Status.PENDING, "rule:too_fast", "Sent 1.9 seconds after"),
        ({"is_honeypot_untouched": False}, Status.SPAM, "rule:honeypot", "invisible field"),
    ],
)
def test_the_screen_decides_the_status_and_the_log_says_why(
    context: Context, changes: dict[str, Any], status: Status, actor: str, reason: str
) -> None:
    comment = post(context, **changes)
    with context.database.reading() as session:
        [event] = moderation_events.of_comment(session, comment.id)
        thread = session.scalars(select(Thread)).one()
    assert comment.status == status
    assert (event.action, event.actor, event.from_status) == ("posted", actor, None)
    assert event.to_status == status
    assert reason in event.reason
    assert thread.comment_count == (status == Status.APPROVED)


def test_a_site_that_holds_everything_holds(context: Context) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    assert post(context).status == Status.PENDING


def test_the_comment_and_its_event_are_written_together_or_not_at_all(
    context: Context, blog: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = post(context, form_seconds=0.1)
    before = _rows(context)
    record = comments._record

    def record_and_fail(*arguments: Any, **more: Any) -> None:
        record(*arguments, **more)
        raise ZeroDivisionError

    monkeypatch.setattr(comments, "_record", record_and_fail)
    for act in (
        lambda: post(context),
        lambda: moderate_comment(context, mo(blog), held.id, Status.APPROVED),
        lambda: edit_comment(context, mo(blog), held.id, "Other words."),
        lambda: delete_comment(context, mo(blog), held.id),
    ):
        with pytest.raises(ZeroDivisionError):
            act()
        assert _rows(context) == before
        kept = stored(context.database, held.id)
        assert (kept.status, kept.deleted_at, kept.is_listed) == (Status.PENDING, None, False)
        assert kept.message == ALICE.message


def test_the_same_person_has_the_same_hash_on_one_site_and_another_elsewhere(
    context: Context,
) -> None:
    add_site(context, "shop", "The shop")
    first = post(context)
    again = post(context, by=write(ALICE, email="Alice@Example.org", name="Ally"), page="/other")
    assert first.author_hash == again.author_hash
    assert len(first.author_hash) == 8
    assert post(context, by=BOB).author_hash != first.author_hash
    assert post(context, site="shop").author_hash != first.author_hash


def test_without_an_e_mail_address_the_name_makes_the_hash(context: Context) -> None:
    set_site(context, SITE, {"email": "optional"})
    nameless = write(ALICE, email="")
    assert post(context, by=nameless).author_hash == post(context, by=nameless).author_hash
    assert post(context, by=write(BOB, email="")).author_hash != post(context).author_hash


def test_two_processes_on_one_database_see_each_others_comments(
    context: Context, clock: Clock
) -> None:
    other = make_context(context.settings, context.database, clock)
    first = post(context)
    assert post(other, parent=first).parent_id == first.id


def test_the_service_takes_words_that_are_clean_already_only_once(context: Context) -> None:
    raw = write(ALICE, message=sanitize("Tom & Jerry"), name=sanitize("O'Brien"))
    comment = post_comment(context, Place(site=SITE, page=PAGE), raw, evidence()).comment
    assert (comment.name.plain, comment.message.plain) == ("O'Brien", "Tom & Jerry")
