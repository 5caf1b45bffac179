from __future__ import annotations

import pytest

from comity import InvalidFieldError, sanitize
from comity.text.website import validate_website


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org/",
        "HTTPS://Example.ORG",
        "https://example.org:8443/path?a=1&b='2'#part",
        "https://example.org?q=a@b",
        "https://sub.example.org/a/../b",
        "https://m\u00fcnchen.example/stra\u00dfe",
        "https://\u4f8b\u5b50.\u5e7f\u544a/",
        "https://\u0909\u0926\u093e\u0939\u0930\u0923.example",
        "https://xn--mnchen-3ya.example",
        "http://192.0.2.1/",
        'https://example.org/"onmouseover="x',  # inert once it is escaped, as all of it is
    ],
)
def test_an_http_address_comes_back_unchanged(address: str) -> None:
    escaped = sanitize(address, one_line=True)

    assert validate_website(address) is address
    assert validate_website(escaped) is escaped


@pytest.mark.parametrize(
    "address",
    [
        *["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<b>", "vbscript:x"],
        *["//example.org", "/path", "example.org", "www.example.org", "ftp://example.org"],
        *["mailto:a@example.org", "file:///etc/passwd", "blob:https://example.org", "https:"],
        *["https://", "https:///path", "https:example.org", "https:\\\\example.org", "http://?"],
        *["https://bank.example@mallory.example", "https://a:b@mallory.example"],
        *["https://bank.example:80@mallory.example", "https://.example.org", "https://-a.org"],
        *["https://example.org\\@mallory.example", "https://example.org/a\\b"],
        *["https://example.org:", "https://example.org:123456", "https://example.org:x"],
        *["https://exam ple.org", "https://example.org/a b", "https://example.org/\u3000"],
        *["https://example.org\n", "https://exa\nmple.org", " https://example.org"],
        *["https://bank\u3000example.org", "https://bank\u2003.example", "https://bank\u2028.org"],
        *[
            "https://bank.example\uff0f.mallory.example",
            "https://bank.example\uff20mallory.example",
        ],
        *["https://bank.example\u2044.mallory.example", "https://bank.example\u2215m.example"],
        *["https://bank.example\uff1a80.mallory.example", "https://bank.example\uff1fm.example"],
        *["xhttps://example.org", "https://[::1]/", "view-source:https://example.org"],
    ],
)
def test_anything_else_is_invalid(address: str) -> None:
    with pytest.raises(InvalidFieldError) as caught:
        validate_website(address)

    error = caught.value
    assert (error.field, error.code, error.limit) == ("website", "invalid", None)
    assert error.message == "Enter an address that starts with https:// or http://."


def test_the_error_names_the_field_that_was_asked_for() -> None:
    with pytest.raises(InvalidFieldError) as caught:
        validate_website("x", "homepage")

    assert caught.value.field == "homepage"


@pytest.mark.parametrize(
    "tail", ["a" * 100_000 + "@", "a." * 50_000 + "@", "\u00e9-" * 50_000 + "@"]
)
def test_a_hundred_thousand_characters_do_not_hold_the_expression_up(tail: str) -> None:
    with pytest.raises(InvalidFieldError):
        validate_website("https://" + tail)
