"""The screen: an ordered list of checks, each from facts to a reason or None."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from .verdict import Decision, Reason, Verdict

MIN_FORM_SECONDS: Final = 2.0
"""Nobody reads a form, fills four fields and sends it faster; scripts do."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the checks may know. `form_seconds` is the time from showing the form to sending it."""

    is_honeypot_untouched: bool
    form_seconds: float
    holds_everything: bool


def honeypot(facts: Facts) -> Reason | None:
    """A field that people cannot see was filled, or left out by a script that knows no form."""
    if facts.is_honeypot_untouched:
        return None
    return Reason(
        rule="honeypot",
        words="The invisible field was filled in or missing, as a bot would do.",
        decision=Decision.SPAM,
    )


def too_fast(facts: Facts) -> Reason | None:
    """The form came back faster than a person can write."""
    if facts.form_seconds >= MIN_FORM_SECONDS:
        return None
    return Reason(
        rule="too_fast",
        words=f"Sent {facts.form_seconds:.1f} seconds after the form was shown.",
        decision=Decision.HOLD,
    )


def site_holds(facts: Facts) -> Reason | None:
    """The owner wants to see every comment first."""
    if not facts.holds_everything:
        return None
    return Reason(rule="site_holds", words="This site holds every comment.", decision=Decision.HOLD)


CHECKS: Final[tuple[Callable[[Facts], Reason | None], ...]] = (honeypot, too_fast, site_holds)

_STRICTNESS: Final = (Decision.APPROVE, Decision.HOLD, Decision.SPAM)


def screen(facts: Facts) -> Verdict:
    """Return the strictest decision that any check asks for, with every reason. Never refuses."""
    reasons = tuple(reason for check in CHECKS if (reason := check(facts)) is not None)
    strictest = max((_STRICTNESS.index(reason.decision) for reason in reasons), default=0)
    return Verdict(decision=_STRICTNESS[strictest], reasons=reasons)
