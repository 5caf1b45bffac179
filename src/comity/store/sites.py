"""Queries about sites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.errors import NotFoundError
from comity.model import Site

KEY: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""1 to 63 of a-z, 0-9 and inner hyphens, for it stands in addresses."""

NO_SUCH_SITE: Final = "There is no site of this name here."


def get(session: Session, key: str) -> Site:
    """Return the site called `key`.

    Raises:
        NotFoundError: there is none.
    """
    site = find(session, key)
    if site is None:
        raise NotFoundError(NO_SUCH_SITE)
    return site


def get_by_id(session: Session, site_id: int) -> Site:
    """Return the site that a row of ours points to."""
    return session.get_one(Site, site_id)


def find(session: Session, key: str) -> Site | None:
    """Return the site called `key`, or None. A text that no site can be called is not asked for."""
    if not KEY.fullmatch(key):
        return None
    return session.scalars(select(Site).where(Site.key == key)).one_or_none()


def all_sites(session: Session) -> Sequence[Site]:
    """Return every site, by key. A server keeps tens of them, so there is no paging."""
    return session.scalars(select(Site).order_by(Site.key)).all()


def add(session: Session, key: str, title: str, now: datetime) -> Site:
    """Add a site with the defaults of its table."""
    site = Site(key=key, title=title, created_at=now)
    session.add(site)
    session.flush()
    return site
