"""Close a conversation, or open it again."""

from __future__ import annotations

from comity.model import Thread
from comity.store import threads

from .context import Context
from .places import get_site_and_page


def close_thread(ctx: Context, site_key: str, page: str, *, is_closed: bool = True) -> Thread:
    """Set whether the page takes comments. A page nobody has written under can be closed too.

    Raises:
        NotFoundError: no such site, or the site has no such page.
    """
    now = ctx.clock()
    with ctx.database.writing() as session:
        site = get_site_and_page(session, site_key, page)
        thread = threads.get_or_add(session, site, page, now)
        thread.closed_at = now if is_closed else None
    return thread
