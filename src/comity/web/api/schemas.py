"""What the API sends and takes; the OpenAPI document is generated from these."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.text.fields import FIELDS

NameText = Annotated[str, Meta(max_length=FIELDS["name"].max_chars)]
SurnameText = Annotated[str, Meta(max_length=FIELDS["surname"].max_chars)]


class AuthorJson(Struct, kw_only=True):
    """Who wrote: text, not HTML. `website` only where the site asks for one and it was given."""

    name: str
    surname: str
    website: str | UnsetType = UNSET


class InReplyToJson(Struct, kw_only=True):
    """The parent of a reply whose parent is not directly above it here."""

    id: UUID
    name: str


class CommentJson(Struct, kw_only=True):
    """One comment, as any reader may see it: these fields and no others.

    `html` is the sanitised message. A deleted comment keeps its place while
    replies hang on it: then `is_deleted` is true, and author and html are empty.
    """

    id: UUID
    parent_id: UUID | None
    status: Literal["approved", "pending"]
    author: AuthorJson
    html: str
    created_at: datetime
    edited_at: datetime | None
    is_deleted: bool
    reply_count: int
    url: str
    in_reply_to: InReplyToJson | UnsetType = UNSET
    replies: list[CommentJson] = []


class ThreadJson(Struct, kw_only=True):
    """One page of a conversation; `next_cursor` is null on the last."""

    site: str
    page: str
    sort: Literal["oldest", "newest", "top"]
    comment_count: int
    is_closed: bool
    comments: list[CommentJson]
    next_cursor: str | None


class PostedJson(Struct, kw_only=True):
    """A posted or changed comment. `edit_token` is the author's alone: keep it as a secret."""

    comment: CommentJson
    edit_token: str
    editable_until: datetime


class SourceJson(Struct, kw_only=True):
    """A comment with its message as it was typed, for its author's edit form."""

    comment: CommentJson
    message: str


class FieldJson(Struct, kw_only=True):
    """One field of the form, with its limits in characters."""

    name: str
    label: str
    presence: Literal["required", "optional", "hidden"]
    min_length: int
    max_length: int


class FormJson(Struct, kw_only=True):
    """What a form needs before it can be sent.

    Send `token` back as `form_token`, and a key named `honeypot` with an empty string.
    """

    token: str
    honeypot: str
    expires_at: datetime
    fields: list[FieldJson]
    is_closed: bool


class PreviewJson(Struct, kw_only=True):
    """A message as it would be published."""

    html: str


class CountsJson(Struct, kw_only=True):
    """Page → comments that readers can see."""

    site: str
    counts: dict[str, int]


class FieldProblemJson(Struct, kw_only=True):
    """One bad field; `limit` is the number in the broken rule, in characters."""

    field: str
    code: str
    message: str
    limit: int | UnsetType = UNSET


class ProblemJson(Struct, kw_only=True, omit_defaults=True):
    """Problem details (RFC 9457). `code` is stable; `errors` names every bad field at once.

    `form` is a fresh form where the token of the one that was sent is spent:
    put its token and honeypot into the same body and send it again.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblemJson] = []
    incident: str | None = None
    form: FormJson | None = None


class PostCommentBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new comment, plus one key named by the form's `honeypot` with an empty string."""

    site: str
    page: str
    form_token: str
    message: str
    name: str = ""
    surname: str = ""
    email: str = ""
    website: str = ""
    parent_id: str | None = None


class EditCommentBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """A changed message."""

    message: str


class PreviewBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """A message to show as it would be published.

    With `site`, pages of that site's origins may read the answer.
    """

    message: str
    site: str | None = None


class CountsBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """The pages to count; 1 to 100."""

    site: str
    pages: Annotated[list[str], Meta(min_length=1, max_length=100)]
