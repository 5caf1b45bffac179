"""The server's own Flask application."""

from __future__ import annotations

import logging
import time
from typing import Final

from flask import Flask, Response, g, request

from comity.adapters.instance_folder import open_instance
from comity.adapters.logs import configure_logs
from comity.extension import make_context, mount
from comity.services.context import Context
from comity.store.engine import open_database
from comity.web.api.blueprint import problem_response
from comity.web.errors import problem_for
from comity.web.log import log
from comity.web.public.message_page import message_page
from comity.web.public.server_pages import server_pages
from comity.web.security.body_size import MAX_BODY_BYTES, MAX_FORM_PARTS
from comity.web.security.headers import protect
from comity.web.state import WebState, is_ours_over_https

_BAD_REQUEST: Final = 400
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class WholeName(str):
    """A host name that Werkzeug compares whole: it cuts at a colon, and [::1] has three."""

    __slots__ = ()

    def partition(self, sep: str, /) -> tuple[str, str, str]:
        """Return everything as the part before `sep`."""
        return super().partition(sep) if not self.startswith("[") else (str(self), "", "")


def create_app() -> Flask:
    """Return the application for the settings of environment and instance folder; for WSGI servers.

    Raises:
        ConfigurationError: something must be set first.
    """
    settings = open_instance()
    configure_logs(settings.log_level)
    return build_app(make_context(settings, open_database(settings.database_url)))


def build_app(context: Context) -> Flask:
    """Return the application around `context`, whose database is up to date already."""
    settings = context.settings
    app = Flask("comity", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        TRUSTED_HOSTS=[WholeName(host) for host in settings.hosts],
    )
    mount(app, WebState(context=context, is_standalone=True))
    app.register_blueprint(server_pages)
    app.register_error_handler(Exception, _show_error)
    app.before_request(_start)

    @app.after_request
    def finish(response: Response) -> Response:
        if "Content-Security-Policy" not in response.headers:  # no blueprint has seen it
            protect(response, is_ours_over_https=is_ours_over_https())
        _log_request(response)
        return response

    return app


def _show_error(error: Exception) -> Response:
    """Answer what no blueprint could: unknown addresses, wrong methods, wrong hosts."""
    problem = problem_for(error)
    if request.path.startswith("/api/"):
        return problem_response(problem)
    if problem.status == _BAD_REQUEST:
        # The host itself may be what is wrong, so no address is built from it (CWE-644).
        return Response(f"{problem.detail}\n", _BAD_REQUEST, mimetype="text/plain")
    return message_page(problem)


def _start() -> None:
    g.comity_started = time.perf_counter()


def _log_request(response: Response) -> None:
    now = time.perf_counter()
    log(
        logging.INFO,
        "request",
        method=request.method if request.method in _METHODS else "other",
        # The route, not the path: a path is a stranger's text, and can name a private page.
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        ms=round((now - g.get("comity_started", now)) * 1000, 1),
    )
