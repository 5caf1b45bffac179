"""The database refuses by itself what the code should never ask of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from comity.services.context import Context
from comity.services.manage_sites import add_site
from support.cast import BOB, SITE, post


@pytest.mark.parametrize(
    "change",
    [
        "status = 'odd'",
        "status = 'Approved'",
        "name = ''",
        "surname = :fifty_one",
        "name = :fifty_one",
        "email = :too_long",
        "message = ''",
        "message = :too_long",
        "message = NULL",
        "name = NULL",
        "website = NULL",
        "html = NULL",
        "author_hash = NULL",
        "deleted_at = created_at",  # with e-mail and address
        "deleted_at = created_at, email = NULL",
        "deleted_at = created_at, address = NULL",
        "site_id = 999",
        "thread_id = 999",
        "parent_id = id",  # a root with a parent
        "parent_id = :elsewhere",
        "parent_id = :elsewhere, root_id = :elsewhere",
        "root_id = :elsewhere",
        "id = :elsewhere",
    ],
)
def test_a_comment_that_cannot_be_is_refused(context: Context, change: str) -> None:
    comment, elsewhere = post(context), post(context, by=BOB, page="/elsewhere")
    ids = {"id": comment.id, "elsewhere": elsewhere.id}
    if context.database.engine.dialect.name == "sqlite":
        ids = {name: value.hex for name, value in ids.items()}  # type: ignore[misc]
    values: dict[str, Any] = {**ids, "fifty_one": "é" * 51, "too_long": "x" * 10_001}
    used = {name: value for name, value in values.items() if name == "id" or f":{name}" in change}
    with pytest.raises(IntegrityError), context.database.writing() as session:
        session.execute(text(f"UPDATE comity_comment SET {change} WHERE id = :id"), used)  # noqa: S608


@pytest.mark.parametrize("change", ["name = :fifty", "email = NULL, address = NULL"])
def test_a_comment_at_the_edge_of_the_rules_is_kept(context: Context, change: str) -> None:
    post(context)
    values = {"fifty": "é" * 50} if ":fifty" in change else {}
    with context.database.writing() as session:
        session.execute(text(f"UPDATE comity_comment SET {change}"), values)  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE comity_site SET surname = 'maybe'",
        "UPDATE comity_site SET email = 'maybe'",
        "UPDATE comity_site SET website = 'maybe'",
        "UPDATE comity_site SET moderation = 'maybe'",
        "UPDATE comity_site SET edit_window_minutes = 1441",
        "UPDATE comity_site SET edit_window_minutes = -1",
        "UPDATE comity_site SET key = 'shop'",  # two sites of one name
        "UPDATE comity_thread SET comment_count = -1",
        "UPDATE comity_thread SET site_id = 999",
        "UPDATE comity_thread SET page = '/one'",  # two threads of one page
        "DELETE FROM comity_site",
        "DELETE FROM comity_thread",
        "DELETE FROM comity_comment",
        "UPDATE comity_moderation_event SET actor = NULL",
    ],
)
def test_a_row_that_others_rely_on_cannot_be_spoilt_or_deleted(
    context: Context, statement: str
) -> None:
    add_site(context, "shop", "The shop")
    for page in ("/one", "/two"):
        post(context, site=SITE, page=page)
    with pytest.raises(IntegrityError), context.database.writing() as session:
        session.execute(text(statement))
