from __future__ import annotations

import uuid

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from comity.model import Thread
from comity.store import comments, thread_pages
from comity.store.engine import Database
from comity.store.thread_pages import Cursor, Sort
from support.forest import ACTS, NOW, Act, Recount, add, grow, new_thread

# Each example works in a transaction that is rolled back, so the database may be shared.
shared_database = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@shared_database
@given(acts=ACTS)
def test_the_counts_equal_a_recount_after_any_history(database: Database, acts: list[Act]) -> None:
    with database.reading() as session:
        thread = new_thread(session)
        grow(session, thread, acts)
        recount = Recount(session, thread)
        assert thread.comment_count == recount.comment_count
        for row in recount.rows.values():
            assert row.is_listed == recount.is_listed(row)
            assert row.reply_count == recount.reply_count(row)
            assert row.score == recount.score(row)


@shared_database
@given(acts=ACTS, limit=st.integers(1, 12))
def test_walking_the_pages_shows_every_listed_comment_once_and_in_order(
    database: Database, acts: list[Act], limit: int
) -> None:
    with database.reading() as session:
        thread = new_thread(session)
        grow(session, thread, acts)
        recount = Recount(session, thread)
        for sort in Sort:
            assert _walk(session, thread, sort, limit) == recount.order(sort)


@shared_database
@given(acts=ACTS)
def test_a_branch_holds_the_listed_descendants_of_a_comment(
    database: Database, acts: list[Act]
) -> None:
    with database.reading() as session:
        thread = new_thread(session)
        grow(session, thread, acts)
        recount = Recount(session, thread)
        for row in recount.rows.values():
            below = [reply.id for reply in thread_pages.branch(session, row, limit=100)]
            assert below == [
                other
                for other in sorted(recount.rows, key=lambda key: key.bytes)
                if recount.rows[other].is_listed and _is_below(recount, other, row.id)
            ]


def test_parents_come_before_their_replies_in_every_order(database: Database) -> None:
    with database.reading() as session:
        thread = new_thread(session)
        for _ in range(3):
            first = add(session, thread, None)
            second = add(session, thread, first)
            add(session, thread, second)
            add(session, thread, first)
        for sort in Sort:
            seen: set[uuid.UUID] = set()
            for comment in thread_pages.page(session, thread, sort, limit=50).comments:
                assert comment.parent_id is None or comment.parent_id in seen
                seen.add(comment.id)


def test_top_goes_by_the_listed_comments_beneath_and_then_by_age(database: Database) -> None:
    with database.reading() as session:
        thread = new_thread(session)
        lonely, busy, same = (add(session, thread, None) for _ in range(3))
        reply = add(session, thread, busy)
        add(session, thread, reply)
        found = thread_pages.page(session, thread, Sort.TOP, limit=50).comments
        roots = [comment.id for comment in found if comment.parent_id is None]
        assert roots == [busy.id, lonely.id, same.id]
        assert busy.score == 2


def test_another_page_of_comments_does_not_show_those_of_this_one(database: Database) -> None:
    with database.reading() as session:
        here, elsewhere = new_thread(session), new_thread(session)
        mine = add(session, here, None)
        add(session, elsewhere, None)
        found = thread_pages.page(session, here, Sort.OLDEST, limit=50)
        assert [comment.id for comment in found.comments] == [mine.id]
        assert found.next_cursor is None


def test_a_comment_posted_while_a_reader_turns_pages_moves_nothing(database: Database) -> None:
    with database.reading() as session:
        thread = new_thread(session)
        old = [add(session, thread, None).id for _ in range(4)]
        first = thread_pages.page(session, thread, Sort.OLDEST, limit=2)
        new = add(session, thread, None).id
        rest = thread_pages.page(session, thread, Sort.OLDEST, limit=9, after=first.next_cursor)
        assert [comment.id for comment in (*first.comments, *rest.comments)] == [*old, new]


def test_a_cursor_goes_on_when_its_comment_is_deleted_meanwhile(database: Database) -> None:
    with database.reading() as session:
        thread = new_thread(session)
        rows = [add(session, thread, None) for _ in range(4)]
        cursor = thread_pages.page(session, thread, Sort.NEWEST, limit=2).next_cursor
        assert cursor is not None
        comments.delete(session, rows[2], actor="author", reason="", now=NOW)
        rest = thread_pages.page(session, thread, Sort.NEWEST, limit=9, after=cursor).comments
        assert [comment.id for comment in rest] == [rows[1].id, rows[0].id]


def test_a_thread_a_thousand_replies_deep_is_written_and_read(database: Database) -> None:
    with database.reading() as session:
        thread = new_thread(session)
        root = parent = add(session, thread, None)
        for _ in range(1_000):
            parent = add(session, thread, parent)
        assert root.score == 1_000
        assert len(_walk(session, thread, Sort.OLDEST, 100)) == 1_001
        above = thread_pages.ancestors(session, parent, limit=3)
        assert [comment.id for comment in above][-1] == parent.parent_id
        assert len(above) == 3
        assert thread_pages.ancestors(session, root, limit=3) == []


def _walk(session: Session, thread: Thread, sort: Sort, limit: int) -> list[uuid.UUID]:
    walked: list[uuid.UUID] = []
    after: Cursor | None = None
    while True:
        found = thread_pages.page(session, thread, sort, limit=limit, after=after)
        assert len(found.comments) <= limit
        walked += [comment.id for comment in found.comments]
        assert len(set(walked)) == len(walked), "The pages go round in a circle."
        if found.next_cursor is None:
            return walked
        assert len(found.comments) == limit
        after = found.next_cursor


def _is_below(recount: Recount, comment_id: uuid.UUID, above: uuid.UUID) -> bool:
    parent = recount.rows[comment_id].parent_id
    while parent is not None and parent != above:
        parent = recount.rows[parent].parent_id
    return parent == above
