from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from comity.errors import InvalidCommentError, RateLimitedError
from comity.services.context import Context
from comity.services.read_thread import count_comments
from support.cast import ALICE, BOB, PAGE, SITE, post, unlimited, write


def test_a_sixth_post_in_a_minute_is_refused(context: Context) -> None:
    for _ in range(5):
        post(context, address=b"mallory")
    with pytest.raises(RateLimitedError) as refused:
        post(context, address=b"mallory")
    assert (refused.value.policy, refused.value.limit) == ("address", 5)
    assert 1 <= refused.value.retry_after_seconds <= 60
    assert count_comments(context, SITE, [PAGE]) == {PAGE: 5}
    post(context, address=b"alice")


def test_attempts_that_break_rules_count_too(context: Context) -> None:
    for _ in range(5):
        with pytest.raises(InvalidCommentError):
            post(context, "!", address=b"mallory")
    with pytest.raises(RateLimitedError):
        post(context, address=b"mallory")


@pytest.mark.parametrize(
    ("setting", "policy"),
    [
        ("posts_per_hour_email", "email"),
        ("posts_per_minute_thread", "thread"),
        ("posts_per_minute_total", "total"),
    ],
)
def test_each_limit_is_kept_whatever_the_address(
    context: Context, setting: str, policy: str
) -> None:
    ctx = unlimited(context)
    limits: dict[str, Any] = {setting: 2}
    ctx = dataclasses.replace(ctx, settings=dataclasses.replace(ctx.settings, **limits))
    post(ctx)
    post(ctx, by=write(ALICE, email="ALICE@example.org"))
    with pytest.raises(RateLimitedError) as refused:
        post(ctx)
    assert (refused.value.policy, refused.value.limit) == (policy, 2)
    elsewhere: dict[str, Any] = {"email": {"by": BOB}, "thread": {"page": "/other"}}
    if policy in elsewhere:
        post(ctx, **elsewhere[policy])
