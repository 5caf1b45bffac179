"""Counts in this process's memory: exact for one process, lost at its end."""

from __future__ import annotations

import time
from typing import Any, Final

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from comity.errors import RateLimitedError
from comity.services.context import Limit

_NAMESPACE: Final = "comity"


class MemoryLimiter:
    """A moving window for each key: no burst at a window's edge.

    Checking and counting are one step under the storage's lock (CWE-367).
    """

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, limit: Limit, key: str) -> None:
        """Count one act of `key`.

        Raises:
            RateLimitedError: `limit` is reached.
        """
        count(self._window, limit, key)

    def is_shared(self) -> bool:
        """Memory is one process's own."""
        return False


def count(window: MovingWindowRateLimiter, limit: Limit, key: str) -> None:
    """Count one act in `window`, or raise RateLimitedError."""
    item: RateLimitItem = RateLimitItemPerSecond(
        limit.count, int(limit.per.total_seconds()), namespace=_NAMESPACE
    )
    if not window.hit(item, limit.name, key):
        stats: Any = window.get_window_stats(item, limit.name, key)
        raise RateLimitedError(limit.name, limit.count, int(stats.reset_time - time.time()) + 1)
