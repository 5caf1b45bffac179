"""Validate: refuse what does not fit, change nothing."""

from __future__ import annotations

from collections.abc import Mapping

from comity.errors import InvalidCommentError, InvalidFieldError

from .email import validate_email
from .fields import FIELDS, FieldRule, Presence
from .safe_text import TextT, plain
from .stages import CleanComment, NewComment
from .website import validate_website


def validate(value: TextT, field: str = "message", *, rule: FieldRule | None = None) -> TextT:
    """Return `value` unchanged if its length fits the row for `field`.

    Lengths count the characters a person typed: a SafeText is counted by its
    `.plain`. `rule` replaces the table's row, for a site's own limits.

    Raises:
        InvalidFieldError: `required`, `too_short` or `too_long`, with the limit.
        KeyError: there is no such field; a mistake in the program, not in the input.
    """
    rule = rule or FIELDS[field]
    typed_chars = len(plain(value))
    if not typed_chars:
        if rule.presence is Presence.REQUIRED:
            raise InvalidFieldError(field, "required", _please_enter(rule), rule.min_chars)
        return value
    if typed_chars < rule.min_chars:
        message = f"Write at least {rule.min_chars} characters."
        raise InvalidFieldError(field, "too_short", message, rule.min_chars)
    if typed_chars > rule.max_chars:
        over = typed_chars - rule.max_chars
        message = f"At most {rule.max_chars:,} characters fit here; this is {over:,} too many."
        raise InvalidFieldError(field, "too_long", message, rule.max_chars)
    return value


def validate_comment(clean: CleanComment, rules: Mapping[str, FieldRule] = FIELDS) -> NewComment:
    """Return the fields of `clean`, proved to fit `rules`.

    A field that the site hides must be empty: nobody was asked for it.

    Raises:
        InvalidCommentError: with every bad field, in the order of the form.
    """
    refused: list[InvalidFieldError] = []
    for name, rule in rules.items():
        try:
            _validate_field(getattr(clean, name), rule)
        except InvalidFieldError as error:
            refused.append(error)
    if refused:
        raise InvalidCommentError(refused)
    return NewComment(**clean.__dict__)


def _validate_field(value: str, rule: FieldRule) -> None:
    if rule.presence is Presence.HIDDEN:
        if value:
            raise InvalidFieldError(rule.name, "unknown", "This site does not ask for this.")
        return
    validate(value, rule.name, rule=rule)
    if value and rule.name == "email":
        validate_email(value)
    if value and rule.name == "website":
        validate_website(value)


def _please_enter(rule: FieldRule) -> str:
    return "Write a message." if rule.name == "message" else f"Enter your {rule.label.lower()}."
