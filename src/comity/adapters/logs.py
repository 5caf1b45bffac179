"""Logs as JSON lines on standard error, with ids and statuses and nothing personal."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logs(level: str) -> None:
    """Write one JSON object a line, from `level` up.

    JSON escapes line ends and control characters, so nobody can forge a line
    (CWE-117). What is logged is chosen where it is logged: routes, statuses,
    ids; never paths, bodies, addresses or tokens (CWE-532).
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_traceback_without_values),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


# Frames without locals: a local can be a stranger's e-mail address.
_traceback_without_values = structlog.tracebacks.ExceptionDictTransformer(
    show_locals=False, max_frames=30
)
