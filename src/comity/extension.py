"""The Flask extension: plugs things together, decides nothing."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy import Engine

from comity.adapters.memory_limiter import MemoryLimiter
from comity.adapters.tokens import SignedTokens
from comity.errors import ConfigurationError
from comity.services.context import Context, Limiter
from comity.services.list_sites import list_sites
from comity.services.manage_sites import add_site
from comity.settings import PREFIX, Settings, check_secret, from_mapping
from comity.store import schema
from comity.store.engine import Database, open_database
from comity.web.api import comments as _api_comments
from comity.web.api import threads as _api_threads
from comity.web.api.blueprint import api
from comity.web.api.docs import docs
from comity.web.public import embed, own_comment, permalinks, without_script
from comity.web.public.blueprint import pages
from comity.web.public.section import comity_comments
from comity.web.state import EXTENSION, WebState

DEFAULT_SITE: Final = "default"

# Importing them puts their routes on the blueprints.
_ROUTES: Final = (_api_comments, _api_threads, embed, own_comment, permalinks, without_script)


class Comity:
    """Comments in a Flask application, under a prefix of its own.

        app = Flask(__name__)
        app.config["COMITY_SECRET_KEY"] = "…"
        Comity(app, url_prefix="/comity")

    Then `{{ comity_comments("/posts/hello") }}` in any template of the host.

    Settings are `app.config["COMITY_…"]`, as in `comity.settings`. Without
    `COMITY_SECRET_KEY` one is derived from the application's `SECRET_KEY`.
    Without `engine` and `COMITY_DATABASE_URL` the comments are in a SQLite file
    in the application's instance folder; `engine` puts them into the host's own
    database, in tables that begin with `comity_`.

    Nothing of the host changes: its headers, cookies, session, database and
    templates stay its own. Nothing is kept on this object either, so one of
    them serves any number of applications.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        url_prefix: str = "/comity",
        engine: Engine | None = None,
    ) -> None:
        if app is not None:
            self.init_app(app, url_prefix=url_prefix, engine=engine)

    def init_app(
        self, app: Flask, *, url_prefix: str = "/comity", engine: Engine | None = None
    ) -> None:
        """Set Comity up on `app`.

        Raises:
            ConfigurationError: a setting is missing, unknown or cannot be used.
        """
        settings = _settings_of(app)
        database = Database(engine) if engine is not None else _own_database(app, settings)
        schema.upgrade(database)
        context = make_context(settings, database)
        if not list_sites(context):
            add_site(context, DEFAULT_SITE, app.name)
        mount(app, WebState(context=context, is_standalone=False, url_prefix=url_prefix))


def make_context(settings: Settings, database: Database) -> Context:
    """Return the services' context for these settings."""
    return Context(
        settings=settings,
        database=database,
        limiter=_limiter(settings),
        tokens=SignedTokens(settings.secret_key, settings.secret_key_fallbacks),
        clock=lambda: datetime.now(UTC),
    )


def mount(app: Flask, web: WebState) -> None:
    """Put our blueprints on `app` under the prefix, and our one global into its templates.

    Raises:
        ConfigurationError: Comity is on this application already, or the prefix is not one.
    """
    prefix = web.url_prefix
    if EXTENSION in app.extensions:
        raise ConfigurationError("Comity is already set up on this application.")
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        raise ConfigurationError(
            "url_prefix begins with a slash and does not end with one: /comity"
        )
    app.extensions[EXTENSION] = web
    app.register_blueprint(pages, url_prefix=prefix or None)
    app.register_blueprint(api, url_prefix=f"{prefix}/api/v1")
    app.register_blueprint(docs, url_prefix=f"{prefix}/api")
    app.jinja_env.globals["comity_comments"] = comity_comments


def _limiter(settings: Settings) -> Limiter:
    if not settings.valkey_url:
        return MemoryLimiter()
    from comity.adapters.valkey_limiter import ValkeyLimiter  # noqa: PLC0415 - an optional extra

    return ValkeyLimiter(settings.valkey_url)


def _settings_of(app: Flask) -> Settings:
    values: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in app.config.items()
        if name.startswith(PREFIX)
    }
    if not values.get("secret_key") and app.secret_key:
        # Derived, so that what we sign proves nothing in the host, and the other way round.
        host_key = app.secret_key if isinstance(app.secret_key, bytes) else app.secret_key.encode()
        check_secret(host_key.decode("latin-1"), "SECRET_KEY")
        values["secret_key"] = hmac.new(host_key, b"comity.secret.v1", hashlib.sha256).hexdigest()
    return from_mapping(values)


def _own_database(app: Flask, settings: Settings) -> Database:
    if settings.database_url:
        return open_database(settings.database_url)
    folder = Path(app.instance_path)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {folder} cannot be made: {error.strerror}. Set COMITY_DATABASE_URL."
        ) from error
    return open_database(f"sqlite:///{folder / 'comity.sqlite3'}")
