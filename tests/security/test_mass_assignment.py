"""A field that nobody asked for is refused or ignored, never believed."""

from __future__ import annotations

import uuid

import pytest

from comity.model import Comment, Status
from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import SITE, stored
from web.json_api import Api
from web.visits import AS_ALICE, THREAD, Visitor

COLUMNS = sorted(column.name for column in Comment.__table__.columns)
OURS = [name for name in COLUMNS if name not in {*AS_ALICE, "website", "parent_id"}]
WISHES = [*OURS, "approved", "is_admin", "moderates", "created", "author", "sort", "_permanent"]


@pytest.mark.parametrize("wish", WISHES)
def test_the_api_refuses_it_by_name(api: Api, wish: str) -> None:
    values: tuple[object, ...] = ("approved", 1, True, None, {})
    for value in values:
        response = api.send(api.body() | {wish: value})
        assert response.status_code == 422
        assert [error["field"] for error in response.json["errors"]] == [wish]
    posted = api.post()
    bearer = {"Authorization": f"Bearer {posted['edit_token']}"}
    path = f"/comments/{posted['comment']['id']}"
    response = api.call("PATCH", path, {"message": "Fine", wish: "approved"}, **bearer)
    assert response.status_code == 422
    assert api.get(path).json["edited_at"] is None


def test_a_form_ignores_it(alice: Visitor, context: Context) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    form = alice.get(THREAD).page.form
    own = str(uuid.uuid4())
    wishes = dict.fromkeys(WISHES, "approved") | {
        "id": own,
        "created_at": "1999-01-01",
        "html": "<script>",
    }
    alice.clock.advance(seconds=30)
    answer = alice.post("/comments", {**wishes, **form.fields, **AS_ALICE})
    assert answer.status == 303
    row = stored(context.database, uuid.UUID(answer.comment_id))
    assert (str(row.id) == own, row.status, row.created_at) == (
        False,
        Status.PENDING,
        alice.clock(),
    )
    assert "script" not in str(row.html)
    edit = alice.get(f"/comments/{row.id}/edit").page.form
    alice.post(edit.action, {**wishes, **edit.fields, "name": "Bob", "email": "bob@example.org"})
    row = stored(context.database, row.id)
    assert (row.name.plain, row.status) == ("Alice", Status.PENDING)


def test_the_same_mailbox_does_not_change_what_others_wrote(
    alice: Visitor, bob: Visitor, context: Context
) -> None:
    """Artalk 921: an anonymous post with somebody's e-mail changed their stored website."""
    set_site(context, SITE, {"website": "optional"})
    first = alice.write(website="https://alice.example/")
    bob.write(name="Mallory", website="https://evil.example/", message="Me too")
    row = stored(context.database, uuid.UUID(first.comment_id))
    assert (row.name.plain, row.website.plain) == ("Alice", "https://alice.example/")
