"""A limit that trusts a header is none.

Typecho (CVE-2024-35538), remark42 (GHSA-56x6-q882-mf27).
"""

from __future__ import annotations

import threading
from collections import Counter

from flask import Flask

from comity.app import build_app
from comity.services.context import Context
from support.clock import Clock
from web.json_api import Api

HEADERS = [
    "X-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Fastly-Client-IP",
    "X-Cluster-Client-IP",
    "Forwarded",
    "Via",
]


def test_no_header_makes_a_flood_look_like_many(context: Context, clock: Clock) -> None:
    api = Api(build_app(context), clock)
    statuses = [
        api.send(
            api.body(message=f"Number {number}", email=f"m{number}@example.net"),
            **dict.fromkeys(HEADERS, f"10.{number}.0.1"),
        ).status_code
        for number in range(30)
    ]
    assert Counter(statuses) == {201: 5, 429: 25}


def test_twenty_posts_at_the_same_moment_are_five(context: Context, clock: Clock) -> None:
    """Check and count are one step: Typecho's race let a flood through (CVE-2024-35539)."""
    app: Flask = build_app(context)
    api = Api(app, clock)
    bodies = [api.body(message=f"Number {number}") for number in range(20)]
    clock.advance(seconds=30)
    statuses: list[int] = []
    start = threading.Barrier(len(bodies))

    def send(body: object) -> None:
        mine = Api(app, clock)
        start.wait()
        statuses.append(mine.call("POST", "/comments", body).status_code)

    threads = [threading.Thread(target=send, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(statuses) == {201: 5, 429: 15}
    assert api.thread()["comment_count"] == 5
