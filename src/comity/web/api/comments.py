"""Comments over JSON: read, post, change, delete, preview."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, url_for

from comity.errors import FormExpiredError, RequestError
from comity.model import Site
from comity.services.delete_comment import delete_comment
from comity.services.edit_comment import edit_comment
from comity.services.list_sites import get_site
from comity.services.permissions import Actor
from comity.services.post_comment import Evidence, Place, post_comment
from comity.services.preview_comment import preview_comment
from comity.services.read_thread import ReadComment, read_comment, read_thread
from comity.text.fields import FIELDS
from comity.text.stages import RawComment
from comity.web.security import cors
from comity.web.security.edit_token import actor_of
from comity.web.security.form_token import FormToken, read_form_token
from comity.web.security.honeypot import is_untouched
from comity.web.security.rate_limits import address_hash, count_cheap_act
from comity.web.state import context

from .blueprint import answer, api, concerns, renew_form
from .present import present_comment, present_form, present_posted
from .request_fields import (
    bearer_token,
    idempotency_key,
    json_body,
    parse_parent,
    read_body,
    refuse_unknown_query,
)
from .schemas import (
    EditCommentBody,
    PostCommentBody,
    PostedJson,
    PreviewBody,
    PreviewJson,
    SourceJson,
)


@api.post("/comments")
def create() -> Response:
    """Post a comment: 201 when it is published, 202 when it waits for approval."""
    refuse_unknown_query()
    raw = json_body()
    key = idempotency_key()
    site = _site_of(raw)
    token, expired = _read_token(raw, site)
    honeypot = {token.honeypot.name: raw.pop(token.honeypot.name, None)} if token else {}
    if token is None:
        _drop_unreadable_honeypot(raw)
    body = read_body(raw, PostCommentBody)
    if token is None:
        raise expired or FormExpiredError
    place = Place(site=body.site, page=body.page, parent_id=parse_parent(body.parent_id))
    evidence = Evidence(
        form_nonce=token.nonce,
        form_seconds=token.age_seconds,
        is_honeypot_untouched=is_untouched(token.honeypot, honeypot),
        address=address_hash(),
        idempotency_key=key,
    )
    comment = RawComment(**{name: getattr(body, name) for name in FIELDS})
    try:
        posted = post_comment(context(), place, comment, evidence)
    except FormExpiredError:
        _renew(site, body.page)
        raise
    response = answer(
        present_posted(context(), posted.comment, posted.site),
        201 if posted.comment.is_visible else 202,
    )
    response.headers["Location"] = url_for("comity_api.show", comment_id=posted.comment.id)
    return response


@api.get("/comments/<uuid:comment_id>")
def show(comment_id: uuid.UUID) -> Response:
    """Show one comment; to its author, by edit token, also while it waits, with its source."""
    refuse_unknown_query()
    actor = actor_of(context(), bearer_token())
    found = read_comment(context(), comment_id, actor)
    concerns(found.site)
    shown = present_comment(found.comment, actor)
    if actor.wrote == found.comment.id and found.comment.deleted_at is None:
        return answer(SourceJson(comment=shown, message=found.comment.message.plain))
    return answer(shown)


@api.patch("/comments/<uuid:comment_id>")
def update(comment_id: uuid.UUID) -> Response:
    """Change the message of one's own comment, by edit token, while the window is open."""
    refuse_unknown_query()
    actor, found = _own(comment_id)
    body = read_body(json_body(), EditCommentBody)
    comment = edit_comment(context(), actor, comment_id, body.message)
    posted: PostedJson = present_posted(context(), comment, found.site)
    return answer(posted)


@api.delete("/comments/<uuid:comment_id>")
def delete(comment_id: uuid.UUID) -> Response:
    """Delete one's own comment, by edit token, while the window is open."""
    refuse_unknown_query()
    actor, _ = _own(comment_id)
    delete_comment(context(), actor, comment_id)
    return Response(status=204)


@api.post("/preview")
def preview() -> Response:
    """Show a message as it would be published; nothing is stored."""
    refuse_unknown_query()
    raw = json_body()
    _site_of(raw)
    count_cheap_act("preview")
    body = read_body(raw, PreviewBody)
    return answer(PreviewJson(html=str(preview_comment(body.message))))


def _own(comment_id: uuid.UUID) -> tuple[Actor, ReadComment]:
    """Return who shows the edit token, and the comment that they want to change.

    The site comes first: a limit that is reached must be readable for its pages too.
    """
    actor = actor_of(context(), bearer_token())
    found = read_comment(context(), comment_id, actor)
    concerns(found.site)
    cors.refuse_unknown_origin(found.site)
    count_cheap_act("edit")
    return actor, found


def _site_of(raw: dict[str, Any]) -> Site | None:
    """Return the site that a body names, if it names one: known first, for CORS of any error."""
    key = raw.get("site")
    if not isinstance(key, str):
        return None
    site = get_site(context(), key)
    concerns(site)
    cors.refuse_unknown_origin(site)
    return site


def _read_token(
    raw: dict[str, Any], site: Site | None
) -> tuple[FormToken | None, RequestError | None]:
    token, page = raw.get("form_token"), raw.get("page")
    if site is None or not isinstance(token, str) or not isinstance(page, str):
        return None, None
    try:
        return read_form_token(context(), token, site.key, page), None
    except FormExpiredError as error:
        _renew(site, page)
        return None, error


def _renew(site: Site | None, page: str) -> None:
    if site is not None:
        thread = read_thread(context(), site.key, page, limit=1)
        renew_form(present_form(context(), site, page, is_closed=thread.is_closed))


def _drop_unreadable_honeypot(raw: dict[str, Any]) -> None:
    """Forget keys with an empty string that nobody knows: one is the honeypot of a lost form.

    Its name is in the token that we could not read; without this, an expired
    form would be answered by "unknown key" and not by a fresh form.
    """
    known = PostCommentBody.__struct_fields__
    for key in [key for key, value in raw.items() if value == "" and key not in known]:
        del raw[key]
