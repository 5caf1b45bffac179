"""A program that uses the JSON API."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask

from support.cast import PAGE, SITE
from support.clock import Clock
from web.visits import AS_ALICE

URL = "/api/v1"


class Api:
    """Calls the API from one address; waits half a minute between form and comment."""

    def __init__(self, app: Flask, clock: Clock, *, address: str = "192.0.2.2") -> None:
        self.client = app.test_client()
        self.clock = clock
        self.address = address

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send `body` as JSON: bytes and strings as they are, the rest encoded.

        Any, for JSON enters here: a test says what it expects in it.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            named.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.client.open(
            URL + path,
            method=method,
            data=body,
            headers=named,
            environ_base={"REMOTE_ADDR": self.address},
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def thread(self, query: str = "", page: str = PAGE) -> Any:
        response = self.get(f"/comments?site={SITE}&page={page}{query}")
        assert response.status_code == 200, response.text
        return response.json

    def form(self, site: str = SITE, page: str = PAGE) -> dict[str, Any]:
        response = self.get(f"/form?site={site}&page={page}")
        assert response.status_code == 200, response.text
        form: dict[str, Any] = response.json
        return form

    def body(
        self, form: Any = None, site: str = SITE, page: str = PAGE, **keys: Any
    ) -> dict[str, Any]:
        """Return what a client sends with `form` as Alice; a key that is None is left out."""
        form = form or self.form(site, page)
        sent = {"site": site, "page": page, "form_token": form["token"], form["honeypot"]: ""}
        sent |= {**AS_ALICE, **keys}
        return {name: value for name, value in sent.items() if value is not None}

    def send(self, body: Any, *, seconds: Any = 30, **headers: str) -> Any:
        self.clock.advance(seconds=seconds)
        return self.call("POST", "/comments", body, **headers)

    def post(self, **keys: Any) -> dict[str, Any]:
        """Post as Alice and return the answer's body."""
        response = self.send(self.body(**keys))
        assert response.status_code in {201, 202}, response.text
        posted: dict[str, Any] = response.json
        return posted
