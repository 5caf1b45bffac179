"""The two ways a comment comes in, and all that must hold of it afterwards."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask
from page_reader import PageReader, newlines
from werkzeug.test import TestResponse

from comity.errors import InvalidCommentError
from comity.model import Comment
from comity.services.context import Context
from comity.services.places import site_rules
from comity.store import sites
from comity.text.canonical import canonicalize
from comity.text.fields import FIELDS
from comity.text.render import render
from comity.text.sanitize import sanitize_comment
from comity.text.stages import RawComment
from comity.text.validate import validate_comment
from comity.web.security.form_token import new_form_token
from support.cast import stored

SITE: Final = "blog"
GOOD: Final = {
    "name": "Alice",
    "surname": "Archer",
    "email": "canary-7f3a@example.org",
    "message": "Good morning.",
}
EMPTY_PAGE: Final = "/refused"
PER_PAGE: Final = 40
_HALVES: Final = re.compile("[\ud800-\udfff]")
FORM_TYPE: Final = "application/x-www-form-urlencoded"


class Roads:
    """Posts to one application and checks what became of it.

    `looked_at` counts comments whose way was followed to the end, `refused` those that were
    refused as they must be.
    """

    def __init__(self, app: Flask, ctx: Context) -> None:
        self.client = app.test_client()
        self.ctx = ctx
        self.looked_at = 0
        self.refused = 0
        self._pages = 0
        self._waiting: dict[str, dict[uuid.UUID, Mapping[str, str]]] = {}
        with ctx.database.reading() as session:
            self.rules = site_rules(sites.get(session, SITE))

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """Return the answer, which is never an error of ours and always protected."""
        answer = self.client.open(path, method=method, **more)
        assert answer.status_code < 500, (path, more)
        assert "Content-Security-Policy" in answer.headers
        return answer

    def form_token(self, page: str) -> dict[str, str]:
        """Return token and empty honeypot of a form that is three seconds old."""
        token = new_form_token(self.ctx, SITE, page)
        self.ctx.clock.advance(seconds=3)  # type: ignore[attr-defined]
        return {"form_token": token.token, token.honeypot.name: ""}

    def by_form(self, changes: Mapping[str, str]) -> None:
        """Post through the form; then all that must hold, holds."""
        fields = {**GOOD, **changes}
        arrived = {name: arrives(value) for name, value in fields.items()}
        wrong = self.wrong(arrived)
        page = EMPTY_PAGE if wrong else self._page()
        sent = {"site": SITE, "page": page, **fields, **self.form_token(page)}
        answer = self.ask("POST", "/comments", data=urlencoded(sent), content_type=FORM_TYPE)
        if answer.status_code == 413:
            assert len(urlencoded(sent)) > 262_144
            self.refused += 1
            return
        assert answer.status_code == (422 if wrong else 303), (changes, wrong)
        if wrong:
            self._comes_back(answer, arrived, wrong)
            self.refused += 1
            return
        comment = uuid.UUID(answer.location.partition("#")[0].rsplit("/", 1)[1])
        self._is_stored(comment, arrived)
        if "message" in changes:
            edit = PageReader(self.ask("GET", f"/comments/{comment}/edit").text)
            assert edit.strange == []
            assert newlines(edit.values["message"]) == canonicalize(arrived["message"])
        self._remember(page, comment, arrived)

    def by_api(self, changes: Mapping[str, str]) -> None:
        """Post through the API; then all that must hold, holds."""
        fields = {**GOOD, **changes}
        page = self._page()
        sent = {"site": SITE, "page": page, **fields, **self.form_token(page)}
        body = json.dumps(sent)
        answer = self.ask("POST", "/api/v1/comments", data=body, content_type="application/json")
        if answer.status_code == 413:
            assert len(body) > 262_144
            self.refused += 1
            return
        assert answer.json is not None
        halves = {name for name, value in fields.items() if _HALVES.search(value)}
        wrong = halves or self.wrong(fields)
        assert answer.status_code == (422 if wrong else 201), (changes, wrong, answer.json)
        if wrong:
            assert {error["field"] for error in answer.json["errors"]} == wrong
            assert answer.mimetype == "application/problem+json"
            self.refused += 1
            return
        comment = uuid.UUID(answer.json["comment"]["id"])
        self._is_stored(comment, fields)
        if "message" in changes:
            token = {"Authorization": f"Bearer {answer.json['edit_token']}"}
            source = self.ask("GET", f"/api/v1/comments/{comment}", headers=token).json
            assert source is not None
            assert source["message"] == canonicalize(fields["message"])
        self._remember(page, comment, fields)

    def wrong(self, fields: Mapping[str, str]) -> set[str]:
        """Return the fields that the text rules refuse."""
        try:
            validate_comment(sanitize_comment(RawComment(**fields)), self.rules)
        except InvalidCommentError as error:
            return {one.field for one in error.fields}
        return set()

    def look(self) -> None:
        """Read every page written so far, as a reader and as a program."""
        for page, comments in self._waiting.items():
            asked = query(site=SITE, page=page, limit="100")
            answer = self.ask("GET", "/api/v1/comments", query_string=asked)
            assert answer.json is not None
            by_id = {uuid.UUID(one["id"]): one for one in answer.json["comments"]}
            html = self.ask("GET", "/comments", query_string=query(site=SITE, page=page)).text
            reader = PageReader(html)
            assert reader.strange == []
            assert by_id.keys() == comments.keys()
            for comment, fields in comments.items():
                self._is_shown(reader, by_id[comment], fields)
                if _is_private(fields, comments.values()):
                    address = canonicalize(fields["email"], one_line=True).casefold()
                    assert address not in html.casefold(), fields
                    assert address not in answer.text.casefold(), fields
                self.looked_at += 1
        self._waiting.clear()
        self._pages += 1

    def _page(self) -> str:
        if sum(map(len, self._waiting.values())) >= PER_PAGE:
            self.look()
        return f"/p/{self._pages}"

    def _remember(self, page: str, comment: uuid.UUID, fields: Mapping[str, str]) -> None:
        self._waiting.setdefault(page, {})[comment] = fields

    def _is_stored(self, comment: uuid.UUID, fields: Mapping[str, str]) -> Comment:
        row = stored(self.ctx.database, comment)
        for name, value in fields.items():
            kept = getattr(row, name).plain
            assert kept == canonicalize(value, one_line=FIELDS[name].one_line), (name, value, kept)
        assert row.html == render(canonicalize(fields["message"]))
        return row

    def _is_shown(
        self, reader: PageReader, comment: dict[str, Any], fields: Mapping[str, str]
    ) -> None:
        name, surname = (canonicalize(fields[key], one_line=True) for key in ("name", "surname"))
        assert comment["author"]["name"] == name
        assert comment["author"]["surname"] == surname
        assert "email" not in comment["author"]
        (article,) = reader.articles[f"comment-{comment['id']}"]
        assert article.author == f"{name} {surname}".strip()
        if website := canonicalize(fields.get("website", ""), one_line=True):
            assert comment["author"]["website"] == article.website == website
        # The page and the API show the same message, and both show it as it is stored.
        again = PageReader(
            f'<article><div class="comity-message">{comment["html"]}</div></article>'
        )
        assert article.message == again.articles[""][0].message

    def _comes_back(
        self, answer: TestResponse, arrived: Mapping[str, str], wrong: set[str]
    ) -> None:
        reader = PageReader(answer.text)
        assert reader.strange == []
        for name, value in arrived.items():
            if name in reader.values:
                assert newlines(reader.values[name]) == newlines(value), (name, value)
        for name in wrong & reader.values.keys():
            assert f'id="comity-{name}-error"' in answer.text, name


def arrives(text: str) -> str:
    """Return what a browser sends: half a surrogate pair cannot be encoded (WHATWG URL, 5.2)."""
    return _HALVES.sub("\ufffd", text)


def urlencoded(fields: Mapping[str, str]) -> str:
    """Return `fields` as a form sends them."""
    return urlencode({name: arrives(value) for name, value in fields.items()})


def query(**parts: str) -> str:
    """Return the same for a query."""
    return urlencoded(parts)


def _is_private(fields: Mapping[str, str], page: Iterable[Mapping[str, str]]) -> bool:
    """Whether nobody on the page has put this address into a field that is public."""
    address = fields["email"].strip().casefold()
    words = (value for one in page for name, value in one.items() if name != "email")
    return bool(address) and not any(address in value.casefold() for value in words)
