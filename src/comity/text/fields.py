"""The table of fields: docs, forms, API schema and validation are all read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

MAX_LOCAL_CHARS: Final = 64
"""Characters before the @ (RFC 5321, 4.5.3.1.1, counts octets)."""


class Presence(StrEnum):
    """Whether a site asks for a field."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    HIDDEN = "hidden"


@dataclass(frozen=True, kw_only=True)
class FieldRule:
    """What one field must look like.

    `min_chars` and `max_chars` count code points of the canonical text, before
    escaping: an apostrophe is one character, though its escape is five.
    """

    name: str
    label: str
    min_chars: int
    max_chars: int
    one_line: bool = True
    presence: Presence = Presence.REQUIRED
    autocomplete: str = "off"


FIELDS: Final[Mapping[str, FieldRule]] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            FieldRule(
                name="name", label="Name", min_chars=1, max_chars=50, autocomplete="given-name"
            ),
            FieldRule(
                name="surname",
                label="Surname",
                min_chars=1,
                max_chars=50,
                autocomplete="family-name",
            ),
            # 254: the longest address that fits an SMTP path (RFC 5321 erratum 1690).
            FieldRule(
                name="email", label="E-mail", min_chars=3, max_chars=254, autocomplete="email"
            ),
            FieldRule(
                name="website",
                label="Website",
                min_chars=0,
                max_chars=200,
                presence=Presence.HIDDEN,
                autocomplete="url",
            ),
            FieldRule(
                name="message", label="Message", min_chars=2, max_chars=10_000, one_line=False
            ),
        )
    }
)
"""Field name → rule, in the order in which a person meets them."""


def rules_for(
    *,
    surname: Presence = Presence.REQUIRED,
    email: Presence = Presence.REQUIRED,
    website: Presence = Presence.HIDDEN,
) -> Mapping[str, FieldRule]:
    """Return the table with a site's choices in it; name and message are always required."""
    chosen = {"surname": surname, "email": email, "website": website}
    return MappingProxyType(
        {
            name: _with_presence(rule, chosen.get(name, rule.presence))
            for name, rule in FIELDS.items()
        }
    )


def _with_presence(rule: FieldRule, presence: Presence) -> FieldRule:
    return FieldRule(**{**rule.__dict__, "presence": presence})
