"""Whom a limit counts: a hash of the address prefix that nobody can turn back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import request

from comity.services.context import Limit
from comity.web.state import context

from .client_address import address_prefix, client_address

_CHEAP_PER_MINUTE: Final = 12
"""Previews and changes allowed for one comment allowed: they cost a rendering, not a row."""


def address_hash() -> bytes:
    """Return 32 bytes for this client's address prefix, today.

    Keyed, so that it cannot be found by trying all addresses; the date is in
    it, so that yesterday's rows cannot be linked to today's.
    """
    ctx = context()
    prefix = address_prefix(client_address(request, ctx.settings.trusted_proxies))
    return ctx.tokens.digest("address", ctx.clock().date().isoformat(), prefix)


def count_cheap_act(name: str) -> None:
    """Count an act that stores no comment but costs work: a preview, a change.

    Raises:
        RateLimitedError: this address has had its share of this minute.
    """
    ctx = context()
    per_minute = ctx.settings.posts_per_minute * _CHEAP_PER_MINUTE
    limit = Limit(name=name, count=per_minute, per=timedelta(minutes=1))
    ctx.limiter.hit(limit, address_hash().hex())
