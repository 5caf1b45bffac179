from __future__ import annotations

import pytest

from comity import InvalidCommentError, InvalidFieldError, sanitize, validate
from comity.text.fields import FIELDS, FieldRule, Presence, rules_for
from comity.text.sanitize import sanitize_comment
from comity.text.stages import NewComment, RawComment
from comity.text.validate import validate_comment

ALICE = {
    "name": "Alice",
    "surname": "O'Brien",
    "email": "alice@example.org",
    "message": "Hello, Bob!",
}
LONGEST_EMAIL = "a" * 64 + "@" + ".".join(["b" * 63, "b" * 63, "b" * 57, "org"])


def refusals(
    rules: dict[str, Presence] | None = None, **typed: str
) -> list[tuple[str, str, int | None]]:
    """Return (field, code, limit) of each bad field; the rest is Alice's."""
    clean = sanitize_comment(RawComment(**{**ALICE, **typed}))
    try:
        validate_comment(clean, rules_for(**(rules or {})))
    except InvalidCommentError as error:
        return [(field.field, field.code, field.limit) for field in error.fields]
    return []


@pytest.mark.parametrize(
    ("field", "chars"),
    [
        *[("name", 1), ("name", 50), ("surname", 1), ("surname", 50)],
        *[("email", 3), ("email", 254), ("website", 1), ("website", 200)],
        *[("message", 2), ("message", 10_000)],
    ],
)
def test_a_length_in_the_row_is_accepted(field: str, chars: int) -> None:
    for value in ("x" * chars, sanitize("x" * chars)):
        assert validate(value, field) is value


@pytest.mark.parametrize(
    ("field", "chars", "code", "limit", "message"),
    [
        ("name", 0, "required", 1, "Enter your name."),
        ("name", 51, "too_long", 50, "At most 50 characters fit here; this is 1 too many."),
        ("surname", 0, "required", 1, "Enter your surname."),
        ("surname", 51, "too_long", 50, "At most 50 characters fit here; this is 1 too many."),
        ("email", 0, "required", 3, "Enter your e-mail."),
        ("email", 2, "too_short", 3, "Write at least 3 characters."),
        ("email", 255, "too_long", 254, "At most 254 characters fit here; this is 1 too many."),
        ("website", 201, "too_long", 200, "At most 200 characters fit here; this is 1 too many."),
        ("message", 0, "required", 2, "Write a message."),
        ("message", 1, "too_short", 2, "Write at least 2 characters."),
        (
            "message",
            12_001,
            "too_long",
            10_000,
            "At most 10,000 characters fit here; this is 2,001 too many.",
        ),
    ],
)
def test_a_length_outside_the_row_is_refused_with_every_fact(
    field: str, chars: int, code: str, limit: int, message: str
) -> None:
    for value in ("x" * chars, sanitize("x" * chars)):
        with pytest.raises(InvalidFieldError) as caught:
            validate(value, field)

        error = caught.value
        assert (error.field, error.code, error.limit) == (field, code, limit)
        assert error.message == str(error) == message


def test_ten_thousand_and_one_characters_are_one_too_many() -> None:
    with pytest.raises(InvalidFieldError, match="this is 1 too many"):
        validate("x" * 10_001)


def test_the_field_is_message_unless_said_otherwise() -> None:
    with pytest.raises(InvalidFieldError) as caught:
        validate("x")

    assert caught.value.field == "message"


def test_an_unknown_field_is_a_mistake_in_the_program() -> None:
    with pytest.raises(KeyError):
        validate("Alice", "nickname")


@pytest.mark.parametrize("character", ["'", "&", "<", '"', "é", "\U0001f600", "ﷺ"])
def test_an_apostrophe_counts_as_one_character(character: str) -> None:
    fifty, one_more = sanitize(character * 50), sanitize(character * 51)

    assert validate(fifty, "name") is fifty
    with pytest.raises(InvalidFieldError, match="this is 1 too many"):
        validate(one_more, "name")


def test_an_entity_typed_as_text_counts_as_it_was_typed() -> None:
    assert validate(sanitize("&amp;" * 10), "name").plain == "&amp;" * 10
    with pytest.raises(InvalidFieldError):
        validate(sanitize("&amp;" * 10 + "x"), "name")


def test_a_site_can_set_its_own_limits() -> None:
    rule = FieldRule(name="message", label="Message", min_chars=5, max_chars=8, one_line=False)

    assert validate("12345678", rule=rule) == "12345678"
    with pytest.raises(InvalidFieldError) as caught:
        validate("123456789", rule=rule)
    assert caught.value.limit == 8
    with pytest.raises(InvalidFieldError) as caught:
        validate("1234", rule=rule)
    assert (caught.value.code, caught.value.limit) == ("too_short", 5)


def test_what_validates_is_what_is_stored() -> None:
    clean = sanitize_comment(RawComment(**ALICE))

    new = validate_comment(clean)

    assert type(new) is NewComment
    assert all(getattr(new, name) is getattr(clean, name) for name in FIELDS)


def test_every_bad_field_is_named_in_the_order_of_the_form() -> None:
    everything = dict.fromkeys(("surname", "email", "website"), Presence.REQUIRED)

    assert refusals(everything, message="x", website="javascript:x", email="a@b", name="") == [
        ("name", "required", 1),
        ("email", "invalid", None),
        ("website", "invalid", None),
        ("message", "too_short", 2),
    ]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"name": ""}, "1 field needs your attention."),
        ({"name": "", "message": ""}, "2 fields need your attention."),
    ],
)
def test_the_error_says_how_many_fields_need_attention(bad: dict[str, str], message: str) -> None:
    clean = sanitize_comment(RawComment(**{**ALICE, **bad}))

    with pytest.raises(InvalidCommentError) as caught:
        validate_comment(clean)

    assert caught.value.code == "invalid_comment"
    assert caught.value.message == message
    assert [error.field for error in caught.value.fields] == list(bad)


@pytest.mark.parametrize("field", ["name", "surname", "email", "message"])
@pytest.mark.parametrize("nothing", ["", "   ", "\u200b\u3164\u2800", "\u202e\u00a0", "\x00"])
def test_a_required_field_that_looks_empty_is_refused(field: str, nothing: str) -> None:
    assert refusals({}, **{field: nothing}) == [(field, "required", FIELDS[field].min_chars)]


@pytest.mark.parametrize("field", ["surname", "email", "website"])
def test_an_optional_field_may_stay_empty(field: str) -> None:
    assert refusals({field: Presence.OPTIONAL}, **{field: "  "}) == []


@pytest.mark.parametrize(
    ("field", "bad", "refusal"),
    [
        ("surname", "x" * 51, ("surname", "too_long", 50)),
        ("email", "ab", ("email", "too_short", 3)),
        ("email", "alice", ("email", "invalid", None)),
        ("website", "ftp://example.org", ("website", "invalid", None)),
        ("website", "https://" + "x" * 193, ("website", "too_long", 200)),
    ],
)
def test_an_optional_field_that_is_filled_must_be_right(
    field: str, bad: str, refusal: tuple[str, str, int | None]
) -> None:
    assert refusals({field: Presence.OPTIONAL}, **{field: bad}) == [refusal]


@pytest.mark.parametrize("field", ["surname", "email", "website"])
def test_a_hidden_field_must_be_empty_and_is_unknown_otherwise(field: str) -> None:
    hidden = {field: Presence.HIDDEN}
    clean = sanitize_comment(RawComment(**{**ALICE, field: "anything"}))

    assert refusals(hidden, **{field: " \u200b "}) == []
    with pytest.raises(InvalidCommentError) as caught:
        validate_comment(clean, rules_for(**hidden))
    (error,) = caught.value.fields
    assert (error.field, error.code, error.limit) == (field, "unknown", None)
    assert error.message == "This site does not ask for this."


def test_a_website_is_not_asked_for_by_default() -> None:
    assert refusals(website="https://example.org") == [("website", "unknown", None)]


def test_an_empty_form_names_all_that_is_required() -> None:
    with pytest.raises(InvalidCommentError) as caught:
        validate_comment(sanitize_comment(RawComment()))

    assert [error.field for error in caught.value.fields] == ["name", "surname", "email", "message"]


def test_the_longest_of_everything_is_accepted() -> None:
    longest = {
        "name": "'" * 50,
        "surname": "&" * 50,
        "email": LONGEST_EMAIL,
        "website": "https://example.org/" + "<" * 180,
        "message": "<" * 10_000,
    }

    assert len(LONGEST_EMAIL) == 254
    assert refusals({"website": Presence.OPTIONAL}, **longest) == []


def test_a_refusal_never_repeats_what_was_sent() -> None:
    typed = {"name": "<script>" * 10, "email": "<script>@", "message": "<"}
    clean = sanitize_comment(RawComment(**{**ALICE, **typed}))

    with pytest.raises(InvalidCommentError) as caught:
        validate_comment(clean)

    assert not any("script" in error.message for error in caught.value.fields)
