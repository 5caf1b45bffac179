"""GET changes nothing: Commento and Cusdis approved by a link that mail scanners follow."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask

from comity.services.context import Context
from support.cast import PAGE, SITE, post
from support.clock import Clock
from web.json_api import Api
from web.visits import Visitor


def everything(context: Context) -> str:
    """A digest of every row of every table."""
    digest = hashlib.sha256()
    with context.database.engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).scalars()
        for table in tables.all():
            rows = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 - ours
            digest.update(repr([table, *rows.all()]).encode())
    return digest.hexdigest()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_no_address_changes_anything_when_it_is_only_read(
    app: Flask, clock: Clock, context: Context, method: str
) -> None:
    alice, api = Visitor(app, clock), Api(app, clock)
    own = alice.write(remember="1").comment_id
    token = alice.get(f"/comments/{own}/edit").page.form.fields["edit_token"]
    held = str(post(context, "Held", form_seconds=0.1).id)
    form = api.form()
    before = everything(context)
    cookie = alice.cookie()
    asked = 0
    # Everything that a POST would want, given in the address and in a header.
    query = {
        "site": SITE,
        "page": PAGE,
        "form_token": form["token"],
        form["honeypot"]: "",
        "edit_token": token,
        "name": "Mallory",
        "message": "Written by a link",
        "email": "mallory@example.net",
        "surname": "Malone",
        "_method": "DELETE",
        "action": "approve",
        "id": own,
    }
    values: dict[str, Any] = {"filename": "comity.css"}
    for rule in app.url_map.iter_rules():
        for comment_id in (own, held):
            named = {name: values.get(name, comment_id) for name in rule.arguments}
            path = app.url_map.bind("localhost").build(rule.endpoint, named)
            for given in ({}, {"site": SITE, "page": PAGE}, query):
                headers = {
                    "Authorization": f"Bearer {token}",
                    "X-HTTP-Method-Override": "DELETE",
                }
                with alice.client.open(
                    path, method=method, query_string=given, headers=headers
                ) as response:
                    assert response.status_code < 500
                    assert "Set-Cookie" not in response.headers
                asked += 1
    assert asked > 100
    assert everything(context) == before
    assert alice.cookie() == cookie


def test_the_digest_of_everything_sees_a_change(alice: Visitor, context: Context) -> None:
    before = everything(context)
    alice.write()
    assert everything(context) != before
