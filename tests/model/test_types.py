from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from comity import SafeText, sanitize
from comity.model import Comment
from comity.services.context import Context
from comity.text.render import render
from comity.text.safe_text import SafeHtml
from support.cast import ALICE, post, stored, write

TYPED = [
    "O'Brien",
    "Tom & Jerry",
    "a < b",
    "&lt;",
    "&amp;amp;",
    '<script>alert("x")</script>',
    "Zoë 🙂 李",
    "%s %(x)s :x ?",
    "\\x41 \\",
]


@pytest.mark.parametrize("typed", TYPED)
def test_what_was_typed_is_what_the_row_holds_and_what_comes_back(
    context: Context, typed: str
) -> None:
    comment = post(context, typed, by=write(ALICE, name=typed, surname=typed))
    with context.database.reading() as session:
        row = session.execute(text("SELECT name, surname, message FROM comity_comment")).one()
    assert tuple(row) == (typed, typed, typed)
    for kept in (comment, stored(context.database, comment.id)):
        for words in (kept.name, kept.surname, kept.message):
            assert type(words) is SafeText
            assert words == sanitize(typed)
            assert words.plain == typed


def test_the_e_mail_address_keeps_its_ampersand_and_apostrophe(context: Context) -> None:
    comment = post(context, by=write(ALICE, email="o'brien&sons@example.org"))
    email = stored(context.database, comment.id).email
    assert email is not None
    assert email.plain == "o'brien&sons@example.org"


def test_words_that_somebody_wrote_into_the_database_by_hand_are_escaped(context: Context) -> None:
    comment = post(context)
    with context.database.writing() as session:
        session.execute(text("UPDATE comity_comment SET name = '<b>Mallory</b>'"))
    assert str(stored(context.database, comment.id).name) == "&lt;b&gt;Mallory&lt;/b&gt;"


@pytest.mark.parametrize("unsafe", ["plain", Markup("<b>claimed</b>"), render("html")])
@pytest.mark.parametrize("column", ["name", "surname", "email", "website", "message"])
def test_text_that_was_not_sanitized_is_refused(context: Context, column: str, unsafe: str) -> None:
    comment = post(context)
    with pytest.raises(StatementError, match="call sanitize") as refused:
        _set(context, comment, column, unsafe)
    assert isinstance(refused.value.orig, TypeError)


@pytest.mark.parametrize("unsafe", ["<p>plain</p>", Markup("<p>claimed</p>"), sanitize("text")])
def test_html_that_was_not_rendered_is_refused(context: Context, unsafe: str) -> None:
    comment = post(context)
    with pytest.raises(StatementError, match="call render"):
        _set(context, comment, "html", unsafe)


def test_rendered_html_comes_back_as_it_was(context: Context) -> None:
    comment = post(context, "*hello* & <b>bye</b>")
    html = stored(context.database, comment.id).html
    assert type(html) is SafeHtml
    assert html == render("*hello* & <b>bye</b>")


def test_a_moment_comes_back_aware_and_in_utc(context: Context) -> None:
    comment = post(context)
    moment = datetime(2026, 7, 1, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    _set(context, comment, "edited_at", moment)
    edited_at = stored(context.database, comment.id).edited_at
    assert edited_at == moment
    assert edited_at is not None
    assert edited_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(context: Context) -> None:
    comment = post(context)
    with pytest.raises(StatementError, match="needs a time zone"):
        _set(context, comment, "edited_at", datetime(2026, 7, 1))  # noqa: DTZ001 - that is the test


def _set(context: Context, comment: Comment, column: str, value: Any) -> None:
    with context.database.writing() as session:
        setattr(session.get_one(Comment, comment.id), column, value)
