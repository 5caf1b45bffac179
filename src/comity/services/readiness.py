"""Say whether this process can do its work, and what works only in part."""

from __future__ import annotations

from comity.errors import UnavailableError
from comity.store import schema

from .context import Context


def readiness(ctx: Context) -> list[str]:
    """Return one line for each thing we depend on.

    Raises:
        UnavailableError: the database does not answer, or is not of this version.
    """
    with ctx.database.reading() as session:
        if schema.current_of(session.connection()) != schema.newest():
            raise UnavailableError
    limits = "shared" if ctx.limiter.is_shared() else "this process only"
    return ["database: ok", f"rate limits: {limits}"]
