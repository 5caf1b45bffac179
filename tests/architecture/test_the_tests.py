"""The rules that conftest lays on every test do hold."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

SKIPPING = """
import pytest

def test_skips_itself():
    pytest.skip("no reason that counts")

@pytest.mark.skipif(True, reason="a mark")
def test_is_marked():
    pass

def test_lacks_the_attack_strings():
    pytest.skip("COMITY_CORPORA is absent")
"""


def test_under_ci_a_skipped_test_is_a_failed_test(tmp_path: Path) -> None:
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env={**os.environ, "CI": "1", "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 1, result.stdout
    assert "Skipped under CI: no reason that counts" in result.stdout
    assert "Skipped under CI: a mark" in result.stdout
    assert "1 failed, 1 skipped, 1 error" in result.stdout


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_no_test_reaches_the_network() -> None:
    with pytest.raises(RuntimeError, match="socket"):
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_marked_test_reaches_the_loopback_and_nothing_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()[:2], timeout=5).close()
    with (
        pytest.warns(UserWarning, match="A test tried to use"),
        pytest.raises(RuntimeError, match=r"192\.0\.2\.1"),
    ):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_no_two_test_files_have_the_same_name() -> None:
    """In folders that are no packages, pytest and mypy tell files apart by name alone."""
    names = [
        path.name for path in TESTS.rglob("*.py") if not (path.parent / "__init__.py").exists()
    ]
    assert sorted(names) == sorted(set(names))
