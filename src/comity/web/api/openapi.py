"""The OpenAPI 3.1 document: made from the schemas and this table of operations, never by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from comity import __version__
from comity.services.read_thread import DEFAULT_LIMIT, MAX_LIMIT

from . import schemas

_NAME: Final = "#/components/schemas/{name}"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path. `problems` are the statuses that are problem details."""

    path: str
    method: str
    summary: str
    description: str
    answers: Mapping[
        int, tuple[type[msgspec.Struct] | tuple[type[msgspec.Struct], ...] | None, str]
    ]
    problems: Sequence[int]
    parameters: Sequence[Mapping[str, Any]] = ()
    body: type[msgspec.Struct] | None = None
    is_authors: bool = False
    extra_body_keys: bool = field(default=False)


def _query(
    name: str, text: str, schema: Mapping[str, Any], *, required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": text,
        "schema": dict(schema),
    }


_SITE: Final = _query("site", "The site's key.", {"type": "string", "minLength": 1}, required=True)
_PAGE: Final = _query(
    "page",
    "The page that is commented on: its path, beginning with a slash, at most 512 characters.",
    {"type": "string", "minLength": 1, "maxLength": 512},
    required=True,
)
_ID: Final = {
    "name": "comment_id",
    "in": "path",
    "required": True,
    "description": "The comment's id (UUIDv7).",
    "schema": {"type": "string", "format": "uuid"},
}
_IDEMPOTENCY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key within 24 hours gives the first answer again, and posts once.",
    "schema": {"type": "string", "pattern": "^[!-~]{8,200}$"},
}

_PROBLEMS: Final = {
    400: "The request cannot be read.",
    403: "Not allowed: closed thread, foreign origin, somebody else's comment, or too late.",
    404: "No such site, page or comment, or not yours to see.",
    413: "The body is over 256 KiB; it was not read.",
    415: "The body is not `application/json`.",
    422: "Keys, parameters or fields are wrong; `errors` names them all. An expired or used form "
    "token brings a fresh `form`.",
    429: "Too many requests; `Retry-After` says when to come back.",
    503: "Not available at the moment; `Retry-After` says when to come back.",
}

_JSON_BODY: Final = (400, 413, 415, 422, 503)

OPERATIONS: Final[Sequence[Operation]] = (
    Operation(
        path="/comments",
        method="get",
        summary="Read a thread",
        description="One page of a conversation, replies nested beneath what they answer. A page "
        "that nobody has written under is an empty thread.",
        parameters=(
            _SITE,
            _PAGE,
            _query(
                "sort",
                "The order of the branches; replies stand in the order of their writing.",
                {"type": "string", "enum": ["oldest", "newest", "top"], "default": "oldest"},
            ),
            _query("cursor", "`next_cursor` of the page before.", {"type": "string"}),
            _query(
                "limit",
                "How many comments.",
                {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            ),
        ),
        answers={200: (schemas.ThreadJson, "A page of the thread.")},
        problems=(404, 422, 503),
    ),
    Operation(
        path="/comments",
        method="post",
        summary="Post a comment",
        description="Ask `GET /form` first. Send its `token` as `form_token` and one more key, "
        "named by its `honeypot`, with an empty string.",
        parameters=(_IDEMPOTENCY,),
        body=schemas.PostCommentBody,
        extra_body_keys=True,
        answers={
            201: (schemas.PostedJson, "Published."),
            202: (schemas.PostedJson, "Waiting for approval."),
        },
        problems=(*_JSON_BODY, 403, 404, 429),
    ),
    Operation(
        path="/comments/{comment_id}",
        method="get",
        summary="Read one comment",
        description="With the author's edit token also while it waits, and with its source.",
        parameters=(_ID,),
        answers={200: ((schemas.CommentJson, schemas.SourceJson), "The comment.")},
        problems=(404, 422, 503),
        is_authors=True,
    ),
    Operation(
        path="/comments/{comment_id}",
        method="patch",
        summary="Change one's own comment",
        description="By edit token, while the site's edit window is open.",
        parameters=(_ID,),
        body=schemas.EditCommentBody,
        answers={200: (schemas.PostedJson, "Changed.")},
        problems=(*_JSON_BODY, 403, 404, 429),
        is_authors=True,
    ),
    Operation(
        path="/comments/{comment_id}",
        method="delete",
        summary="Delete one's own comment",
        description="By edit token, while the site's edit window is open. Replies keep its place.",
        parameters=(_ID,),
        answers={204: (None, "Deleted.")},
        problems=(403, 404, 413, 422, 429, 503),
        is_authors=True,
    ),
    Operation(
        path="/form",
        method="get",
        summary="Get a form",
        description="A signed form token for one page, good for a day and for one comment.",
        parameters=(_SITE, _PAGE),
        answers={200: (schemas.FormJson, "A fresh form.")},
        problems=(404, 422, 503),
    ),
    Operation(
        path="/preview",
        method="post",
        summary="Preview a message",
        description="The message as it would be published. Nothing is stored.",
        body=schemas.PreviewBody,
        answers={200: (schemas.PreviewJson, "The message as HTML.")},
        problems=(*_JSON_BODY, 429),
    ),
    Operation(
        path="/counts",
        method="post",
        summary="Count comments",
        description="How many comments readers can see, for up to 100 pages of one site.",
        body=schemas.CountsBody,
        answers={200: (schemas.CountsJson, "A number for every page asked.")},
        problems=(*_JSON_BODY, 404),
    ),
)


def openapi_document(server_url: str) -> dict[str, Any]:
    """Return the document, with `server_url` as the address under which the paths stand."""
    shapes = [
        shape
        for shape in vars(schemas).values()
        if isinstance(shape, type)
        and issubclass(shape, msgspec.Struct)
        and shape is not msgspec.Struct
    ]
    _, components = msgspec.json.schema_components(shapes, ref_template=_NAME)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Comity",
            "version": __version__,
            "summary": "Comments for any page.",
            "description": "Errors are problem details (RFC 9457) naming every bad field at once.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server_url}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "editToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The `edit_token` that came with the posted comment.",
                }
            },
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{operation.method}_{operation.path.strip('/').split('/')[0]}"
        + ("_one" if "{" in operation.path else ""),
        "summary": operation.summary,
        "description": operation.description,
        "responses": _responses(operation),
    }
    if operation.parameters:
        described["parameters"] = list(operation.parameters)
    if operation.is_authors:
        described["security"] = [{}, {"editToken": []}]
    if operation.body is not None:
        schema: dict[str, Any] = _reference(operation.body)
        if operation.extra_body_keys:
            schema = _with_honeypot(operation.body)
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return described


def _with_honeypot(body: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the body's schema with the one key whose name changes from form to form."""
    _, components = msgspec.json.schema_components([body], ref_template=_NAME)
    schema = dict(components[body.__name__])
    schema["patternProperties"] = {"^[a-z]+_[0-9a-f]{6}$": {"const": ""}}
    return schema


def _responses(operation: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, (shape, text) in operation.answers.items():
        responses[str(status)] = {"description": text}
        if shape is not None:
            responses[str(status)]["content"] = {"application/json": {"schema": _reference(shape)}}
    for status in sorted(operation.problems):
        responses[str(status)] = {
            "description": _PROBLEMS[status],
            "content": {"application/problem+json": {"schema": _reference(schemas.ProblemJson)}},
        }
    return responses


def _reference(shape: type[msgspec.Struct] | tuple[type[msgspec.Struct], ...]) -> dict[str, Any]:
    if isinstance(shape, tuple):
        return {"anyOf": [_reference(one) for one in shape]}
    return {"$ref": _NAME.format(name=shape.__name__)}
