from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import FrozenInstanceError
from typing import cast

import pytest

from comity.text.fields import FIELDS, MAX_LOCAL_CHARS, FieldRule, Presence, rules_for
from comity.text.stages import CleanComment, NewComment, RawComment


def test_the_table_is_the_one_in_the_design() -> None:
    table = {
        rule.name: (rule.min_chars, rule.max_chars, rule.one_line, rule.presence.value)
        for rule in FIELDS.values()
    }

    assert table == {
        "name": (1, 50, True, "required"),
        "surname": (1, 50, True, "required"),
        "email": (3, 254, True, "required"),
        "website": (0, 200, True, "hidden"),
        "message": (2, 10_000, False, "required"),
    }
    assert MAX_LOCAL_CHARS == 64


def test_the_fields_come_in_the_order_of_the_form() -> None:
    assert list(FIELDS) == ["name", "surname", "email", "website", "message"]
    assert [rule.name for rule in FIELDS.values()] == list(FIELDS)


@pytest.mark.parametrize("stage", [RawComment, CleanComment, NewComment])
def test_every_stage_has_exactly_the_fields_of_the_table(stage: type[RawComment]) -> None:
    assert list(stage.__dataclass_fields__) == list(FIELDS)


def test_a_browser_can_fill_in_what_it_knows() -> None:
    assert [rule.autocomplete for rule in FIELDS.values()] == [
        "given-name",
        "family-name",
        "email",
        "url",
        "off",
    ]


def test_nobody_changes_the_table_while_it_runs() -> None:
    with pytest.raises(TypeError):
        cast("MutableMapping[str, FieldRule]", FIELDS)["name"] = FIELDS["message"]
    with pytest.raises(FrozenInstanceError):
        FIELDS["name"].max_chars = 5_000  # type: ignore[misc]
    with pytest.raises(TypeError):
        cast("MutableMapping[str, FieldRule]", rules_for())["name"] = FIELDS["message"]


def test_without_choices_the_rules_are_the_table() -> None:
    assert dict(rules_for()) == dict(FIELDS)


@pytest.mark.parametrize("presence", list(Presence))
def test_a_site_chooses_surname_email_and_website(presence: Presence) -> None:
    rules = rules_for(surname=presence, email=presence, website=presence)

    assert list(rules) == list(FIELDS)
    assert {name: rule.presence for name, rule in rules.items()} == {
        "name": Presence.REQUIRED,
        "surname": presence,
        "email": presence,
        "website": presence,
        "message": Presence.REQUIRED,
    }


def test_a_choice_changes_nothing_else() -> None:
    rules = rules_for(surname=Presence.OPTIONAL, website=Presence.REQUIRED)

    for name, rule in FIELDS.items():
        assert {**rules[name].__dict__, "presence": None} == {**rule.__dict__, "presence": None}
    assert FIELDS["surname"].presence is Presence.REQUIRED
