"""Where a comment may go: the site, its pages, and a parent that readers can see."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from comity.errors import NotFoundError
from comity.model import Comment, Site, Thread
from comity.services.context import Context
from comity.services.delete_comment import delete_comment
from comity.services.manage_sites import add_site, set_site
from comity.services.read_thread import count_comments, read_thread
from support.cast import PAGE, SITE, mo, post


def _rows(ctx: Context) -> tuple[int, int]:
    with ctx.database.reading() as session:
        threads, comments = (
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Thread, Comment)
        )
    return threads, comments


@pytest.mark.parametrize(
    ("site", "page"),
    [
        ("shop", PAGE),
        ("", PAGE),
        ("blog\x00", PAGE),
        ("blog\ud800", PAGE),
        (SITE, "hello"),
        (SITE, ""),
        (SITE, "//evil.example"),
        (SITE, "/a\x00b"),
        (SITE, "/a\ud800b"),
        (SITE, "/a\nb"),
        (SITE, "/hello "),
        (SITE, "/" + "x" * 512),
    ],
)
def test_a_place_that_is_not_is_not_found(context: Context, site: str, page: str) -> None:
    with pytest.raises(NotFoundError):
        post(context, site=site, page=page)
    with pytest.raises(NotFoundError):
        read_thread(context, site, page)
    assert _rows(context) == (0, 0)


def test_the_longest_page_is_kept_whole(context: Context) -> None:
    page = "/" + "🙂" * 511
    post(context, page=page)
    with context.database.reading() as session:
        assert session.scalars(select(Thread.page)).one() == page


def test_a_site_with_page_prefixes_has_only_those_pages(context: Context) -> None:
    set_site(context, SITE, {"page_prefixes": "/posts/, /notes/"})
    post(context, page="/notes/1")
    with pytest.raises(NotFoundError):
        post(context, page="/other")


def test_a_parent_that_readers_cannot_see_is_not_found(context: Context, blog: Site) -> None:
    deleted = post(context)
    delete_comment(context, mo(blog), deleted.id)
    hidden = {
        "absent": uuid.uuid4(),
        "elsewhere": post(context, page="/elsewhere").id,
        "held": post(context, form_seconds=0.1).id,
        "spam": post(context, is_honeypot_untouched=False).id,
        "deleted": deleted.id,
    }
    before = _rows(context)
    for why, parent in hidden.items():
        with pytest.raises(NotFoundError) as refused:
            post(context, parent=parent)
        assert refused.value.message == "The comment that you answer is not here any more.", why
    assert _rows(context) == before


def test_a_parent_on_another_site_is_not_found(context: Context) -> None:
    add_site(context, "shop", "The shop")
    parent = post(context, site="shop")
    with pytest.raises(NotFoundError):
        post(context, parent=parent)


def test_a_page_that_cannot_be_has_no_comments_to_count(context: Context) -> None:
    post(context)
    pages = [PAGE, "/other", "/a\x00b", "/a\ud800b", ""]
    assert list(count_comments(context, SITE, pages).values()) == [1, 0, 0, 0, 0]
    with pytest.raises(NotFoundError):
        count_comments(context, "blog\x00", pages)
