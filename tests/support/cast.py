"""The cast and what it does: Alice and Bob write, Mallory attacks, Mo moderates."""

from __future__ import annotations

import dataclasses
import itertools
import uuid
from datetime import datetime
from typing import Any

from comity.adapters.memory_limiter import MemoryLimiter
from comity.adapters.tokens import SignedTokens
from comity.model import Comment, Site
from comity.services.context import Context
from comity.services.permissions import Actor
from comity.services.post_comment import Evidence, Place, Posted, post_comment
from comity.settings import Settings
from comity.store import comments
from comity.store.engine import Database
from comity.text.stages import RawComment

from .clock import Clock

SITE, PAGE = "blog", "/hello"
"""The site that the fixture `context` has, and the page where the cast writes."""

ALICE = RawComment(
    name="Alice", surname="Archer", email="alice@example.org", message="Good morning."
)
BOB = RawComment(name="Bob", surname="Baker", email="bob@example.org", message="I agree.")
MALLORY = RawComment(
    name="Mallory", surname="Malone", email="mallory@example.net", message="Buy <b>now</b>!"
)

_numbers = itertools.count(1)


def make_context(settings: Settings, database: Database, clock: Clock) -> Context:
    """Return what one process of the server would have: real parts, but the clock."""
    return Context(
        settings=settings,
        database=database,
        limiter=MemoryLimiter(),
        tokens=SignedTokens(settings.secret_key, settings.secret_key_fallbacks),
        clock=clock,
    )


def unlimited(ctx: Context) -> Context:
    """Return `ctx` with rate limits that no test reaches."""
    limits: dict[str, Any] = {
        field.name: 1_000_000
        for field in dataclasses.fields(Settings)
        if field.name.startswith("posts_per_")
    }
    return dataclasses.replace(ctx, settings=dataclasses.replace(ctx.settings, **limits))


def write(by: RawComment = ALICE, **changes: str) -> RawComment:
    """Return what `by` sends, with some fields changed: `write(BOB, message="No.")`."""
    return dataclasses.replace(by, **changes)


def evidence(**changes: Any) -> Evidence:
    """Return what an honest form shows: never the same form, never the same address."""
    number = next(_numbers)
    honest: dict[str, Any] = {
        "form_nonce": f"nonce-{number}",
        "form_seconds": 30.0,
        "is_honeypot_untouched": True,
        "address": number.to_bytes(32, "big"),
    }
    return Evidence(**{**honest, **changes})


def post(
    ctx: Context,
    message: str | None = None,
    *,
    by: RawComment = ALICE,
    parent: Comment | uuid.UUID | None = None,
    site: str = SITE,
    page: str = PAGE,
    **changes: Any,
) -> Comment:
    """Post as `by` through the service and return the stored comment.

    `changes` are of the evidence: `form_seconds=0.1` has it held,
    `is_honeypot_untouched=False` has it marked as spam.
    """
    raw = by if message is None else write(by, message=message)
    return send(ctx, raw, parent=parent, site=site, page=page, **changes).comment


def send(
    ctx: Context,
    raw: RawComment = ALICE,
    *,
    parent: Comment | uuid.UUID | None = None,
    site: str = SITE,
    page: str = PAGE,
    **changes: Any,
) -> Posted:
    """Post `raw` and return the service's whole answer."""
    parent_id = parent.id if isinstance(parent, Comment) else parent
    place = Place(site=site, page=page, parent_id=parent_id)
    return post_comment(ctx, place, raw, evidence(**changes))


def author_of(comment: Comment, until: datetime | None = None) -> Actor:
    """Return the actor who shows the edit token of `comment`; without `until` it is too late."""
    return Actor(name="author", wrote=comment.id, edits_until=until)


def mo(*sites: Site) -> Actor:
    """Return Mo, who moderates `sites`."""
    return Actor(name="moderator:mo", moderates=frozenset(site.id for site in sites))


def stored(database: Database, comment_id: uuid.UUID) -> Comment:
    """Return the comment as the database has it now."""
    with database.reading() as session:
        return comments.get(session, comment_id)
