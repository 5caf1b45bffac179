from __future__ import annotations

import pytest

from comity import InvalidFieldError, sanitize, validate_email
from comity.text.email import _EMAIL

INVALID = "Enter an e-mail address like name@example.org."


def of_length(local: int, total: int) -> str:
    """Return an address with `local` characters before the @ and `total` in all."""
    rest = total - local - len("@.org")
    labels = ["b" * 63] * (rest // 64) + ["b" * (rest % 64)]
    return "a" * local + "@" + ".".join([*labels, "org"])


@pytest.mark.parametrize(
    "address",
    [
        "alice@example.org",
        "a&b@example.org",
        "o'brien@example.org",
        "a@b.co",
        "alice+comments@mail.example.org",
        "first.last@example.org",
        "!#$%*/=?^_`{|}~-@example.org",
        "1@1.example.org",
        "alice@xn--mnchen-3ya.example.org",
        "ALICE@EXAMPLE.ORG",
        "jos\u00e9@example.org",
        "alice@m\u00fcnchen.example.org",
        "\u7528\u6237@\u4f8b\u5b50.\u5e7f\u544a",
        "\u0430\u043b\u0438\u0441\u0430@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
        of_length(64, 76),
        of_length(64, 254),
        of_length(1, 254),
    ],
)
def test_a_plain_address_comes_back_unchanged(address: str) -> None:
    escaped = sanitize(address, one_line=True)

    assert validate_email(address) is address
    assert validate_email(escaped) is escaped
    assert escaped.plain == address


@pytest.mark.parametrize(
    "address",
    [
        *["alice", "alice@", "@example.org", "alice@example", "a@b", "a@localhost"],
        *["alice@@example.org", "a@b@example.org", ".a@example.org", "a.@example.org"],
        *["a..b@example.org", "a@example..org", "a@.example.org", "a@example.org."],
        *["a@-example.org", "a@example-.org", "a@ex_ample.org", "a@1.2.3.4", "a@[1.2.3.4]"],
        *["a b@example.org", "a@exam ple.org", " a@example.org", "a@example.org "],
        *['"a b"@example.org', "a(comment)@example.org", "Alice <a@example.org>"],
        *["<a@example.org>", "mailto:a@example.org", "a@example.org,b@example.org"],
        *["a@example.org;b@example.org", "a@example.org?cc=b", "a\\@example.org"],
        *["a@example.test", "a@printer.local", "a@" + "b" * 64 + ".org"],
        *["a@\uff20example.org", "a@example.org/\u2028", "a\u00a0b@example.org"],
    ],
)
def test_what_is_not_one_plain_address_is_invalid(address: str) -> None:
    with pytest.raises(InvalidFieldError) as caught:
        validate_email(address)

    error = caught.value
    assert (error.field, error.code, error.limit) == ("email", "invalid", None)
    assert error.message == INVALID


@pytest.mark.parametrize(
    "injected", ["\n", "\r", "\r\n", "\r\nBcc: bob@example.org", "\x00", "\x85"]
)
def test_nothing_can_be_added_to_a_mail_header(injected: str) -> None:
    for address in ("a@example.org" + injected, "a" + injected + "@example.org"):
        with pytest.raises(InvalidFieldError) as caught:
            validate_email(address)
        assert caught.value.code == "invalid"


@pytest.mark.parametrize("injected", ["\n", "\r\n", " ", ">", ",b@example.org", "\x00", "\\"])
def test_our_own_expression_refuses_it_even_if_the_library_would_not(
    injected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.text.email._check_standard", lambda *_, **__: None)

    assert validate_email("a@example.org") == "a@example.org"
    for address in ("a@example.org" + injected, injected + "a@example.org"):
        with pytest.raises(InvalidFieldError):
            validate_email(address)


@pytest.mark.parametrize(
    ("address", "code", "limit", "message"),
    [
        ("", "required", 3, INVALID),
        ("ab", "too_short", 3, INVALID),
        (
            of_length(64, 255),
            "too_long",
            254,
            "An e-mail address has at most 254 characters; this one has 255.",
        ),
        (of_length(65, 77), "too_long", 64, "The part before the @ has at most 64 characters."),
    ],
)
def test_a_length_that_does_not_fit_is_refused_with_its_limit(
    address: str, code: str, limit: int, message: str
) -> None:
    for value in (address, sanitize(address)):
        with pytest.raises(InvalidFieldError) as caught:
            validate_email(value)

        error = caught.value
        assert (error.field, error.code, error.limit) == ("email", code, limit)
        assert error.message == message


def test_a_length_is_counted_before_escaping() -> None:
    address = sanitize("&" * 64 + "@example.org")

    assert validate_email(address) is address


def test_the_error_names_the_field_that_was_asked_for() -> None:
    with pytest.raises(InvalidFieldError) as caught:
        validate_email("nobody", "reply_to")

    assert caught.value.field == "reply_to"


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 100_000,
        "a." * 50_000,
        "a@" * 50_000,
        "a@" + "a" * 100_000,
        "a@" + "a." * 50_000,
        "a@" + "a-" * 50_000,
        "a@" + "-" * 100_000,
        "a@a" + ".a" * 50_000 + "!",
        "." * 100_000,
        "!" * 99_999 + "@",
        "\u00e9" * 100_000,
    ],
)
def test_a_hundred_thousand_characters_do_not_hold_the_expression_up(hostile: str) -> None:
    assert not _EMAIL.fullmatch(hostile)
    with pytest.raises(InvalidFieldError) as caught:
        validate_email(hostile)
    assert caught.value.code == "too_long"
