"""An author and the edit token: read the source, change, delete, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import ALICE, SITE
from web.json_api import Api

AUTHOR = {"name": "Seán", "surname": "O'Brien"}


def bearer(posted: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {posted['edit_token']}"}


def path(posted: dict[str, Any]) -> str:
    return f"/comments/{posted['comment']['id']}"


def test_the_author_reads_the_source_changes_it_and_deletes_it(api: Api) -> None:
    posted = api.post(message="Frist *one*")
    source = api.get(path(posted), **bearer(posted)).json
    assert (source["message"], source["comment"]["id"]) == ("Frist *one*", posted["comment"]["id"])

    api.clock.advance(seconds=9)
    changed = api.call("PATCH", path(posted), {"message": "First"}, **bearer(posted))
    assert changed.status_code == 200
    assert changed.json["comment"]["html"] == "<p>First</p>\n"
    assert changed.json["comment"]["edited_at"] == "2026-03-01T12:00:39Z"
    assert changed.json["editable_until"] == posted["editable_until"]
    assert api.get(path(posted)).json["html"] == "<p>First</p>\n"

    deleted = api.call("DELETE", path(posted), **bearer(posted))
    assert (deleted.status_code, deleted.data) == (204, b"")
    for headers in ({}, bearer(posted)):
        assert api.get(path(posted), **headers).status_code == 404
    assert api.call("DELETE", path(posted), **bearer(posted)).status_code == 404
    assert api.thread()["comment_count"] == 0


def test_a_deleted_comment_with_replies_keeps_nothing_but_its_place(api: Api) -> None:
    posted = api.post(message="Gone")
    api.post(message="Reply", parent_id=posted["comment"]["id"])
    api.call("DELETE", path(posted), **bearer(posted))
    (left,) = api.thread()["comments"]
    assert left["is_deleted"] is True
    assert left["author"] == {"name": "", "surname": ""}
    assert (left["html"], left["edited_at"], left["reply_count"]) == ("", None, 1)


def test_a_held_comment_is_202_and_its_authors_alone(api: Api, context: Context) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    response = api.send(api.body())
    assert response.status_code == 202
    posted = response.json
    assert posted["comment"]["status"] == "pending"
    assert api.get(path(posted)).status_code == 404
    assert api.get(path(posted), **bearer(posted)).json["message"] == ALICE.message
    assert api.thread()["comments"] == []


def _proofs(api: Api, posted: dict[str, Any]) -> dict[str, str]:
    token = posted["edit_token"]
    return {
        "none": "",
        "another comment's": f"Bearer {api.post(message='Other')['edit_token']}",
        "a form token": f"Bearer {api.form()['token']}",
        "altered": f"Bearer {'A' + token[1:]}",
        "last letter": f"Bearer {token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        "padded": f"Bearer {token}=",
        "another scheme": f"Token {token}",
        "no scheme": token,
        "not ASCII": "Bearer \xe4\xe4",
        "endless": "Bearer " + "a" * 5000,
    }


@pytest.mark.parametrize(
    "proof",
    [
        "none",
        "another comment's",
        "a form token",
        "altered",
        "last letter",
        "padded",
        "another scheme",
        "no scheme",
        "not ASCII",
        "endless",
    ],
)
def test_no_other_token_changes_or_deletes_or_shows_the_source(api: Api, proof: str) -> None:
    posted = api.post(message="Mine")
    headers = {"Authorization": _proofs(api, posted)[proof]}

    for method, body in (("PATCH", {"message": "Mallory"}), ("DELETE", None)):
        response = api.call(method, path(posted), body, **headers)
        assert (response.status_code, response.json["code"]) == (403, "forbidden")
    shown = api.get(path(posted), **headers)
    assert "message" not in shown.json
    assert shown.json["html"] == "<p>Mine</p>\n"


def test_the_scheme_of_the_token_has_no_case(api: Api) -> None:
    posted = api.post()
    token = posted["edit_token"]
    assert "message" in api.get(path(posted), Authorization=f"bearer {token}").json


def test_after_the_window_the_author_can_read_but_not_change(api: Api) -> None:
    posted = api.post()
    api.clock.advance(minutes=15)
    for method, body in (("PATCH", {"message": "Late"}), ("DELETE", None)):
        response = api.call(method, path(posted), body, **bearer(posted))
        assert (response.status_code, response.json["code"]) == (403, "edit_window_closed")
    assert "message" in api.get(path(posted), **bearer(posted)).json
    api.clock.advance(days=2)
    assert api.call("DELETE", path(posted), **bearer(posted)).json["code"] == "forbidden"
