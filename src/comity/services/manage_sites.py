"""Add a site and change its owner's choices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError

from comity.errors import InvalidFieldError
from comity.model import Site
from comity.model.site import ModerationMode
from comity.store import sites
from comity.text.fields import Presence

from .context import Context
from .places import is_page

_LANGUAGE: Final = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8}){0,3}")
_MAX_EDIT_WINDOW: Final = 1440
_MAX_TITLE: Final = 200


def add_site(ctx: Context, key: str, title: str) -> Site:
    """Add a site called `key`: 1 to 63 of a-z, 0-9 and inner hyphens, for it appears in URLs.

    Raises:
        InvalidFieldError: the key or title does not fit, or the key is taken.
    """
    if not sites.KEY.fullmatch(key):
        raise InvalidFieldError(
            "key", "invalid", "A site's key has 1 to 63 of a-z, 0-9 and hyphens."
        )
    title = _title(title)
    try:
        with ctx.database.writing() as session:
            return sites.add(session, key, title, ctx.clock())
    except IntegrityError as error:
        raise InvalidFieldError(
            "key", "invalid", f"There is a site called {key} already."
        ) from error


def set_site(ctx: Context, key: str, choices: Mapping[str, str]) -> Site:
    """Change the site called `key`; `choices` is setting → value as an operator types it.

    Raises:
        NotFoundError: there is no such site.
        InvalidFieldError: an unknown setting, or a value that it cannot have.
    """
    parsed = {name: _parse(name, value) for name, value in choices.items()}
    with ctx.database.writing() as session:
        site = sites.get(session, key)
        for name, value in parsed.items():
            setattr(site, name, value)
    return site


def _parse(name: str, value: str) -> Any:
    parser = CHOICES.get(name)
    if parser is None:
        known = ", ".join(CHOICES)
        raise InvalidFieldError(name, "unknown", f"A site has no setting {name}. It has: {known}.")
    try:
        return parser(value)
    except ValueError as error:
        raise InvalidFieldError(name, "invalid", f"{name}: {error}.") from error


def _title(value: str) -> str:
    title = value.strip()
    if not title or len(title) > _MAX_TITLE or not title.isprintable():
        raise InvalidFieldError("title", "invalid", "A title has 1 to 200 printable characters.")
    return title


def _origins(value: str) -> list[str]:
    return [_origin(item.strip()) for item in value.split(",") if item.strip()]


def _origin(value: str) -> str:
    url = urlsplit(value)
    rest = (url.path, url.query, url.fragment, url.username)
    if url.scheme not in {"http", "https"} or not url.hostname or any(rest):
        raise ValueError("an origin looks like https://blog.example.org, without a path")
    # Exact strings are compared later, so keep the one spelling that browsers send (RFC 6454).
    default = {"http": 80, "https": 443}[url.scheme]
    port = f":{url.port}" if url.port and url.port != default else ""
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    return f"{url.scheme}://{host}{port}"


def _prefixes(value: str) -> list[str]:
    prefixes = [item.strip() for item in value.split(",") if item.strip()]
    if not all(map(is_page, prefixes)):
        raise ValueError("a page prefix begins with a slash, as /posts/")
    return prefixes


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError("a language looks like en or pt-BR (BCP 47)")
    return value


def _minutes(value: str) -> int:
    if not value.isdecimal() or int(value) > _MAX_EDIT_WINDOW:
        raise ValueError(f"minutes are 0 to {_MAX_EDIT_WINDOW}")
    return int(value)


def _choice(kind: type[Presence | ModerationMode], value: str) -> str:
    allowed = [str(choice) for choice in kind]
    if value not in allowed:
        raise ValueError(f"it is one of {', '.join(allowed)}")
    return value


CHOICES: Final[Mapping[str, Any]] = {
    "title": _title,
    "language": _language,
    "origins": _origins,
    "page_prefixes": _prefixes,
    "surname": lambda value: _choice(Presence, value),
    "email": lambda value: _choice(Presence, value),
    "website": lambda value: _choice(Presence, value),
    "moderation": lambda value: _choice(ModerationMode, value),
    "edit_window_minutes": _minutes,
}
"""Setting → parser. What is not here, nobody can set."""
