"""What a body may be: JSON of a known shape, said to be JSON, and not too long."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from support.cast import SITE
from web.json_api import URL, Api

WRITES = [("POST", "/comments"), ("POST", "/preview"), ("POST", "/counts")]


def fields(response: Any) -> dict[str, str]:
    return {error["field"]: error["code"] for error in response.json["errors"]}


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;x=y"]
)
def test_json_that_says_so_is_read(api: Api, kind: str) -> None:
    assert api.call("POST", "/preview", {"message": "Hello"}, Content_Type=kind).status_code == 200


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-patch+json",
        "application/problem+json",
        "text/plain; application/json",
        "application/x-www-form-urlencoded, application/json",
    ],
)
@pytest.mark.parametrize(("method", "path"), WRITES)
def test_json_that_says_something_else_or_nothing_is_refused(
    client: FlaskClient, method: str, path: str, kind: str | None
) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    response = client.open(URL + path, method=method, data=b'{"message": "Hello"}', headers=headers)
    assert response.status_code == 415
    assert response.get_json()["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nul",
        b"{'message': 'Hello'}",
        b'{"message": "Hello"} {}',
        b'{"message": "Hello",}',
        b'{"message": NaN}',
        b'{"message": -Infinity}',
        b'{"message": "a\nb"}',
        b'{"message": "\xff\xfe"}',
        b'{"message": "\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"message": "Hello"}',
        '{"message": "Hello"}'.encode("utf-16"),
        '{"message": "Hello"}'.encode("utf-32"),
        '{"message": "Größe"}'.encode("latin-1"),
        b'{"message": ' + b"[" * 100_000,
        b'{"message": ' + b'{"a":' * 40_000 + b"1" + b"}" * 40_001,
        b'{"message": ' + b"9" * 10_000 + b"}",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_json_in_utf_8_is_400(api: Api, body: bytes) -> None:
    response = api.call("POST", "/preview", body)
    assert (response.status_code, response.json["code"]) == (400, "bad_request")


@pytest.mark.parametrize("body", ["null", "[]", '"text"', "7", "true", '[{"message": "Hello"}]'])
def test_json_that_is_no_object_is_422(api: Api, body: str) -> None:
    response = api.call("POST", "/preview", body)
    assert response.status_code == 422
    assert fields(response) == {"body": "invalid"}


def test_an_unknown_key_is_refused_by_its_name(api: Api) -> None:
    response = api.send(api.body(is_admin=True, status="approved"))
    assert response.status_code == 422
    assert fields(response) == {"is_admin": "unknown", "status": "unknown"}
    assert api.thread()["comment_count"] == 0


def test_an_endless_unknown_key_is_not_sent_back_whole(api: Api) -> None:
    response = api.call("POST", "/preview", {"message": "Hello", "k" * 9_000: 1})
    assert list(fields(response)) == ["k" * 64]


def test_the_key_of_another_forms_honeypot_is_unknown(api: Api) -> None:
    response = api.send(api.body() | {api.form()["honeypot"]: "x"})
    assert response.status_code == 422
    assert set(fields(response).values()) == {"unknown"}


@pytest.mark.parametrize("second", ['"Other"', '"Hello"', "null"])
def test_a_key_given_twice_is_refused_by_its_name(api: Api, second: str) -> None:
    response = api.call("POST", "/preview", f'{{"message": "Hello", "message": {second}}}')
    assert response.status_code == 422
    assert fields(response) == {"message": "duplicate"}


def test_every_missing_key_is_named_at_once(api: Api) -> None:
    for path, body, missing in (
        ("/comments", {}, {"site", "page", "form_token", "message"}),
        ("/comments", {"site": SITE}, {"page", "form_token", "message"}),
        ("/counts", {}, {"site", "pages"}),
        ("/preview", {}, {"message"}),
    ):
        response = api.call("POST", path, body)
        assert response.status_code == 422
        assert fields(response) == dict.fromkeys(missing, "required")


@pytest.mark.parametrize("value", [None, 7, 1.5, True, [], {}, ["Hello"], {"a": "\ud800"}])
def test_a_value_of_another_type_is_refused_by_its_key(api: Api, value: object) -> None:
    for path, body in (
        ("/comments", api.body() | {"message": value, "name": value}),
        ("/comments", api.body() | {"site": value, "page": value}),
        ("/counts", {"site": value, "pages": ["/x"]}),
        ("/preview", {"message": value}),
    ):
        response = api.call("POST", path, body)
        assert response.status_code == 422
        wrong = [
            name
            for name in ("message", "name", "site", "page")
            if name in body and body[name] is value
        ]
        assert set(fields(response)) >= set(wrong)
        assert {error["message"] for error in response.json["errors"]} <= {
            "This must be text.",
            "This must be a list of 1 to 100 texts.",
            "This has half a surrogate pair, which is no character.",
        }


def test_a_missing_name_is_said_by_the_rules_of_the_form(api: Api) -> None:
    response = api.send(api.body(name=None, surname="", email="x", message="x"))
    assert response.status_code == 422
    assert fields(response) == {
        "name": "required",
        "surname": "required",
        "email": "invalid",
        "message": "too_short",
    } | {"email": fields(response)["email"]}
    assert [error["field"] for error in response.json["errors"]] == [
        "name",
        "surname",
        "email",
        "message",
    ]


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "a\\udc00b"])
@pytest.mark.parametrize("key", ["site", "page", "name", "message", "form_token", "parent_id"])
def test_half_a_character_in_any_value_is_422(api: Api, key: str, half: str) -> None:
    body = api.body() | {key: "HALF"}
    text = json.dumps(body).replace("HALF", half)
    response = api.call("POST", "/comments", text)
    assert response.status_code == 422
    assert fields(response) == {key: "invalid"}


def test_half_a_character_in_a_key_or_a_list_is_422(api: Api) -> None:
    assert api.call("POST", "/preview", '{"message": "Hello", "\\ud800": 1}').status_code == 422
    response = api.call("POST", "/counts", f'{{"site": "{SITE}", "pages": ["/\\ud800"]}}')
    assert fields(response) == {"pages": "invalid"}


def test_a_whole_pair_of_surrogates_is_one_character(api: Api) -> None:
    response = api.call("POST", "/preview", '{"message": "\\ud83d\\ude00!"}')
    assert response.json == {"html": "<p>😀!</p>\n"}
