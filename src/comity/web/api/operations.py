"""The table of the API's operations: what each takes, and every answer it can give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from comity.services.read_thread import DEFAULT_LIMIT, MAX_LIMIT

from . import schemas


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

PROBLEMS: Final = {
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
        problems=(*_JSON_BODY, 403, 404, 429),
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
