"""What the web floor tells the operator: by structlog where somebody set it up, else by logging."""

from __future__ import annotations

import json
import logging
from typing import Final

import structlog

_NAME: Final = "comity"


def log(level: int, event: str, error: BaseException | None = None, **facts: object) -> None:
    """Write one line: `event` and `facts`, and where `error` came from.

    Our own server has set structlog up. In a host that has not, structlog would
    print tracebacks with every local variable, e-mail addresses among them, and
    take seconds for it; the standard library's logging is what a host expects.
    """
    _hide_parameters(error)
    if structlog.is_configured():
        exc_info = {} if error is None else {"exc_info": error}
        structlog.get_logger(_NAME).log(level, event, **exc_info, **facts)
        return
    logging.getLogger(_NAME).log(level, "%s %s", event, json.dumps(facts), exc_info=error)


def _hide_parameters(error: BaseException | None) -> None:
    """Keep what a statement was given out of its message: a comment's e-mail is among it (CWE-532).

    Here and not on the engine, which can be the host's.
    """
    while error is not None:
        if hasattr(error, "hide_parameters"):
            error.hide_parameters = True
        error = error.__cause__ or error.__context__
