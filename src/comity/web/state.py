"""What belongs to one Flask application, and how a view finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import current_app, request

from comity.services.context import Context

EXTENSION: Final = "comity"


@dataclass(frozen=True, kw_only=True)
class WebState:
    """One application's Comity: the services' context, and where it is mounted."""

    context: Context
    is_standalone: bool
    url_prefix: str = ""


def state() -> WebState:
    """Return the state of the application that serves this request.

    Raises:
        RuntimeError: Comity was not set up on this application.
    """
    found = current_app.extensions.get(EXTENSION)
    if not isinstance(found, WebState):
        raise RuntimeError(  # noqa: TRY004 - the application is wrong, not a type
            "Comity is not set up on this application. Did you forget to call 'init_app', "
            "or to pass the application to 'Comity(app)'?"
        )
    return found


def context() -> Context:
    """Return the services' context of this application."""
    return state().context


def is_https() -> bool:
    """Whether this visitor reaches us by https: so the operator says, or the connection itself.

    A proxy's header is not asked: a host that trusts one has told Flask so already.
    """
    return context().settings.is_https or request.is_secure


def is_ours_over_https() -> bool:
    """Whether this is our own server, and the visitor reaches it by https."""
    return state().is_standalone and is_https()
