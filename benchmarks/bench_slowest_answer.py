"""What is the slowest answer that any hostile string gets?

Posts every string of the collections (our own list where they are absent), and every kind of
pathological Markdown, through form and API to the real server, one after another, and writes
benchmarks/results/slowest_answer.md. It measures and judges nothing: `make bench`.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

ROOT: Final = Path(__file__).resolve().parent.parent
# The live server and our own strings are those of the tests.
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("browser", "attack", "")]

from live_server import serving  # noqa: E402
from pathological import full_bodies, longest  # noqa: E402
from payloads import PAYLOADS  # noqa: E402
from roads import FORM_TYPE, arrives  # noqa: E402

import corpora  # noqa: E402 - after the path is set

RESULT: Final = ROOT / "benchmarks" / "results" / "slowest_answer.md"
COMMAND: Final = "make bench"
TARGET_MS: Final = 50
PER_PAGE: Final = 50
REPEATS: Final = 5
SLOWEST: Final = 5
COLLECTIONS: Final = (
    *("xss-open", "naughty-open", "email-open", "crlf", "sqli", "ssti", "nosql", "traversal"),
    *("csv-formula", "email-header-injection", "log-injection", "unicode-hazards"),
)
_HEAD: Final = (
    "| text | posts | median | 99 % | slowest | again | which |",
    "|---|--:|--:|--:|--:|--:|---|",
)

Timed = tuple[float, str, dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one kind of text took: sorted milliseconds, the slowest, and how the slowest do again.

    `again_ms`: the five slowest, posted five times more each; the highest median of those. What
    a string costs it costs each time; a pause of the machine comes once.
    """

    name: str
    times: list[float]
    which: str
    again_ms: float

    @property
    def median(self) -> float:
        """Return what half of the posts took at most."""
        return statistics.median(self.times)


class Client:
    """One connection that stays open; every request is timed from the first byte to the last."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._posts = itertools.count()

    def ask(self, method: str, path: str, body: str | None, kind: str) -> tuple[float, int, bytes]:
        """Return milliseconds, status and body."""
        headers = {"Content-Type": kind} if body is not None else {}
        sent = body.encode() if body is not None else None
        start = time.perf_counter()
        self._connection.request(method, path, sent, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status == http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            self._connection.close()  # so does the server: it has not read the rest
        return (time.perf_counter() - start) * 1000, answer.status, content

    def post(self, words: Mapping[str, str]) -> Iterator[tuple[str, float, int]]:
        """Post `words` through form and API; yield door, milliseconds and status of each."""
        for door in ("form", "API"):
            place = {"site": "default", "page": f"/bench/{next(self._posts) // PER_PAGE}"}
            token, honeypot = self._form(place)
            sent = {**place, "form_token": token, honeypot: "", **words}
            if door == "form":
                body = urlencode({name: arrives(value) for name, value in sent.items()})
                ms, status, _ = self.ask("POST", "/comments", body, FORM_TYPE)
            else:
                ms, status, _ = self.ask(
                    "POST", "/api/v1/comments", _json(sent), "application/json"
                )
            yield door, ms, status

    def _form(self, place: Mapping[str, str]) -> tuple[str, str]:
        _, _, content = self.ask("GET", f"/api/v1/form?{urlencode(place)}", None, "")
        form: dict[str, Any] = json.loads(content)
        return form["token"], form["honeypot"]


def main() -> None:
    """Measure, print and write."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        client = Client(server.url)
        for _ in range(20):  # imports and caches are not what is asked for
            list(client.post(_signed("Warming up.")))
            list(client.post(_signed("")))
            client.ask("POST", "/comments", "", FORM_TYPE)
        rows = [_measure(client, name, _spread(texts)) for name, texts in _collections()]
        marked = [_measure(client, name, _repeated(text)) for name, text in longest()]
        full = [_measure(client, name, _repeated(text)) for name, text in full_bodies()]
    report = _report(rows, marked, full, load)
    print(report)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(report, encoding="utf-8")


def _collections() -> Iterator[tuple[str, list[str]]]:
    yield "our own", list(PAYLOADS.values())
    for name in COLLECTIONS:
        if not (corpora.folder() / f"{name}.jsonl").is_file():
            continue
        if name == "email-open":
            yield name, [row["address"] for row in corpora.rows(name)]
        else:
            yield name, [text for _, text in corpora.payloads(name)]


def _signed(text: str) -> dict[str, str]:
    """Return a comment with `text` wherever it fits."""
    name = text.strip()[:50] or "x"
    return {"name": name, "surname": name, "email": "a@example.org", "message": text}


def _measure(client: Client, name: str, posts: Iterable[dict[str, str]]) -> Row:
    timed: list[Timed] = []
    for number, words in enumerate(posts):
        for door, ms, status in client.post(words):
            if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
                raise SystemExit(f"{name} {number}: status {status}")
            timed.append((ms, f"{number}, {door}, {status}", words))
    timed.sort(key=lambda one: one[0])
    return Row(
        name=name,
        times=[ms for ms, _, _ in timed],
        which=timed[-1][1],
        again_ms=max(_again(client, one) for one in timed[-SLOWEST:]),
    )


def _again(client: Client, one: Timed) -> float:
    _, which, words = one
    doors = [post for _ in range(REPEATS) for post in client.post(words)]
    return statistics.median(ms for door, ms, _ in doors if f", {door}," in which)


def _spread(texts: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield two posts a string: one in all that readers see, one in all that they do not."""
    for text in texts:
        yield _signed(text)
        yield {**_signed("Good."), "email": text, "website": text}


def _repeated(text: str) -> Iterator[dict[str, str]]:
    for number in range(REPEATS):
        yield {**_signed("Good."), "message": f"{text}{number}"}


def _report(rows: list[Row], marked: list[Row], full: list[Row], load: float) -> str:
    slowest = max(row.times[-1] for row in rows)
    again = max(row.again_ms for row in rows)
    marked = sorted(marked, key=lambda row: -row.median)
    head = [
        "# The slowest answer",
        "",
        f"Written by `{COMMAND}` on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
        f"Machine: {os.cpu_count()} cores, {_cpu()}; Python {platform.python_version()}.",
        f"Load {load:.1f} before, {os.getloadavg()[0]:.1f} after (this benchmark alone: about 1).",
        "Server: `comity serve`, one worker, SQLite on disk; one client, one request at a time.",
        "",
        f"- Slowest answer to any string: **{slowest:.1f} ms** (target: {TARGET_MS} ms).",
        f"- The slowest strings again: **{again:.1f} ms**.",
        f"- Costliest Markdown of the longest message: **{marked[0].median:.1f} ms**.",
        f"- Costliest body of the largest size: **{max(row.again_ms for row in full):.1f} ms**.",
        "",
        "Milliseconds for one POST, from sending to the last byte of the answer.",
        f"*Again*: the {SLOWEST} slowest of a row, posted {REPEATS} times more each; the highest",
        "median. What a string costs it costs each time; a pause of the machine comes once.",
    ]
    tables = {
        "Strings of the collections": rows,
        f"Pathological Markdown, the twenty costliest of {len(marked)}": marked[:20],
        "A body of the largest size, refused as too long": full,
    }
    for title, table in tables.items():
        head += ["", f"## {title}", "", *_HEAD, *map(_line, table)]
    return "\n".join(head) + "\n"


def _line(row: Row) -> str:
    times = row.times
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    name = row.name.replace("|", "\\|")
    return (
        f"| {name} | {len(times):,} | {row.median:.1f} | {p99:.1f} "
        f"| {times[-1]:.1f} | {row.again_ms:.1f} | {row.which} |"
    )


def _json(sent: Mapping[str, str]) -> str:
    """Return JSON as a browser writes it: characters as they are, but halves of pairs."""
    raw = json.dumps(sent, ensure_ascii=False)
    return raw if arrives(raw) == raw else json.dumps(sent)


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown processor")


if __name__ == "__main__":
    main()
