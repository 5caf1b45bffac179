"""Start a server: prepare its instance, check what can be checked, run granian."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from granian import Granian
from granian.constants import Interfaces

from comity.adapters.instance_folder import (
    loose_permissions,
    open_instance,
    written_settings,
)
from comity.errors import ConfigurationError, UnavailableError
from comity.extension import DEFAULT_SITE, make_context
from comity.services.context import Context
from comity.services.list_sites import list_sites
from comity.services.manage_sites import add_site
from comity.services.readiness import readiness
from comity.services.render_again import render_again
from comity.settings import Settings
from comity.store import schema
from comity.store.engine import open_database

_EVERYWHERE: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognised in order to ask back
_DRAIN_SECONDS: Final = 10
_THREADS: Final = 4
"""Requests handled at the same time by a worker; the rest wait their turn."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An instance that can be served."""

    context: Context
    is_new: bool
    rendered_again: int


def prepare(*, create: bool = False) -> Prepared:
    """Open the instance, bring its database up to date, make the site `default` in an empty one.

    Raises:
        ConfigurationError: something must be set or repaired first.
    """
    settings = open_instance(create=create)
    database = open_database(settings.database_url)
    schema.upgrade(database)
    context = make_context(settings, database)
    is_new = not list_sites(context)
    if is_new:
        add_site(context, DEFAULT_SITE, "Comity")
    return Prepared(context=context, is_new=is_new, rendered_again=render_again(context))


def as_it_is() -> Context:
    """Return the context of the instance without changing anything in its database.

    Raises:
        ConfigurationError: a setting cannot be used.
    """
    settings = open_instance()
    return make_context(settings, open_database(settings.database_url))


def check_address(host: str, port: int) -> None:
    """Find out before the start whether the address can be had.

    Raises:
        ConfigurationError: it is taken, not ours, or not an address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise ConfigurationError(
            f"Cannot listen on {host} port {port}: {error.strerror or error}. "
            "Choose another with --port."
        ) from error


def default_public_url(host: str, port: int) -> None:
    """Take the listening address for the public one where the operator has set none.

    Given to the workers, which are processes of their own, by the environment.

    Raises:
        ConfigurationError: we listen everywhere, so we cannot know the name readers use.
    """
    if written_settings().get("public_url"):
        return
    if host in _EVERYWHERE:
        raise ConfigurationError(
            "Set COMITY_PUBLIC_URL to the address that readers use, as "
            "https://comments.example.org: requests for other hosts are refused."
        )
    shown = f"[{host}]" if ":" in host else host
    os.environ["COMITY_PUBLIC_URL"] = f"http://{shown}:{port}"


def run(host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; then finish the requests that have begun, and return."""
    Granian(
        "comity.app:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        workers_kill_timeout=_DRAIN_SECONDS,
        log_enabled=False,
    ).serve()


def findings(context: Context) -> list[tuple[bool, str]]:
    """Return what `comity doctor` says: whether it is well, and a sentence."""
    settings = context.settings
    said = [*_about_database(context), *_about_files(settings)]
    if settings.is_https:
        said.append(
            (True, f"public address: {settings.public_url}; cookies are __Host- and Secure")
        )
    else:
        said.append(_about_http(settings.public_url))
    return said


def _about_database(context: Context) -> list[tuple[bool, str]]:
    try:
        said = [(True, line) for line in readiness(context)]
    except UnavailableError:
        return [(False, "database: not of this version, or empty. Run 'comity db upgrade'.")]
    said.append((True, f"database version: {schema.current(context.database)}"))
    for site in list_sites(context):
        origins = ", ".join(site.origins) or "no origins: this server only"
        said.append((True, f"site {site.key}: {origins}"))
    return said


def _about_files(settings: Settings) -> list[tuple[bool, str]]:
    loose = loose_permissions(settings)
    if not loose:
        return [(True, "instance files: private")]
    return [(False, f"{path} can be read by others: chmod go= {path}") for path in loose]


def _about_http(url: str) -> tuple[bool, str]:
    is_local = urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}
    sentence = (
        f"public address: {url}, plain http: cookies are without Secure and __Host-. "
        "Set COMITY_PUBLIC_URL=https://… before readers come."
    )
    return is_local, sentence
