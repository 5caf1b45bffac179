"""What every service is given: the outside world, through narrow doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from comity.settings import Settings
from comity.store.engine import Database


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `count` acts in any window of `per`; `name` is shown to the one who reaches it."""

    name: str
    count: int
    per: timedelta


class Limiter(Protocol):
    """Counts acts; in memory for one process, in Valkey for several."""

    def hit(self, limit: Limit, key: str) -> None:
        """Count one act of `key`, atomically.

        Raises:
            RateLimitedError: the limit is reached; the act is not counted.
        """

    def is_shared(self) -> bool:
        """Whether the counts hold for every process just now."""


class Purpose(StrEnum):
    """What a token is for. Each has its own salt: none passes for another (CWE-345)."""

    FORM = "form"
    EDIT = "edit"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a genuine token says, and when it was signed."""

    facts: Mapping[str, Any]
    issued_at: datetime


class Tokens(Protocol):
    """Signs small facts so that nobody else can make or change them."""

    def sign(self, purpose: Purpose, facts: Mapping[str, Any], issued_at: datetime) -> str:
        """Return the facts as a signed, URL-safe token. Signed, not encrypted."""

    def read(self, purpose: Purpose, token: str, *, now: datetime, max_age: timedelta) -> Claim:
        """Return what `token` says.

        Raises:
            TokenExpiredError: it is ours, but older than `max_age`.
            TokenError: it is not ours, or for another purpose.
        """

    def digest(self, purpose: str, *parts: str) -> bytes:
        """Return 32 bytes that only the holder of the secret key can compute from `parts`."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything a service may use, made once an application."""

    settings: Settings
    database: Database
    limiter: Limiter
    tokens: Tokens
    clock: Callable[[], datetime]
