"""The services that only look: what waits, what would be shown, and whether we can work."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from comity.errors import InvalidCommentError, NotFoundError, UnavailableError
from comity.model import Site, Status
from comity.services.context import Context
from comity.services.delete_comment import delete_comment
from comity.services.list_comments import list_comments
from comity.services.preview_comment import preview_comment
from comity.services.readiness import readiness
from comity.text.render import render
from support.cast import MALLORY, PAGE, SITE, mo, post, write


def test_what_waits_is_listed_as_text_with_the_reason(context: Context, blog: Site) -> None:
    held = post(context, "I *agree* <b>", by=write(MALLORY, name="O'Neil"), form_seconds=0.1)
    post(context)
    delete_comment(context, mo(blog), post(context, form_seconds=0.1).id)
    [line] = list_comments(context, SITE, Status.PENDING, limit=10)
    assert (line.id, line.page) == (held.id, PAGE)
    assert (line.author, line.excerpt) == ("O'Neil Malone", "I agree <b>")
    assert line.reason == "Sent 0.1 seconds after the form was shown."


def test_what_waits_is_listed_oldest_first_and_by_site(context: Context) -> None:
    ids = [post(context, form_seconds=0.1).id for _ in range(3)]
    found = list_comments(context, SITE, Status.PENDING, limit=2)
    assert [line.id for line in found] == ids[:2]
    with pytest.raises(NotFoundError):
        list_comments(context, "shop", Status.PENDING, limit=2)


@pytest.mark.parametrize("message", ["*hi* <b>", "Tom & Jerry\nO'Brien", " https://a.org "])
def test_a_preview_is_what_would_be_stored(context: Context, message: str) -> None:
    assert preview_comment(message) == post(context, message).html == render(message.strip())


@pytest.mark.parametrize("message", ["", "!", "\u200b \u200b", "x" * 10_001])
def test_a_preview_of_what_would_be_refused_is_refused(message: str) -> None:
    with pytest.raises(InvalidCommentError) as refused:
        preview_comment(message)
    assert [field.field for field in refused.value.fields] == ["message"]


def test_a_server_that_can_work_says_what_it_has(context: Context) -> None:
    assert readiness(context) == ["database: ok", "rate limits: this process only"]


def test_a_server_on_a_database_of_another_version_is_not_ready(context: Context) -> None:
    with context.database.writing() as session:
        session.execute(text("UPDATE comity_alembic_version SET version_num = '9999'"))
    with pytest.raises(UnavailableError):
        readiness(context)
