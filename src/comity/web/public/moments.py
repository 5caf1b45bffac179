"""Times as a person says them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from .views import Moment

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_WEEK: Final = 7 * _DAY

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def moment(at: datetime, now: datetime) -> Moment:
    """Return `at` in three spellings: for machines, exact, and as seen from `now`.

    Relative up to a week; after that the date says more.
    """
    return Moment(
        iso=at.isoformat(timespec="seconds"),
        exact=f"{_date(at)}, {at:%H:%M} UTC",
        relative=_relative(at, now),
    )


def _relative(at: datetime, now: datetime) -> str:
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < _MINUTE:
        return "just now"
    for unit, name, up_to in (
        (_MINUTE, "minute", _HOUR),
        (_HOUR, "hour", _DAY),
        (_DAY, "day", _WEEK),
    ):
        if seconds < up_to:
            count = seconds // unit
            return f"1 {name} ago" if count == 1 else f"{count} {name}s ago"
    return _date(at)


def _date(at: datetime) -> str:
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
