"""Each query that runs on a request is asked of the database: which index do you use?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from comity.model import Site, Status
from comity.services.context import Context
from comity.services.delete_comment import delete_comment
from comity.services.edit_comment import edit_comment
from comity.services.moderate_comment import moderate_comment
from comity.services.post_comment import Place, post_comment
from comity.services.read_thread import count_comments, read_comment, read_thread
from comity.services.render_again import render_again
from comity.store import thread_pages
from comity.store.engine import Database
from comity.store.thread_pages import Sort
from support.cast import BOB, PAGE, SITE, author_of, evidence, mo, post, unlimited, write
from support.clock import Clock
from support.forest import add, new_thread
from support.only import on_postgresql, on_sqlite

Statement = tuple[str, Any]


@contextmanager
def _recorded(database: Database) -> Iterator[list[Statement]]:
    statements: list[Statement] = []

    def record(_c: object, _k: object, sql: str, parameters: Any, *_: object) -> None:
        if sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            statements.append((sql, parameters))

    event.listen(database.engine, "before_cursor_execute", record)
    yield statements
    event.remove(database.engine, "before_cursor_execute", record)


def _everything_a_request_does(ctx: Context, blog: Site, clock: Clock) -> None:
    ctx = unlimited(ctx)
    first = post(ctx)
    reply = post(ctx, by=BOB, parent=first)
    post(ctx, parent=reply)
    posted = evidence(idempotency_key="key")
    for _ in range(2):
        post_comment(ctx, Place(site=SITE, page=PAGE), write(BOB), posted)
    for sort in Sort:
        page = read_thread(ctx, SITE, PAGE, sort=sort, limit=2)
        assert page.next_cursor is not None
        read_thread(ctx, SITE, PAGE, sort=sort, limit=2, after=page.next_cursor)
    read_comment(ctx, reply.id)
    count_comments(ctx, SITE, [PAGE, "/other"])
    edit_comment(ctx, author_of(reply, clock.now + timedelta(minutes=1)), reply.id, "Never mind.")
    moderate_comment(ctx, mo(blog), reply.id, Status.REJECTED)
    delete_comment(ctx, mo(blog), first.id)


@on_sqlite
def test_sqlite_searches_an_index_for_every_query(
    context: Context, blog: Site, clock: Clock
) -> None:
    with _recorded(context.database) as statements:
        _everything_a_request_does(context, blog, clock)
    assert len(statements) > 40
    with context.database.engine.connect() as connection:
        for sql, parameters in statements:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
            plan = [row.detail for row in rows]
            assert not [step for step in plan if step.startswith("SCAN")], (sql, plan)
            assert not [step for step in plan if "TEMP B-TREE" in step], (sql, plan)


@on_postgresql
def test_postgresql_can_answer_every_query_by_an_index(
    context: Context, blog: Site, clock: Clock
) -> None:
    with _recorded(context.database) as statements:
        _everything_a_request_does(context, blog, clock)
    with context.database.engine.connect() as connection:
        # The tables are tiny, so left to itself it would rightly read them whole.
        connection.execute(text("SET enable_seqscan = off"))
        for sql, parameters in statements:
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {sql}", parameters).scalars())
            assert "Seq Scan" not in plan, (sql, plan)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("goes_on", [False, True])
def test_a_page_of_a_thread_is_read_by_the_indexes_made_for_it(
    context: Context, sort: Sort, *, goes_on: bool
) -> None:
    for _ in range(3):
        post(context)
    cursor = read_thread(context, SITE, PAGE, sort=sort, limit=1).next_cursor
    with _recorded(context.database) as statements:
        read_thread(context, SITE, PAGE, sort=sort, after=cursor if goes_on else None)
    [(sql, parameters)] = [given for given in statements if "AS root" in given[0]]
    roots = "ix_comity_comment_top" if sort is Sort.TOP else "ix_comity_comment_oldest"
    with context.database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
            plan = "\n".join(row.detail for row in rows)
        else:
            for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
                connection.execute(text(f"SET enable_{way} = off"))
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {sql}", parameters).scalars())
    assert roots in plan
    assert "ix_comity_comment_branch" in plan


@on_sqlite
def test_rendering_again_finds_what_is_stale_by_its_index(context: Context) -> None:
    post(context)
    with _recorded(context.database) as statements:
        render_again(context)
    with context.database.engine.connect() as connection:
        [(sql, parameters)] = statements
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
        assert "ix_comity_comment_renderer" in "".join(row.detail for row in rows)


def test_a_page_costs_two_more_queries_than_its_site_and_thread_whatever_its_depth(
    context: Context,
) -> None:
    ctx = unlimited(context)
    parent = post(ctx)
    counts = set()
    for _ in range(3):
        for _ in range(5):
            parent = post(ctx, parent=parent)
        with _recorded(ctx.database) as statements:
            read_thread(ctx, SITE, PAGE)
        counts.add(len(statements))
    assert counts == {3}


@on_sqlite
@pytest.mark.parametrize("sort", Sort)
def test_the_work_for_a_page_does_not_grow_with_the_thread(database: Database, sort: Sort) -> None:
    steps = {}
    for size in (60, 900):
        with database.reading() as session:
            thread = new_thread(session)
            for _ in range(size):
                root = add(session, thread, None)
            for _ in range(size):
                add(session, thread, root)
            session.flush()
            cursor = thread_pages.page(session, thread, sort, limit=25).next_cursor
            driver: Any = session.connection().connection.driver_connection
            ticks = itertools.count()
            driver.set_progress_handler(lambda ticks=ticks: next(ticks) * 0, 10)
            thread_pages.page(session, thread, sort, limit=25)
            thread_pages.page(session, thread, sort, limit=25, after=cursor)
            driver.set_progress_handler(None, 10)
            steps[size] = next(ticks)
    assert steps[900] < steps[60] * 1.2
