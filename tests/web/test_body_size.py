"""A body that is too long is refused before it is read."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from comity.web.security.body_size import MAX_BODY_BYTES
from web.json_api import URL, Api

WRITES = [("POST", "/comments"), ("POST", "/preview"), ("POST", "/counts")]


class Endless(io.RawIOBase):
    """A body that never ends, and knows how much of it was read."""

    def __init__(self, first: bytes = b"") -> None:
        self.read_bytes = 0
        self._first = first

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._first[: len(buffer)] or b"a" * len(buffer)
        self._first = self._first[len(chunk) :]
        buffer[: len(chunk)] = chunk
        self.read_bytes += len(chunk)
        return len(chunk)


@pytest.mark.parametrize(
    ("method", "path"), [*WRITES, ("PATCH", "/comments/x"), ("PUT", "/preview")]
)
def test_a_body_that_says_it_is_too_long_is_refused_unread(
    client: FlaskClient, method: str, path: str
) -> None:
    path = path.replace("/x", "/00000000-0000-7000-8000-000000000000")
    body = Endless()
    response = client.open(
        URL + path,
        method=method,
        content_type="application/json",
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(MAX_BODY_BYTES + 1)},
    )
    assert response.status_code == (405 if method == "PUT" else 413)
    assert body.read_bytes == 0


@pytest.mark.parametrize("path", ["/api/v1/comments", "/comments", "/comments/preview"])
def test_a_body_that_does_not_say_its_length_is_cut_off(client: FlaskClient, path: str) -> None:
    body = Endless(b"message=")
    kind = "application/json" if path.startswith("/api") else "application/x-www-form-urlencoded"
    response = client.post(
        path,
        content_type=kind,
        environ_overrides={
            "wsgi.input": body,
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
        },
    )
    assert response.status_code == 413
    assert body.read_bytes <= MAX_BODY_BYTES * 1.5


def test_a_body_that_does_not_say_its_length_and_fits_is_read_whole(client: FlaskClient) -> None:
    message = "a" * 9_000
    response = client.post(
        f"{URL}/preview",
        content_type="application/json",
        environ_overrides={
            "wsgi.input": io.BytesIO(json.dumps({"message": message}).encode()),
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
        },
    )
    assert response.get_json() == {"html": f"<p>{message}</p>\n"}


def test_a_form_of_too_many_parts_is_refused(client: FlaskClient) -> None:
    data = {f"f{number}": "x" for number in range(31)}
    response = client.post("/comments", data=data, content_type="multipart/form-data")
    assert response.status_code == 413


def test_the_longest_honest_message_fits(api: Api) -> None:
    assert api.send(api.body(message="😀" * 10_000)).status_code == 201
