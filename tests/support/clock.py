"""A clock that moves when a test says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Gives the same aware UTC moment until it is moved; `now` can be set, too."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> datetime:
        """Move on by `timedelta(**parts)`: `clock.advance(minutes=15)`."""
        self.now += timedelta(**parts)
        return self.now
