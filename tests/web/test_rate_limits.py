"""How much one address may do, and that its address is kept nowhere."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
import uuid
from pathlib import Path

import pytest
from flask import Flask

from comity.app import build_app
from comity.errors import RateLimitedError
from comity.services.context import Context, Limit
from support.cast import make_context, stored, unlimited
from support.clock import Clock
from web.json_api import Api
from web.visits import AS_ALICE, THREAD, Visitor


@pytest.fixture
def strict(context: Context) -> Flask:
    """The application with the limits of the product."""
    return build_app(context)


def check_limited(headers: object, policy: str, count: int) -> None:
    """The three headers say the same; the wait is never nothing."""
    found = dict(headers)  # type: ignore[call-overload]
    wait = int(found["Retry-After"])
    assert 1 <= wait <= 61
    assert found["RateLimit-Policy"] == f'"{policy}";q={count}'
    assert found["RateLimit"] == f'"{policy}";r=0;t={wait}'


def test_a_sixth_post_in_a_minute_is_refused_and_its_text_kept(strict: Flask, clock: Clock) -> None:
    alice = Visitor(strict, clock)
    for number in range(5):
        assert alice.write(message=f"Number {number}").status == 303
    answer = alice.write(message="One too many")

    assert answer.status == 429
    check_limited(answer.response.headers, "address", 5)
    wait = answer.response.headers["Retry-After"]
    assert f"please try again in {wait} second" in answer.page.text
    assert answer.page.form.fields["message"] == "One too many"
    assert len(alice.get(THREAD).page.comments) == 5


def test_the_api_says_the_same(strict: Flask, clock: Clock) -> None:
    api = Api(strict, clock)
    for number in range(5):
        api.post(message=f"Number {number}")
    response = api.send(api.body())
    assert (response.status_code, response.json["code"]) == (429, "rate_limited")
    check_limited(response.headers, "address", 5)


def test_what_is_refused_counts_too(strict: Flask, clock: Clock) -> None:
    alice = Visitor(strict, clock)
    statuses = [alice.write(message="x").status for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_pages_and_api_share_one_count(strict: Flask, clock: Clock) -> None:
    alice, api = Visitor(strict, clock), Api(strict, clock, address="192.0.2.1")
    for number in range(3):
        alice.write(message=f"Number {number}")
    statuses = [api.send(api.body(message=f"Number {number}")).status_code for number in range(3)]
    assert statuses == [201, 201, 429]


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "Client-IP"]
)
def test_a_header_that_anybody_can_write_gives_no_new_count(
    strict: Flask, clock: Clock, header: str
) -> None:
    api = Api(strict, clock)
    statuses = [
        api.send(api.body(message=f"No. {number}"), **{header: f"203.0.{number}.1"}).status_code
        for number in range(7)
    ]
    assert statuses == [201] * 5 + [429] * 2


def test_behind_a_named_proxy_the_right_most_stranger_is_counted(
    context: Context, clock: Clock
) -> None:
    networks = (ipaddress.ip_network("10.0.0.0/8"),)
    settings = dataclasses.replace(context.settings, trusted_proxies=networks)
    app = build_app(dataclasses.replace(context, settings=settings))
    api = Api(app, clock, address="10.0.0.1")

    def post_as(forwarded: str, number: int) -> int:
        body = api.body(message=f"Number {number} of {forwarded}")
        return int(api.send(body, **{"X-Forwarded-For": forwarded}).status_code)

    # Mallory writes what she likes to the left; the proxy adds her address at the right.
    spoofed = [post_as(f"198.51.{n}.1, 203.0.113.7, 10.0.0.2", n) for n in range(6)]
    assert spoofed == [201] * 5 + [429]
    assert post_as("203.0.114.7", 1) == 201


@pytest.mark.parametrize(
    ("addresses", "limited"),
    [
        ([f"2001:db8:1:2:{n}::1" for n in range(6)], True),
        ([f"2001:db8:1:{n}::1" for n in range(6)], False),
        ([f"192.0.2.{n}" for n in range(6)], True),
        ([f"192.0.{n}.1" for n in range(6)], False),
        (["192.0.2.1", "::ffff:192.0.2.2"] * 3, True),
    ],
)
def test_one_household_is_one_count(
    strict: Flask, clock: Clock, addresses: list[str], *, limited: bool
) -> None:
    statuses = [
        api.send(api.body(message=f"Number {number}")).status_code
        for number, address in enumerate(addresses)
        for api in [Api(strict, clock, address=address)]
    ]
    assert statuses == [201] * 5 + [429 if limited else 201]


def test_previews_and_changes_have_a_larger_share_and_keep_the_text(
    strict: Flask, clock: Clock
) -> None:
    alice = Visitor(strict, clock)
    edit = f"/comments/{alice.write().comment_id}/edit"
    forms = {
        "/comments/preview": {**alice.get(THREAD).page.form.fields, **AS_ALICE},
        f"{edit}/preview": dict(alice.get(edit).page.form.fields),
        edit: dict(alice.get(edit).page.form.fields),
    }
    for path, fields in forms.items():
        fields["message"] = "What I wanted to say"
        for _ in range(70):
            answer = alice.post(path, fields)
            if answer.status == 429:
                break
        assert answer.status == 429
        check_limited(answer.response.headers, "edit" if path == edit else "preview", 60)
        assert answer.page.form.fields["message"] == "What I wanted to say"


def test_api_previews_and_changes_are_counted(strict: Flask, clock: Clock) -> None:
    api = Api(strict, clock)
    posted = api.post()
    path = f"/comments/{posted['comment']['id']}"
    bearer = {"Authorization": f"Bearer {posted['edit_token']}"}
    for method, at, name in (("POST", "/preview", "preview"), ("PATCH", path, "edit")):
        for number in range(61):
            response = api.call(method, at, {"message": f"No. {number}"}, **bearer)
            assert response.status_code == (200 if number < 60 else 429)
        check_limited(response.headers, name, 60)
    assert api.call("DELETE", path, **bearer).status_code == 429


class Spy:
    """A limiter that remembers what it was asked to count."""

    def __init__(self) -> None:
        self.keys: list[tuple[str, str]] = []

    def hit(self, limit: Limit, key: str) -> None:
        self.keys.append((limit.name, key))
        if len(self.keys) > 1000:
            raise RateLimitedError(limit.name, limit.count, 1)

    def is_shared(self) -> bool:
        return False


def _stored_address(app: Flask, clock: Clock, context: Context, address: str) -> bytes:
    answer = Visitor(app, clock, address=address).write()
    kept = stored(context.database, uuid.UUID(answer.comment_id)).address
    assert kept is not None
    return bytes(kept)


def test_the_hash_of_an_address_is_another_one_tomorrow(context: Context, clock: Clock) -> None:
    app = build_app(unlimited(context))
    today = _stored_address(app, clock, context, "192.0.2.1")
    assert _stored_address(app, clock, context, "192.0.2.99") == today
    assert _stored_address(app, clock, context, "192.0.3.1") != today
    clock.advance(days=1)
    assert _stored_address(app, clock, context, "192.0.2.1") != today


def test_the_hash_of_an_address_needs_the_key(context: Context, clock: Clock) -> None:
    settings = dataclasses.replace(context.settings, secret_key=context.settings.secret_key[::-1])
    other = make_context(settings, context.database, clock)
    address = "192.0.2.1"
    kept = _stored_address(build_app(unlimited(context)), clock, context, address)
    assert _stored_address(build_app(unlimited(other)), clock, other, address) != kept


def test_the_limiter_is_never_given_an_address(context: Context, clock: Clock) -> None:
    spy = Spy()
    app = build_app(dataclasses.replace(context, limiter=spy))
    Visitor(app, clock, address="203.0.113.77").write()
    assert [name for name, _ in spy.keys] == ["address", "email", "thread", "total"]
    for _, key in spy.keys:
        assert re.fullmatch("[0-9a-f]{64}|all", key)


@pytest.mark.parametrize("address", ["203.0.113.77", "2001:db8:77:77::77"])
def test_the_database_never_holds_an_address(context: Context, clock: Clock, address: str) -> None:
    app = build_app(unlimited(context))
    visitor = Visitor(app, clock, address=address)
    edit = f"/comments/{visitor.write().comment_id}/edit"
    visitor.send(visitor.get(edit).page.form, message="Again")
    visitor.write(message="Second")
    api = Api(app, clock, address=address)
    api.post(message="Third")

    parsed = ipaddress.ip_address(address)
    spellings = {address.encode(), parsed.exploded.encode(), parsed.packed}
    spellings.add(address.rpartition(":" if ":" in address else ".")[0].encode() + b".")
    with context.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        cells = [
            cell if isinstance(cell, bytes) else str(cell).encode()
            for (table,) in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).all()
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - ours
            for cell in row
        ]
    assert len(cells) > 50
    path = Path(str(context.database.engine.url.database))
    cells.append(path.read_bytes())
    for cell in cells:
        assert not any(spelling in cell for spelling in spellings)
