"""How much one address, one mailbox, one page, and all together may post."""

from __future__ import annotations

from datetime import timedelta

from comity.model import Site
from comity.text.stages import NewComment

from .context import Context, Limit


def count_address(ctx: Context, address: bytes) -> None:
    """Count one attempt of this address, before any of its words are read.

    Raises:
        RateLimitedError: it has had its share of this minute.
    """
    limit = Limit(name="address", count=ctx.settings.posts_per_minute, per=timedelta(minutes=1))
    ctx.limiter.hit(limit, address.hex())


def count_place(ctx: Context, site: Site, page: str, new: NewComment) -> None:
    """Count what would be stored, by who signs it and where it goes.

    Separate buckets: one on the pair would let a botnet through (OWASP,
    Bot Management and Anti-Automation).

    Raises:
        RateLimitedError: one of the limits is reached; `policy` says which.
    """
    knobs, minute = ctx.settings, timedelta(minutes=1)
    if new.email:
        mailbox = ctx.tokens.digest("limit-email", new.email.plain.casefold()).hex()
        ctx.limiter.hit(
            Limit(name="email", count=knobs.posts_per_hour_email, per=timedelta(hours=1)), mailbox
        )
    thread = ctx.tokens.digest("limit-thread", site.key, page).hex()
    ctx.limiter.hit(Limit(name="thread", count=knobs.posts_per_minute_thread, per=minute), thread)
    ctx.limiter.hit(Limit(name="total", count=knobs.posts_per_minute_total, per=minute), "all")
