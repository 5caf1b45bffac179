"""The command `comity` as an operator runs it: another process, an empty folder, a clean shell."""

from __future__ import annotations

import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from email.message import Message
from pathlib import Path
from typing import Any
from unittest import mock

from comity import cli
from comity.store.engine import Database, open_database

COMITY = Path(sys.executable).with_name("comity")
HOST = "127.0.0.1"
_PATIENCE_SECONDS = 60


def environment(**settings: str) -> dict[str, str]:
    """This process's environment without anything of ours, but with `settings`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    return clean | settings


def comity(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command in `folder` to its end."""
    return subprocess.run(
        [COMITY, *words],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )


def comity_here(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command in this very process, for a second that Python needs to start is long."""
    opened: list[Database] = []

    def open_and_remember(url: str) -> Database:
        opened.append(open_database(url))
        return opened[-1]

    output, errors, status = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict(os.environ, environment(**settings), clear=True),
        mock.patch.object(sys, "argv", ["comity", *words]),
        mock.patch("comity.serving.open_database", open_and_remember),
        chdir(folder),
        redirect_stdout(output),
        redirect_stderr(errors),
    ):
        try:
            cli.main()
        except SystemExit as ended:
            status = int(str(ended.code))
    for database in opened:
        database.engine.dispose()
    return subprocess.CompletedProcess(words, status, output.getvalue(), errors.getvalue())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A running `comity serve`."""

    def __init__(self, folder: Path, port: int, *words: str, **settings: str) -> None:
        self.port = port
        self.log = folder / f"log-{port}"
        self.words = folder / f"words-{port}"
        with self.log.open("wb") as errors, self.words.open("wb") as output:
            self.process = subprocess.Popen(
                [COMITY, "serve", "--port", str(port), *words],
                cwd=folder,
                env=environment(**settings),
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )
        self._wait()

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Message, bytes]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_PATIENCE_SECONDS)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            named.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def form(self, page: str = "/hello") -> dict[str, Any]:
        """Return a body that can be posted at once; it will be held, for nobody is so fast."""
        status, _, answer = self.ask("GET", f"/api/v1/form?site=default&page={page}")
        assert status == 200, answer
        form = json.loads(answer)
        return {
            "site": "default",
            "page": page,
            "form_token": form["token"],
            form["honeypot"]: "",
            "name": "Alice",
            "surname": "Archer",
            "email": "alice@example.org",
            "message": "Good morning.",
        }

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_PATIENCE_SECONDS)

    def kill(self) -> None:
        """End the server and its workers in the middle of whatever they do."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(_PATIENCE_SECONDS)

    def _wait(self) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()
            with suppress(OSError):
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            time.sleep(0.05)  # another process starts: there is nothing to advance
        raise AssertionError(self.log.read_text())


@contextmanager
def serving(folder: Path, *words: str, **settings: str) -> Iterator[Server]:
    server = Server(folder, free_port(), *words, **settings)
    try:
        yield server
    finally:
        server.kill()
