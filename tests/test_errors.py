from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime

import pytest

from comity import errors
from comity.errors import (
    ComityError,
    ConfigurationError,
    InvalidCommentError,
    InvalidFieldError,
    RateLimitedError,
    RequestError,
    TokenError,
    TokenExpiredError,
)

ALL = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if kind.__module__ == errors.__name__
]
REQUEST_ERRORS = [kind for kind in ALL if issubclass(kind, RequestError)]


def _field(name: str) -> InvalidFieldError:
    return InvalidFieldError(name, "required", "Enter it.", 1)


def test_every_error_of_ours_is_in_the_one_tree() -> None:
    assert all(issubclass(kind, ComityError) for kind in ALL)
    assert not issubclass(ConfigurationError, RequestError)
    assert not issubclass(TokenError, RequestError)


def test_every_code_is_made_for_programs_and_stands_for_one_error() -> None:
    codes = [kind.__dict__["code"] for kind in REQUEST_ERRORS if "code" in kind.__dict__]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch("[a-z_]+", code) for code in codes)


@pytest.mark.parametrize("kind", [kind for kind in REQUEST_ERRORS if "message" in kind.__dict__])
def test_every_message_is_a_sentence_for_people(kind: type[RequestError]) -> None:
    error = kind()
    assert str(error) == error.message == kind.message
    assert re.fullmatch(r"[A-Z].*[.]", error.message)


def test_a_message_can_be_more_exact_than_its_class() -> None:
    assert RequestError("Exactly this.").message == "Exactly this."


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 field needs your attention."), (3, "3 fields need your attention.")]
)
def test_an_invalid_comment_names_every_field_and_counts_them(count: int, said: str) -> None:
    error = InvalidCommentError([_field(f"field-{number}") for number in range(count)])
    assert [field.field for field in error.fields] == [f"field-{n}" for n in range(count)]
    assert error.message == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "1 second"),
        (0, "1 second"),
        (1, "1 second"),
        (2, "2 seconds"),
        (89, "89 seconds"),
        (90, "2 minutes"),
        (120, "2 minutes"),
        (121, "3 minutes"),
        (3600, "60 minutes"),
    ],
)
def test_the_time_to_wait_is_never_too_short(seconds: int, said: str) -> None:
    error = RateLimitedError("address", 5, seconds)
    assert error.message.endswith(f"please try again in {said}.")
    assert error.retry_after_seconds == max(1, seconds)


def test_an_expired_token_says_when_it_began() -> None:
    began = datetime(2026, 3, 1, tzinfo=UTC)
    assert TokenExpiredError(began).issued_at == began
