"""`comity serve` as a process: its first run, its end, and what survives a sudden one."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from web.processes import HOST, Server, comity, comity_here, free_port, serving

EVERYWHERE = "0.0.0.0"  # noqa: S104 - to be refused
pytestmark = pytest.mark.allow_hosts([HOST])


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_first_run_makes_a_private_instance_and_says_where_it_is(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        words = server.words.read_text()
        assert f"New instance in {tmp_path / 'instance'}" in words
        assert f"Comity is at http://127.0.0.1:{server.port}/" in words
        instance = tmp_path / "instance"
        assert mode(instance) == 0o700
        files = {path.name: mode(path) for path in instance.iterdir()}
        assert {"secret_key", "comity.sqlite3"} <= set(files)
        assert set(files.values()) == {0o600}
        status, headers, page = server.ask("GET", "/")
        assert (status, b"Try the form" in page) == (200, True)
        assert "granian" not in headers.as_string().lower()
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert server.ask("GET", "/readyz")[0] == 200
        assert server.ask("GET", "/", Host="evil.example")[0] == 400
        assert server.stop() == 0
        assert server.words.read_text().endswith("Stopped.\n")

    with serving(tmp_path) as again:
        assert "New instance" not in again.words.read_text()


def test_the_log_is_json_and_holds_nobodys_words(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert server.ask("POST", "/api/v1/comments", server.form("/a-private-page"))[0] == 202
        server.ask("GET", "/alice@example.org?token=secret", User_Agent="alice@example.org")
        assert server.stop() == 0
        entries = [json.loads(line) for line in server.log.read_text().splitlines()]
        assert [entry["status"] for entry in entries if entry["event"] == "request"][-2:] == [
            202,
            404,
        ]
        for word in ("alice", "private-page", "secret", "127.0.0.1", "Good morning"):
            assert word not in server.log.read_text()


def test_a_request_that_has_begun_is_finished_before_the_end(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        body = json.dumps(server.form()).encode()
        with socket.create_connection((HOST, server.port), timeout=30) as connection:
            head = (
                f"POST /api/v1/comments HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                "Connection: close\r\n\r\n"
            )
            connection.sendall(head.encode() + body[:10])
            server.ask("GET", "/healthz")  # by now the other request has begun
            server.process.terminate()
            connection.settimeout(1)
            with pytest.raises(TimeoutError):
                connection.recv(1)
            connection.settimeout(30)
            connection.sendall(body[10:])
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        assert answer.startswith(b"HTTP/1.1 202"), answer
        assert server.process.wait(30) == 0
    listed = comity_here(tmp_path, "comment", "list", "default")
    assert "Alice Archer: Good morning." in listed.stdout


def test_an_acknowledged_comment_survives_a_sudden_end(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        ids = []
        for number in range(3):
            body = server.form() | {"message": f"Number {number}"}
            status, _, answer = server.ask("POST", "/api/v1/comments", body)
            assert status == 202
            ids.append(json.loads(answer)["comment"]["id"])
        server.kill()

    with serving(tmp_path) as again:
        assert comity_here(tmp_path, "comment", "decide", "approve", *ids).stdout == "approve: 3\n"
        _, _, answer = again.ask("GET", "/api/v1/comments?site=default&page=/hello")
        assert [one["id"] for one in json.loads(answer)["comments"]] == ids


def test_a_body_without_a_length_is_read_and_limited(tmp_path: Path) -> None:
    def chunked(server: Server, body: bytes) -> bytes:
        with socket.create_connection((HOST, server.port), timeout=30) as connection:
            connection.sendall(
                f"POST /api/v1/preview HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                f"Connection: close\r\n\r\n{len(body):x}\r\n".encode()
            )
            connection.sendall(body + b"\r\n0\r\n\r\n")
            return connection.recv(65536)

    with serving(tmp_path) as server:
        assert chunked(server, b'{"message": "Hello"}').startswith(b"HTTP/1.1 200")
        assert chunked(server, b'{"message": "' + b"a" * 300_000).startswith(b"HTTP/1.1 413")


def test_two_workers_serve_the_same_comments(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as server:
        assert "set COMITY_VALKEY_URL to share them" in server.words.read_text()
        body = server.form()
        statuses = [server.ask("POST", "/api/v1/comments", body)[0] for _ in range(4)]
        assert statuses == [202] * 4
        assert server.stop() == 0
    assert comity_here(tmp_path, "comment", "list", "default").stdout.count("Alice Archer") == 1


def test_the_file_of_settings_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    comity_here(tmp_path, "init", COMITY_INSTANCE="own")
    (tmp_path / "own" / "comity.toml").write_text(
        'COMITY_PUBLIC_URL = "https://comments.example.org"\nCOMITY_POSTS_PER_MINUTE = 1\n'
    )
    with serving(
        tmp_path, COMITY_INSTANCE="own", COMITY_POSTS_PER_MINUTE="2", COMITY_TRUSTED_HOSTS=HOST
    ) as server:
        assert "https://comments.example.org/" in server.words.read_text()
        _, headers, _ = server.ask("GET", "/", Host="comments.example.org")
        assert headers["Strict-Transport-Security"]
        forms = [server.form() for _ in range(3)]
        statuses = [server.ask("POST", "/api/v1/comments", form)[0] for form in forms]
        assert statuses == [202, 202, 429]


def test_a_busy_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = comity(tmp_path, "serve", "--port", str(port))
    assert done.returncode == 2
    assert done.stderr == (
        f"comity: Cannot listen on 127.0.0.1 port {port}: Address already in use. "
        "Choose another with --port.\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "192.0.2.1"], "Cannot listen on 192.0.2.1"),
        (["--host", "nonsense.invalid"], "Cannot listen on nonsense.invalid"),
        (["--host", EVERYWHERE], "Set COMITY_PUBLIC_URL to the address that readers use"),
        (["--host", "::"], "Set COMITY_PUBLIC_URL"),
        (["--port", "0"], "0 is not in the range"),
        (["--port", "x"], "not a valid integer"),
        (["--workers", "0"], "0 is not in the range"),
    ],
)
def test_an_address_that_cannot_be_had_is_one_clear_line(
    tmp_path: Path, words: list[str], said: str
) -> None:
    done = comity_here(tmp_path, "serve", "--port", str(free_port()), *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
