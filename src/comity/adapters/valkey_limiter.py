"""Counts in Valkey, shared by every process; in memory while Valkey is away."""

from __future__ import annotations

from typing import Final

import structlog
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.storage.base import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

from comity.errors import ConfigurationError
from comity.services.context import Limit

from .memory_limiter import MemoryLimiter, count

_TIMEOUT_SECONDS: Final = 1.0

_log = structlog.get_logger(__name__)


class ValkeyLimiter:
    """The same moving windows, kept by `limits` in Valkey by an atomic script."""

    def __init__(self, url: str) -> None:
        try:
            storage = storage_from_string(
                url,
                wrap_exceptions=True,
                socket_timeout=_TIMEOUT_SECONDS,
                socket_connect_timeout=_TIMEOUT_SECONDS,
            )
        except Exception as error:
            # The address may hold a password: it is not repeated.
            raise ConfigurationError(
                "COMITY_VALKEY_URL cannot be used. Write valkey://host:6379/0 "
                "(pip install 'comity[valkey]')."
            ) from error
        assert isinstance(storage, Storage)  # noqa: S101 - we ask for the synchronous kind
        assert isinstance(storage, MovingWindowSupport)  # noqa: S101 - Valkey has it
        self._window = MovingWindowRateLimiter(storage)
        self._fallback = MemoryLimiter()
        self._is_away = False

    def hit(self, limit: Limit, key: str) -> None:
        """Count one act of `key`.

        While Valkey is away each process counts for itself: n processes then
        allow up to n times the limit. That is said in the log and in /readyz;
        refusing every comment instead would let a cache outage close the site.

        Raises:
            RateLimitedError: `limit` is reached.
        """
        try:
            count(self._window, limit, key)
        except StorageError:
            if not self._is_away:
                _log.warning("valkey_away", consequence="limits are counted per process")
            self._is_away = True
            self._fallback.hit(limit, key)
        else:
            self._is_away = False

    def is_shared(self) -> bool:
        """Whether Valkey answered the last time it was asked."""
        return not self._is_away
