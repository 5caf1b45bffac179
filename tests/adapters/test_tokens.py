from __future__ import annotations

import itertools
import string
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.tokens import MAX_TOKEN_CHARS, SignedTokens
from comity.errors import FormExpiredError, TokenError, TokenExpiredError
from comity.services.context import Context, Purpose
from comity.web.security.form_token import new_form_token, read_form_token

NOW = datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC)
HOUR = timedelta(hours=1)
OLD, NEW, OTHER = "old-key-" * 6, "new-key-" * 6, "other-key-" * 6
FACTS = {"site": "blog", "page": "/hällo", "nonce": "8Zb3", "number": 7}
ALPHABET = string.ascii_letters + string.digits + "-_."

tokens = SignedTokens(NEW)
TOKEN = tokens.sign(Purpose.FORM, FACTS, NOW)


def _read(token: str, *, by: SignedTokens = tokens, purpose: Purpose = Purpose.FORM) -> object:
    return dict(by.read(purpose, token, now=NOW, max_age=HOUR).facts)


def test_a_token_says_what_was_signed_and_when() -> None:
    claim = tokens.read(Purpose.FORM, TOKEN, now=NOW, max_age=HOUR)
    assert claim.facts == FACTS
    assert claim.issued_at == NOW


def test_a_token_can_stand_in_a_url_and_in_a_header() -> None:
    assert set(TOKEN) <= set(ALPHABET)


def test_one_changed_character_anywhere_is_refused() -> None:
    for position, character in enumerate(TOKEN):
        for other in ALPHABET:
            if other != character:
                with pytest.raises(TokenError):
                    _read(TOKEN[:position] + other + TOKEN[position + 1 :])


def test_a_character_more_or_less_anywhere_is_refused() -> None:
    for position in range(len(TOKEN) + 1):
        for more in ("A", "=", ".", " ", "\n"):
            with pytest.raises(TokenError):
                _read(TOKEN[:position] + more + TOKEN[position:])
        if position < len(TOKEN):
            with pytest.raises(TokenError):
                _read(TOKEN[:position] + TOKEN[position + 1 :])


@pytest.mark.parametrize(("signed", "read"), list(itertools.permutations(Purpose, 2)))
def test_a_token_for_one_purpose_is_none_for_another(signed: Purpose, read: Purpose) -> None:
    with pytest.raises(TokenError) as refused:
        _read(tokens.sign(signed, FACTS, NOW), purpose=read)
    assert not isinstance(refused.value, TokenExpiredError)


@pytest.mark.parametrize(
    ("age", "is_read"), [(HOUR, True), (HOUR + timedelta(milliseconds=1), False)]
)
def test_a_token_is_good_for_its_time_to_the_millisecond(age: timedelta, *, is_read: bool) -> None:
    if is_read:
        tokens.read(Purpose.FORM, TOKEN, now=NOW + age, max_age=HOUR)
        return
    with pytest.raises(TokenExpiredError) as refused:
        tokens.read(Purpose.FORM, TOKEN, now=NOW + age, max_age=HOUR)
    assert refused.value.issued_at == NOW


def test_a_token_of_another_key_is_refused() -> None:
    with pytest.raises(TokenError):
        _read(TOKEN, by=SignedTokens(OTHER))


def test_after_a_rotation_old_tokens_are_read_and_new_ones_are_signed_with_the_new_key() -> None:
    rotated = SignedTokens(NEW, fallbacks=(OLD, OTHER))
    for key in (OLD, OTHER, NEW):
        assert _read(SignedTokens(key).sign(Purpose.FORM, FACTS, NOW), by=rotated) == FACTS
    assert rotated.sign(Purpose.FORM, FACTS, NOW) == TOKEN
    assert _read(rotated.sign(Purpose.FORM, FACTS, NOW), by=SignedTokens(NEW)) == FACTS


def test_a_key_that_is_no_longer_a_fallback_signs_nothing_any_more() -> None:
    with pytest.raises(TokenError):
        _read(SignedTokens(OLD).sign(Purpose.FORM, FACTS, NOW), by=SignedTokens(NEW, (OTHER,)))


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b", "a.b.c", "ä.b", "🙂", "\x00", "\ud800", TOKEN + "é", "null", "eyJ9."],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(TokenError):
        _read(token)


@given(st.text())
def test_no_text_at_all_is_taken_for_a_token(token: str) -> None:
    with pytest.raises(TokenError):
        _read(token)


def test_a_huge_token_is_refused_before_any_work() -> None:
    started = time.perf_counter()
    with pytest.raises(TokenError):
        _read(TOKEN + "A" * 50_000_000)
    assert time.perf_counter() - started < 0.5
    with pytest.raises(TokenError, match="not a token"):
        _read("A" * (MAX_TOKEN_CHARS + 1))


def test_the_form_of_the_longest_page_has_a_token_that_is_read(context: Context) -> None:
    page = "/" + "".join(chr(0x1F300 + number) for number in range(511))
    token = new_form_token(context, "b" * 63, page).token
    assert len(token) < 200
    read_form_token(context, token, "b" * 63, page)
    with pytest.raises(FormExpiredError):
        read_form_token(context, token, "b" * 63, page[:-1])


def test_a_digest_needs_the_key_and_keeps_its_parts_apart() -> None:
    digest = tokens.digest("body", "ab", "c")
    assert len(digest) == 32
    assert digest == tokens.digest("body", "ab", "c")
    others = [
        tokens.digest("body", "a", "bc"),
        tokens.digest("body", "abc"),
        tokens.digest("body", "ab", "c", ""),
        tokens.digest("other", "ab", "c"),
        SignedTokens(OTHER).digest("body", "ab", "c"),
    ]
    assert len({digest, *others}) == len(others) + 1


def test_a_digest_of_any_text_is_made() -> None:
    assert tokens.digest("body", "\ud800", "\x00", "") != tokens.digest(
        "body", "\ud800", "", "\x00"
    )
