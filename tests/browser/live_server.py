"""`comity serve` as its own process on a temporary instance; for tests, audit and benchmarks."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from comity.adapters.instance_folder import open_instance
from comity.extension import make_context
from comity.services.context import Context
from comity.services.manage_sites import add_site
from comity.store import schema
from comity.store.engine import open_database

COMITY: Final = Path(sys.executable).with_name("comity")
START_SECONDS: Final = 60

GENEROUS: Final = {
    f"COMITY_{name}": "1000000"
    for name in (
        "POSTS_PER_MINUTE",
        "POSTS_PER_MINUTE_THREAD",
        "POSTS_PER_MINUTE_TOTAL",
        "POSTS_PER_HOUR_EMAIL",
    )
}
"""Rate limits that no test reaches; what they do has tests of its own."""


@dataclass(frozen=True, kw_only=True)
class LiveServer:
    """A server that answers: its address, its folder, and what it has written to its log."""

    url: str
    instance: Path
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Return status, headers and body of one GET. No proxy, no redirect is followed."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


@contextmanager
def serving(
    folder: Path, prepare: Callable[[Context], None] | None = None, **environment: str
) -> Iterator[LiveServer]:
    """Serve a new instance in `folder` on a free port until the block ends.

    `prepare` may fill the database first, through the services. Settings of
    the environment that runs us do not reach the server.
    """
    instance = folder / "instance"
    ours = {"COMITY_INSTANCE": str(instance), "COMITY_LOG_LEVEL": "warning", **GENEROUS}
    ours |= environment
    _make_instance(ours, prepare)
    port = free_port()
    server = LiveServer(
        url=f"http://127.0.0.1:{port}", instance=instance, log=folder / "server.log"
    )
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            [str(COMITY), "serve", "--port", str(port)],
            env=_foreign_environment() | ours,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _foreign_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}


def _make_instance(ours: dict[str, str], prepare: Callable[[Context], None] | None) -> None:
    settings = open_instance(ours, create=True)
    database = open_database(settings.database_url)
    try:
        schema.upgrade(database)
        ctx = make_context(settings, database)
        add_site(ctx, "default", "Comity")
        if prepare is not None:
            prepare(ctx)
    finally:
        database.engine.dispose()


def _wait(server: LiveServer, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            status, _, _ = server.get("/healthz")
        except OSError:
            time.sleep(0.05)
            continue
        if status == http.HTTPStatus.OK:
            return
    said = server.log.read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"comity serve did not start:\n{said}")
