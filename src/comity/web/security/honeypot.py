"""A field that people do not see and bots fill."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Words a form filler understands and no browser completes: `autocomplete` tokens are avoided, or
# a person's browser would fill the trap for them.
_WORDS: Final = ("subject", "topic", "reference", "department", "category", "occasion", "source")


@dataclass(frozen=True, kw_only=True)
class Honeypot:
    """The invisible field of one form: another name each time, so that no list of names helps."""

    name: str
    label: str = "Leave this field empty"


def honeypot_for(form_token: str) -> Honeypot:
    """Return the field that belongs to the form with this token; computed, so nothing is kept.

    Without a key on purpose: a form given out before the key was changed keeps
    its field. The name is no secret: a bot written against us reads our page.
    """
    digest = hashlib.sha256(b"comity.honeypot.v1" + form_token.encode()).digest()
    return Honeypot(name=f"{_WORDS[digest[0] % len(_WORDS)]}_{digest[1:4].hex()}")


def is_untouched(honeypot: Honeypot, fields: Mapping[str, object]) -> bool:
    """Whether the field came back as it was sent: there, and empty.

    Absent counts as filled: whoever leaves it out has not used our form.
    """
    return fields.get(honeypot.name) == ""
