from __future__ import annotations

import itertools

import pytest

from comity.screening.checks import CHECKS, MIN_FORM_SECONDS, Facts, screen
from comity.screening.verdict import Decision, Verdict

APPROVE, HOLD, SPAM = Decision.APPROVE, Decision.HOLD, Decision.SPAM


def _facts(*, untouched: bool = True, seconds: float = 30.0, holds: bool = False) -> Facts:
    return Facts(is_honeypot_untouched=untouched, form_seconds=seconds, holds_everything=holds)


@pytest.mark.parametrize(
    ("untouched", "seconds", "holds", "decision", "rules"),
    [
        (True, 30.0, False, APPROVE, []),
        (True, 30.0, True, HOLD, ["site_holds"]),
        (True, 0.5, False, HOLD, ["too_fast"]),
        (True, 0.5, True, HOLD, ["too_fast", "site_holds"]),
        (False, 30.0, False, SPAM, ["honeypot"]),
        (False, 30.0, True, SPAM, ["honeypot", "site_holds"]),
        (False, 0.5, False, SPAM, ["honeypot", "too_fast"]),
        (False, 0.5, True, SPAM, ["honeypot", "too_fast", "site_holds"]),
    ],
)
def test_the_strictest_reason_decides_and_every_reason_is_kept(
    *, untouched: bool, seconds: float, holds: bool, decision: Decision, rules: list[str]
) -> None:
    verdict = screen(_facts(untouched=untouched, seconds=seconds, holds=holds))
    assert verdict.decision is decision
    assert [reason.rule for reason in verdict.reasons] == rules


@pytest.mark.parametrize(
    ("seconds", "decision"),
    [
        (-1.0, HOLD),
        (0.0, HOLD),
        (MIN_FORM_SECONDS - 0.01, HOLD),
        (MIN_FORM_SECONDS, APPROVE),
        (86_400.0, APPROVE),
        (float("inf"), APPROVE),
    ],
)
def test_nobody_writes_faster_than_two_seconds(seconds: float, decision: Decision) -> None:
    assert screen(_facts(seconds=seconds)).decision is decision


def test_every_reason_tells_a_moderator_in_plain_words() -> None:
    for untouched, seconds, holds in itertools.product([True, False], [0.0, 9.0], [True, False]):
        verdict = screen(_facts(untouched=untouched, seconds=seconds, holds=holds))
        for reason in verdict.reasons:
            assert reason.words[0].isupper()
            assert reason.words.endswith(".")
            assert reason.decision is not APPROVE


def test_the_seconds_are_in_the_words() -> None:
    [reason] = screen(_facts(seconds=0.449)).reasons
    assert reason.words == "Sent 0.4 seconds after the form was shown."


def test_no_two_checks_give_the_same_rule() -> None:
    worst = _facts(untouched=False, seconds=0.0, holds=True)
    rules = [reason.rule for check in CHECKS if (reason := check(worst)) is not None]
    assert len(set(rules)) == len(CHECKS)


def test_without_any_reason_a_verdict_approves() -> None:
    assert screen(_facts()) == Verdict(decision=APPROVE)
