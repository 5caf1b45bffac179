"""Read a request's body and query: exactly what is known, everything wrong named at once."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any, Final, TypeVar

import msgspec
from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from comity.errors import InvalidCommentError, InvalidFieldError, NotFoundError

BodyT = TypeVar("BodyT", bound=msgspec.Struct)

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_HALF_CHARACTER: Final = "This has half a surrogate pair, which is no character."
_IDEMPOTENCY_KEY: Final = re.compile(r"[!-~]{8,200}")


def json_body() -> dict[str, Any]:
    """Return the body's JSON object.

    Exactly `application/json`: a browser form cannot send that across sites
    without asking first (CWE-352), and a missing type is no type.

    Raises:
        UnsupportedMediaType: 415.
        BadRequest: 400: not UTF-8, not JSON, or nested out of measure.
        InvalidCommentError: not an object, a key given twice (two parsers might
            each believe another one), or a lone surrogate, which no database can keep.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    duplicates: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in pairs:
            if key in seen:
                duplicates.append(key)
            seen[key] = value
        return seen

    try:
        # Decoded here: json.loads would also take UTF-16, UTF-32 and surrogates in disguise.
        text = request.get_data(cache=False).decode("utf-8")
        body = json.loads(text, object_pairs_hook=once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    if not isinstance(body, dict):
        raise InvalidCommentError([InvalidFieldError("body", "invalid", "Send one JSON object.")])
    _refuse(
        [
            InvalidFieldError(_shown(key), "duplicate", "This key is given more than once.")
            for key in duplicates
        ]
        + [
            InvalidFieldError(_shown(key), "invalid", _HALF_CHARACTER)
            for key, value in body.items()
            if _has_surrogate(key) or _has_surrogate(value)
        ]
    )
    return body


def read_body(body: dict[str, Any], shape: type[BodyT]) -> BodyT:
    """Return `body` as `shape`.

    Raises:
        InvalidCommentError: every unknown key, missing key and wrong type.
    """
    known = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    wrong = [
        InvalidFieldError(_shown(key), "unknown", "This key is not known here.")
        for key in body
        if key not in known
    ]
    for name, field in known.items():
        if name not in body:
            if field.required:
                wrong.append(InvalidFieldError(name, "required", "This key is missing."))
            continue
        value = body[name]
        try:
            msgspec.convert(value, field.type)
        except msgspec.ValidationError:
            wrong.append(InvalidFieldError(name, "invalid", _expected(field.type)))
    _refuse(wrong)
    return msgspec.convert(body, shape)


def refuse_unknown_query(*known: str) -> None:
    """Refuse a query parameter that we do not know, and one that is given twice.

    Raises:
        InvalidCommentError: with each of them.
    """
    _refuse(
        [
            InvalidFieldError(_shown(name), "unknown", "This parameter is not known here.")
            for name in request.args
            if name not in known
        ]
        + [
            InvalidFieldError(name, "duplicate", "This parameter is given more than once.")
            for name in known
            if len(request.args.getlist(name)) > 1
        ]
    )


def required_query(name: str) -> str:
    """Return a query parameter.

    Raises:
        InvalidCommentError: it is missing.
    """
    value = request.args.get(name)
    if not value:
        raise InvalidCommentError(
            [InvalidFieldError(name, "required", "This parameter is missing.")]
        )
    return value


def limit_query(default: int, highest: int) -> int:
    """Return the parameter `limit`.

    Raises:
        InvalidCommentError: it is not a whole number from 1 to `highest`.
    """
    text = request.args.get("limit")
    if text is None:
        return default
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= highest:
        message = f"limit is a whole number from 1 to {highest}."
        raise InvalidCommentError([InvalidFieldError("limit", "invalid", message, highest)])
    return int(text)


def idempotency_key() -> str | None:
    """Return the Idempotency-Key header, or None.

    Raises:
        InvalidCommentError: it is not 8 to 200 visible ASCII characters.
    """
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        message = "An Idempotency-Key has 8 to 200 visible ASCII characters."
        raise InvalidCommentError([InvalidFieldError("Idempotency-Key", "invalid", message, 200)])
    return key


def bearer_token() -> str | None:
    """Return the edit token of `Authorization: Bearer …`, or None."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def parse_parent(text: str | None) -> uuid.UUID | None:
    """Return the id of the comment that is answered.

    Raises:
        NotFoundError: it is not an id, so there is no such comment.
    """
    if text is None:
        return None
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFoundError("The comment that you answer is not here any more.") from error


def _expected(kind: Any) -> str:
    if kind in {str, str | None}:
        return "This must be text."
    return "This must be a list of 1 to 100 texts."


def _refuse(wrong: list[InvalidFieldError]) -> None:
    if wrong:
        raise InvalidCommentError(wrong)


def _has_surrogate(value: object) -> bool:
    if isinstance(value, list):
        return any(isinstance(item, str) and _has_surrogate(item) for item in value)
    return isinstance(value, str) and _SURROGATE.search(value) is not None


def _shown(key: str) -> str:
    """Return a key that a stranger chose, fit to stand in an answer."""
    return key[:64].encode("utf-8", "replace").decode()


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
