"""Column types: what the database holds, and the type it has in Python."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from markupsafe import escape
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from comity.text.safe_text import SafeHtml, SafeText


class SafeTextType(TypeDecorator[SafeText]):
    """A stranger's words: canonical characters in the database, SafeText in Python.

    Escapes on load and unescapes on store, so a row holds `O'Brien` and no
    template can forget to escape it. A plain `str` is refused: it has not been
    sanitized, and the road to the database has no other gate (CWE-20).
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: SafeText | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Give the database the canonical characters.

        Raises:
            TypeError: the value has not been sanitized.
        """
        if value is None:
            return None
        if not isinstance(value, SafeText):
            raise TypeError("Only sanitized text may be stored: call sanitize() first.")
        return value.plain

    def process_result_value(self, value: Any, dialect: Dialect) -> SafeText | None:  # noqa: ARG002
        """Escape what the database holds, whoever wrote it."""
        return None if value is None else SafeText(escape(str(value)))  # noqa: S704 - escaped here


class SafeHtmlType(TypeDecorator[SafeHtml]):
    """A rendered message. Refuses anything that `render` did not make."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: SafeHtml | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Give the database the HTML as it is.

        Raises:
            TypeError: the value did not come from `render`.
        """
        if value is None:
            return None
        if not isinstance(value, SafeHtml):
            raise TypeError("Only rendered HTML may be stored: call render() first.")
        return str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> SafeHtml | None:  # noqa: ARG002
        """Trust our own column: who can write to the database can write to every page anyway."""
        return None if value is None else SafeHtml(value)  # noqa: S704 - stored by render only


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; aware in Python, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC.

        Raises:
            TypeError: the moment has no time zone, so nobody knows when it is.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("A stored moment needs a time zone.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
