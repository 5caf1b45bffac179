"""What the screen says about a comment, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What should happen to a comment. There is no "refuse": a spammer is not told."""

    APPROVE = "approve"
    HOLD = "hold"
    SPAM = "spam"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that speaks against publishing: the rule's name, and words for a moderator."""

    rule: str
    words: str
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The strictest decision of all reasons, with the reasons."""

    decision: Decision
    reasons: tuple[Reason, ...] = ()
