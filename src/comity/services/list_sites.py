"""Find sites, and the origins whose pages may write to them."""

from __future__ import annotations

from collections.abc import Sequence

from comity.errors import NotFoundError
from comity.model import Site
from comity.store import sites

from .context import Context


def list_sites(ctx: Context) -> Sequence[Site]:
    """Return every site, by key."""
    with ctx.database.reading() as session:
        return sites.all_sites(session)


def get_site(ctx: Context, key: str) -> Site:
    """Return the site called `key`.

    Raises:
        NotFoundError: there is none.
    """
    with ctx.database.reading() as session:
        site = sites.find(session, key)
    if site is None:
        raise NotFoundError(sites.NO_SUCH_SITE)
    return site


def all_origins(ctx: Context) -> set[str]:
    """Return the origins of all sites together, for a preflight, which names no site."""
    return {origin for site in list_sites(ctx) for origin in site.origins}
