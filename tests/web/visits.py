"""A visitor with a browser: opens pages, fills the served form, sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from support.cast import ALICE, PAGE, SITE
from support.clock import Clock
from web.dom import Form, Page

BASE = "http://localhost"
THREAD = f"/comments?site={SITE}&page={PAGE}"
EMBED = f"/embed?site={SITE}&page={PAGE}"


@dataclass(frozen=True)
class Answer:
    """One answer, and its page where it is one."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def page(self) -> Page:
        assert self.response.mimetype == "text/html"
        return Page(self.response.text)

    @property
    def location(self) -> str:
        return self.response.headers["Location"]

    @property
    def comment_id(self) -> str:
        """The comment that a redirect leads to."""
        address = urlsplit(self.location)
        if address.fragment:
            return address.fragment.removeprefix("comment-")
        return address.query.partition("id=")[2].partition("&")[0]


class Visitor:
    """One browser with its own cookies; takes half a minute to fill a form."""

    def __init__(
        self, app: Flask, clock: Clock, *, base: str = BASE, address: str = "192.0.2.1"
    ) -> None:
        self.client: FlaskClient = app.test_client()
        self.clock = clock
        self.base = base
        self.address = address

    def get(self, path: str, **options: Any) -> Answer:
        return Answer(self.client.get(path, **self._usual(options)))

    def post(self, path: str, data: Any, **options: Any) -> Answer:
        """Send a form as a browser does from our own page."""
        options.setdefault("headers", {"Sec-Fetch-Site": "same-origin", "Origin": self.base})
        return Answer(self.client.post(path, data=data, **self._usual(options)))

    def send(
        self, form: Form, *, button: str | None = None, seconds: Any = 30, **typed: str
    ) -> Answer:
        """Type into `form` and press a button; by default the first."""
        assert set(typed) <= {*form.fields, "remember"}, typed
        self.clock.advance(seconds=seconds)
        action = form.buttons[button] if button else form.action
        return self.post(action, {**form.fields, **typed})

    def write(self, path: str = THREAD, **typed: str) -> Answer:
        """Open the page at `path` and send its form as Alice, with some fields changed."""
        return self.send(self.get(path).page.form, **{**AS_ALICE, **typed})

    def cookie(self, name: str = "comity") -> str | None:
        cookie = self.client.get_cookie(name, domain=urlsplit(self.base).hostname or "")
        return cookie.value if cookie else None

    def _usual(self, options: dict[str, Any]) -> dict[str, Any]:
        usual = {"base_url": self.base, "environ_base": {"REMOTE_ADDR": self.address}}
        return {**usual, **options}


AS_ALICE: dict[str, str] = {
    "name": ALICE.name,
    "surname": ALICE.surname,
    "email": ALICE.email,
    "message": ALICE.message,
}
