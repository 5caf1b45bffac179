"""Schemathesis hooks: let a valid request meet something real, so that more than 404 is tested.

A request that is invalid on purpose is left exactly as it was generated.
"""

# ruff: noqa: INP001 - beside a script, not in a package

from __future__ import annotations

import itertools
import os
from typing import Any, Final

import requests
import schemathesis
from schemathesis import GenerationMode

API: Final = os.environ["AUDITED_API"]
_NUMBERS: Final = itertools.count(10)
PLACE: Final = {"site": "default", "page": "/audit"}


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Put a real site, form token or comment into a request that is meant to be valid."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if case.query and "site" in case.query:
        case.query.update(PLACE)
        case.query.pop("cursor", None)  # none can be made up, and a made-up one is refused
    if isinstance(case.body, dict):
        _make_real(case.operation.path, case.body)
    if case.headers and "Idempotency-Key" in case.headers:
        # A generator likes to try one key again, with other words: a conflict, rightly refused.
        case.headers["Idempotency-Key"] = f"audit-{next(_NUMBERS)}"
    if case.path_parameters and "comment_id" in case.path_parameters:
        posted = _post("A comment for the audit.")
        case.path_parameters["comment_id"] = posted["comment"]["id"]
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {posted['edit_token']}"}


def _make_real(path: str, body: dict[str, Any]) -> None:
    """Keep the generated words, but within what the text rules take: no schema can say those."""
    if "message" in body:
        body["message"] = f"Words: {body['message']}"[:9_000]
    if "site" in body:
        body["site"] = PLACE["site"]
    if path.endswith("/comments") and "form_token" in body:
        words = {"name": f"N{body.get('name', '')}"[:50], "surname": "Archer"}
        body.clear()
        body.update(_form(), **PLACE, **words, email="a@example.org", message="Generated.")


def _form() -> dict[str, str]:
    form = requests.get(f"{API}/form", params=PLACE, timeout=10).json()
    return {"form_token": form["token"], form["honeypot"]: ""}


def _post(message: str) -> Any:
    words = {"name": "Alice", "surname": "Archer", "email": "a@example.org", "message": message}
    return requests.post(f"{API}/comments", json={**_form(), **PLACE, **words}, timeout=10).json()
