"""Take a stranger's comment from raw to stored: the whole road, in one place."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from comity.errors import RequestError
from comity.model import Comment, Site, Status
from comity.model.site import ModerationMode
from comity.screening.checks import Facts, screen
from comity.screening.verdict import Decision, Verdict
from comity.store import comments, threads
from comity.text.render import render
from comity.text.safe_text import SafeHtml
from comity.text.sanitize import sanitize_comment
from comity.text.stages import NewComment, RawComment
from comity.text.validate import validate_comment

from .context import Context
from .places import get_site_and_page, site_rules
from .post_limits import count_address, count_place
from .post_receipts import body_digest, first_answer, keep_receipts, receipt_keys


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the front door found out about the form, before anybody read the words.

    `form_nonce` is the signed token's own random part; `address` the keyed
    hash of the sender's address prefix, never the address.
    """

    form_nonce: str
    form_seconds: float
    is_honeypot_untouched: bool
    address: bytes
    idempotency_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the comment is meant to go."""

    site: str
    page: str
    parent_id: uuid.UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Posted:
    """The stored comment and its site; `is_first_time` is False for the answer to a retry."""

    comment: Comment
    site: Site
    page: str
    is_first_time: bool


def post_comment(ctx: Context, place: Place, raw: RawComment, evidence: Evidence) -> Posted:
    """Take `raw` from a stranger to a stored comment.

    The screen holds or marks, it never refuses: a spammer sees what a held
    author sees. Everything that costs time happens before the transaction.

    Raises:
        RateLimitedError: too many comments from this address or e-mail, on this page, or in all.
        NotFoundError: no such site or page, or the parent is not there.
        InvalidCommentError: with every bad field.
        ThreadClosedError: the page takes no more comments.
        FormReplayedError: this form has posted another comment already.
        IdempotencyKeyReusedError: this key has posted another comment already.
    """
    count_address(ctx, evidence.address)
    with ctx.database.reading() as session:
        site = get_site_and_page(session, place.site, place.page)
    clean = sanitize_comment(raw)
    new = validate_comment(clean, site_rules(site))
    ready = _Ready(
        place=place,
        site=site,
        new=new,
        html=render(new.message),
        verdict=screen(_facts(site, evidence)),
        address=evidence.address,
        keys=receipt_keys(ctx, site, evidence.form_nonce, evidence.idempotency_key),
        body=body_digest(ctx, new, place.site, place.page, str(place.parent_id)),
    )
    count_place(ctx, site, place.page, new)
    try:
        return _store(ctx, ready)
    except IntegrityError:
        # The same key has posted on another page at this very moment. Now its receipt can be read.
        return _store(ctx, ready)


@dataclass(frozen=True, kw_only=True)
class _Ready:
    """All that is known of a comment before its transaction."""

    place: Place
    site: Site
    new: NewComment
    html: SafeHtml
    verdict: Verdict
    address: bytes
    keys: Mapping[bytes, type[RequestError]]
    body: bytes


def _store(ctx: Context, ready: _Ready) -> Posted:
    site, page, parent_id = ready.site, ready.place.page, ready.place.parent_id
    now = ctx.clock()
    with ctx.database.writing() as session:
        # The lock first: of two tries with one key, the second waits here for the first's answer.
        thread = threads.get_or_add(session, site, page, now)
        if first := first_answer(session, ready.keys, ready.body, now):
            return Posted(comment=first, site=site, page=page, is_first_time=False)
        threads.require_open(thread)
        comment = comments.add(
            session,
            thread,
            ready.new,
            ready.html,
            _status_for(ready.verdict.decision),
            comment_id=uuid7(),
            parent=threads.get_parent(session, thread, parent_id) if parent_id else None,
            address=ready.address,
            author_hash=author_hash(ctx, site, ready.new),
            actor=_actor(ready.verdict),
            reason=" ".join(reason.words for reason in ready.verdict.reasons),
            now=now,
        )
        keep_receipts(session, ready.keys, ready.body, comment, now)
    return Posted(comment=comment, site=site, page=page, is_first_time=True)


def author_hash(ctx: Context, site: Site, new: NewComment) -> bytes:
    """Return the same 8 bytes for the same person on the same site; they lead back to nobody."""
    who = new.email.plain.casefold() or f"{new.name.plain} {new.surname.plain}".casefold()
    return ctx.tokens.digest("author", site.key, who)[:8]


def _facts(site: Site, evidence: Evidence) -> Facts:
    return Facts(
        is_honeypot_untouched=evidence.is_honeypot_untouched,
        form_seconds=evidence.form_seconds,
        holds_everything=site.moderation == ModerationMode.HOLD,
    )


def _status_for(decision: Decision) -> Status:
    match decision:
        case Decision.APPROVE:
            return Status.APPROVED
        case Decision.HOLD:
            return Status.PENDING
        case Decision.SPAM:
            return Status.SPAM
    assert_never(decision)


def _actor(verdict: Verdict) -> str:
    return f"rule:{verdict.reasons[0].rule}" if verdict.reasons else "author"
