"""What a server of its own has besides comments: the front page, health, and security.txt."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Final

from flask import Blueprint, Response

from comity.errors import UnavailableError
from comity.services.readiness import readiness
from comity.web.state import context

from .blueprint import after_page, before_page, show_error
from .demo import demo

server_pages: Final = Blueprint("comity_server", "comity")
server_pages.before_request(before_page)
server_pages.after_request(after_page)
server_pages.register_error_handler(Exception, show_error)
server_pages.add_url_rule("/", "demo", demo)

_SECURITY_TXT_DAYS: Final = 180


@server_pages.get("/healthz")
def healthz() -> Response:
    """Say that the process answers; asks nothing of the database."""
    return Response("ok\n", mimetype="text/plain")


@server_pages.get("/readyz")
def readyz() -> Response:
    """Say whether requests can be served: 200, or 503 while the database is away."""
    try:
        lines = readiness(context())
    except UnavailableError:
        return Response("database: unavailable\n", 503, mimetype="text/plain")
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")


@server_pages.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Say whom to tell about a weakness (RFC 9116). `Expires` moves along, as it must."""
    settings = context().settings
    expires = context().clock().astimezone(UTC) + timedelta(days=_SECURITY_TXT_DAYS)
    lines = [
        f"Contact: {settings.security_contact or settings.public_url}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {settings.public_url}/.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
