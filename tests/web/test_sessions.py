"""The visitor's cookie: signed, bound to this host, only by a tick, and never the host's."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zlib

import pytest
from flask import Flask, request
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode

from comity.adapters.tokens import SignedTokens
from comity.app import build_app
from comity.services.context import Context
from comity.web.security.sessions import open_session, visitor
from support.cast import unlimited
from support.clock import Clock
from web.visits import AS_ALICE, THREAD, Visitor

HTTPS = "https://comments.example.org"
NEW_KEY = "hT7cWq0ZsYb4KmVx9RgLf2NnUd6JpAe3iOo8Pl5Ka1Mz"
OLD_KEY = "Bv5NcMx2ZlKj8HgFd0SaPo9IuYt6ReWq3Lm7KnJh4GbV"


def contents(cookie: str | None) -> dict[str, object]:
    """What everybody who has the cookie can read: signed is not secret."""
    assert cookie is not None
    payload = cookie.removeprefix(".").split(".")[0]
    octets = base64_decode(payload)
    decoded: dict[str, object] = json.loads(
        zlib.decompress(octets) if cookie.startswith(".") else octets
    )
    return decoded


def with_settings(context: Context, **changes: object) -> Flask:
    settings = dataclasses.replace(context.settings, **changes)  # type: ignore[arg-type]
    tokens = SignedTokens(settings.secret_key, settings.secret_key_fallbacks)
    return build_app(unlimited(dataclasses.replace(context, settings=settings, tokens=tokens)))


def test_a_reader_gets_no_cookie(alice: Visitor) -> None:
    written = alice.write()
    reader = Visitor(alice.client.application, alice.clock)
    for path in (THREAD, f"/comments/{written.comment_id}", "/embed?site=blog&page=/hello"):
        assert "Set-Cookie" not in reader.get(path).response.headers
    reader.send(reader.get(THREAD).page.form, button="Preview", **AS_ALICE)
    reader.write(message="x")
    assert reader.cookie() is None


def test_without_the_tick_nothing_about_the_author_is_kept(alice: Visitor) -> None:
    alice.write()
    kept = contents(alice.cookie())
    assert set(kept) == {"edits", "_permanent"}
    assert "alice" not in json.dumps(kept).lower()
    assert alice.get(THREAD).page.form.fields["name"] == ""


def test_with_the_tick_name_and_address_are_filled_in_next_time(alice: Visitor) -> None:
    alice.write(remember="1")
    author = {name: AS_ALICE[name] for name in ("name", "surname", "email")}
    assert contents(alice.cookie())["author"] == author
    page = alice.get(THREAD).page
    assert page.form.fields.items() >= {**author, "remember": "1", "message": ""}.items()


def test_a_post_without_the_tick_forgets_again(alice: Visitor) -> None:
    alice.write(remember="1")
    fields = {**alice.get(THREAD).page.form.fields, **AS_ALICE, "message": "Once more"}
    del fields["remember"]
    alice.clock.advance(seconds=30)
    assert alice.post("/comments", fields).status == 303
    assert "author" not in contents(alice.cookie())
    assert alice.get(THREAD).page.form.fields["name"] == ""


def test_the_tick_survives_a_mistake(alice: Visitor) -> None:
    page = alice.write(remember="1", message="x").page
    assert page.form.fields["remember"] == "1"
    assert "remember" not in alice.write(message="x").page.form.fields


def test_the_cookie_stays_small_whatever_is_typed(alice: Visitor) -> None:
    space = "".join(chr(0x2000 + number * number * 31 % 10_007 % 11) for number in range(9_000))
    answer = alice.write(remember="1", name=f"{space}Alice{space}")
    assert answer.status == 303
    assert len(answer.response.headers["Set-Cookie"]) < 4096


def test_the_cookie_stays_small_after_many_comments(alice: Visitor) -> None:
    # Nothing here repeats, so nothing of it is compressed away.
    letters = [chr(0x20000 + number * 997 % 40_000) for number in range(100)]
    names = {"name": "".join(letters[:50]), "surname": "".join(letters[50:])}
    names["email"] = "-".join(f"{number * 7919 % 100_003:x}" for number in range(10)) + "@x.example"
    for number in range(12):
        answer = alice.write(remember="1", message=f"Number {number}", **names)
        assert len(answer.response.headers["Set-Cookie"]) < 4096
    assert len(contents(alice.cookie())["edits"]) == 8  # type: ignore[arg-type]


def session_of(app: Flask, cookie: str) -> dict[str, object]:
    """What the server makes of a cookie."""
    with app.test_request_context("/", headers={"Cookie": f'comity="{cookie}"'}):
        open_session(app, request)
        return dict(visitor())


def test_one_changed_character_anywhere_makes_it_nobodys(app: Flask, alice: Visitor) -> None:
    alice.write(remember="1")
    cookie = alice.cookie()
    assert cookie is not None
    assert session_of(app, cookie)["author"]
    for place, character in enumerate(cookie):
        for other in {*"AB-_.!= ", chr(ord(character) ^ 1)} - {character}:
            altered = cookie[:place] + other + cookie[place + 1 :]
            assert session_of(app, altered) == {}, (place, other)


def test_an_altered_cookie_is_a_visitor_without_one(app: Flask, alice: Visitor) -> None:
    alice.write(remember="1")
    mallory = app.test_client(use_cookies=False)
    altered = (alice.cookie() or "")[::-1]
    shown = mallory.get(THREAD, headers={"Cookie": f"comity={altered}"})
    assert shown.status_code == 200
    assert "alice@example.org" not in shown.text


@pytest.mark.parametrize("change", ["{}!", "!{}", "{}=", "{}.", ".{}", "{}A", "{} ", "{0}{0}"])
def test_a_longer_cookie_is_nobodys(alice: Visitor, change: str) -> None:
    alice.write(remember="1")
    assert session_of(alice.client.application, change.format(alice.cookie())) == {}


def test_over_https_the_cookie_is_bound_to_this_host(context: Context, clock: Clock) -> None:
    alice = Visitor(with_settings(context, public_url=HTTPS), clock, base=HTTPS)
    header = alice.write().response.headers["Set-Cookie"]

    name, *attributes = header.split("; ")
    assert name.startswith("__Host-comity=")
    shown = {attribute.partition("=")[0] for attribute in attributes}
    assert shown == {"Expires", "Secure", "HttpOnly", "Path", "SameSite"}
    assert {"Path=/", "SameSite=Lax"} <= set(attributes)


def test_over_http_on_the_loopback_it_has_a_plain_name(alice: Visitor) -> None:
    attributes = alice.write().response.headers["Set-Cookie"].split("; ")
    assert attributes[0].startswith("comity=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} < set(attributes)
    assert "Secure" not in attributes


def test_a_plain_cookie_is_not_read_over_https(context: Context, clock: Clock) -> None:
    alice = Visitor(with_settings(context, public_url=HTTPS), clock, base=HTTPS)
    alice.write(remember="1")
    value = alice.cookie("__Host-comity")
    mallory = alice.client.application.test_client(use_cookies=False)
    shown = mallory.get(THREAD, base_url=HTTPS, headers={"Cookie": f"comity={value}"})
    assert "alice@example.org" not in shown.text


def test_a_new_key_still_knows_the_visitor_and_signs_with_the_new_one(
    context: Context, clock: Clock
) -> None:
    alice = Visitor(with_settings(context, secret_key=OLD_KEY), clock)
    written = alice.write(remember="1")

    for keys, is_known in (
        ({"secret_key": NEW_KEY, "secret_key_fallbacks": (OLD_KEY,)}, True),
        ({"secret_key": NEW_KEY, "secret_key_fallbacks": ()}, False),
    ):
        after = Visitor(with_settings(context, **keys), clock)
        after.client.set_cookie("comity", alice.cookie() or "")
        page = after.get(THREAD).page
        assert (page.form.fields["email"] == AS_ALICE["email"]) is is_known
        assert after.get(f"/comments/{written.comment_id}/edit").status == (
            200 if is_known else 403
        )
        after.write(message="Signed anew", remember="1")
        signer = URLSafeTimedSerializer(
            NEW_KEY,
            salt="comity.session.v1",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )
        assert signer.loads(after.cookie() or "")["author"]["name"] == "Alice"


def test_a_cookie_signed_for_another_purpose_is_nobodys(alice: Visitor) -> None:
    token = alice.get(THREAD).page.form.fields["form_token"]
    alice.client.set_cookie("comity", token)
    assert alice.get(THREAD).status == 200


def test_every_page_that_reads_the_cookie_says_so_to_caches(alice: Visitor) -> None:
    written = alice.write()
    for path in (THREAD, f"/comments/{written.comment_id}", "/embed?site=blog&page=/hello"):
        headers = alice.get(path).response.headers
        assert "Cookie" in headers["Vary"]
        assert "no-store" in headers["Cache-Control"]
    assert "Cookie" in written.response.headers["Vary"]
    assert "no-store" in written.response.headers["Cache-Control"]
