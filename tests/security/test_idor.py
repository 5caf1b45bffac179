"""Whose comment is it: every route, every kind of visitor, every state of a comment."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask

from comity.services.context import Context
from comity.services.list_sites import list_sites
from comity.services.manage_sites import add_site
from comity.services.moderate_comment import moderate_comment
from support.cast import SITE, mo, stored
from support.clock import Clock
from web.json_api import Api
from web.visits import Visitor

ACTS = {
    "comity.comment": ("GET", "/comments/{id}"),
    "comity.edit": ("GET", "/comments/{id}/edit"),
    "comity.delete": ("GET", "/comments/{id}/delete"),
    "comity.update": ("POST", "/comments/{id}/edit"),
    "comity.preview_edit": ("POST", "/comments/{id}/edit/preview"),
    "comity.destroy": ("POST", "/comments/{id}/delete"),
    "comity_api.show": ("GET", "/api/v1/comments/{id}"),
    "comity_api.update": ("PATCH", "/api/v1/comments/{id}"),
    "comity_api.delete": ("DELETE", "/api/v1/comments/{id}"),
}
READS = {"comity.comment", "comity_api.show"}

ROLES = ("stranger", "author of another", "late author", "author", "forger")
STATES = ("visible", "held", "spam", "rejected", "deleted", "absent")


def expected(act: str, role: str, state: str) -> int:
    """The access matrix, written out: what may not be seen is not found."""
    is_own = role in {"author", "late author"}
    if state in {"deleted", "absent"}:
        return 404
    if state != "visible" and not is_own:
        return 404
    if act in READS:
        return 200
    if role != "author":
        return 403
    return {"comity.update": 303, "comity.destroy": 303, "comity_api.delete": 204}.get(act, 200)


class Case:
    """One comment in one state, and everybody who might want something of it."""

    def __init__(self, app: Flask, clock: Clock, context: Context, state: str) -> None:
        self.app, self.clock = app, clock
        self.author, self.other = Visitor(app, clock), Visitor(app, clock)
        self.id = self.author.write(message="Mine").comment_id
        self.others_id = self.other.write(message="Other").comment_id
        self.token = self._token(self.author, self.id)
        self.others_token = self._token(self.other, self.others_id)
        if state in {"held", "spam", "rejected"}:
            status: Any = {"held": "pending"}.get(state, state)
            moderator = mo(*list_sites(context))
            moderate_comment(context, moderator, uuid.UUID(self.id), status)
        elif state == "deleted":
            api = Api(app, clock)
            bearer = {"Authorization": f"Bearer {self.token}"}
            assert api.call("DELETE", f"/comments/{self.id}", **bearer).status_code == 204
        elif state == "absent":
            self.id = str(uuid.UUID(int=uuid.UUID(self.id).int + 1))

    def _token(self, visitor: Visitor, comment_id: str) -> str:
        return visitor.get(f"/comments/{comment_id}/edit").page.form.fields["edit_token"]

    def ask(self, act: str, role: str) -> int:
        method, path = ACTS[act]
        visitor = {
            "author": self.author,
            "late author": self.author,
            "author of another": self.other,
        }.get(role, Visitor(self.app, self.clock))
        token = {
            "author": self.token,
            "late author": self.token,
            "author of another": self.others_token,
            "forger": self.token[:-4] + "AAAA",
        }.get(role, "")
        options: dict[str, Any] = {"headers": {"Authorization": f"Bearer {token}"} if token else {}}
        if act.startswith("comity_api") and method == "PATCH":
            options["json"] = {"message": "Changed by somebody"}
        elif method == "POST":
            options["data"] = {"message": "Changed by somebody", "edit_token": token}
        return visitor.client.open(path.format(id=self.id), method=method, **options).status_code


def test_every_route_of_one_comment_is_in_the_matrix(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "comment_id" in rule.arguments}
    assert routes == set(ACTS)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_do_what_the_matrix_says(
    app: Flask, clock: Clock, context: Context, role: str, state: str
) -> None:
    case: Case | None = None
    for act in ACTS:
        if case is None:
            case = Case(app, clock, context, state)
            if role == "late author":
                clock.advance(minutes=16)
        wanted = expected(act, role, state)
        assert case.ask(act, role) == wanted, act
        if wanted < 400 and act not in READS:
            case = None  # it is another comment now, or none
        elif state == "visible":
            row = stored(context.database, uuid.UUID(case.id))
            assert (row.message.plain, row.deleted_at) == ("Mine", None)


def test_a_parent_of_another_site_is_not_found(api: Api, context: Context) -> None:
    add_site(context, "shop", "The shop")
    parent = api.post(message="On the blog")["comment"]["id"]
    response = api.send(api.body(site="shop", parent_id=parent))
    assert response.status_code == 404


def test_a_form_of_another_site_does_not_post_here(api: Api, context: Context) -> None:
    add_site(context, "shop", "The shop")
    response = api.send(api.body(api.form(site="shop"), site=SITE))
    assert (response.status_code, response.json["code"]) == (422, "form_expired")


def test_missing_what_a_guard_asks_for_does_not_pass_it(api: Api) -> None:
    """Remark42 skipped the check of the site where `?site=` was left out (f8ba3877)."""
    for leave_out in ("site", "page", "form_token"):
        body = api.body()
        del body[leave_out]
        assert api.send(body).status_code == 422
    for query in ("", "?site=blog", "?page=/hello", "?site=&page=", "?site=blog&page="):
        assert api.get(f"/comments{query}").status_code == 422
        assert api.get(f"/form{query}").status_code == 422
