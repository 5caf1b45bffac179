"""The same application, browser and program as in `tests/web`."""

from __future__ import annotations

from web.conftest import alice, api, app, backend, bob, client

__all__ = ["alice", "api", "app", "backend", "bob", "client"]
