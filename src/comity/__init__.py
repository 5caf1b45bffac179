"""Comity: a self-hosted comment section that is secure by construction.

`sanitize`, `validate`, `validate_email` and `SafeText` work in any Python
program; importing them loads neither Flask nor SQLAlchemy. `Comity` is the
Flask extension and is loaded when first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.errors import InvalidCommentError, InvalidFieldError
from comity.text.email import validate_email
from comity.text.safe_text import SafeText
from comity.text.sanitize import sanitize
from comity.text.validate import validate

if TYPE_CHECKING:
    from comity.extension import Comity

__all__ = [
    "Comity",
    "InvalidCommentError",
    "InvalidFieldError",
    "SafeText",
    "sanitize",
    "validate",
    "validate_email",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "Comity":
        from comity.extension import Comity  # noqa: PLC0415 - Flask is loaded only when wanted

        return Comity
    raise AttributeError(f"module 'comity' has no attribute {name!r}")
