from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity import SafeText, sanitize
from comity.model import Comment, Status
from comity.text.fields import FIELDS
from support.forest import NEW

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("deleted_at", [None, NOW])
def test_readers_see_the_words_of_what_is_approved_and_not_deleted(
    status: Status, deleted_at: datetime | None
) -> None:
    comment = Comment(status=status, deleted_at=deleted_at)
    assert comment.is_visible == (status is Status.APPROVED and deleted_at is None)


def test_an_author_is_name_and_surname_still_escaped() -> None:
    comment = Comment(name=sanitize("Tom & Jerry"), surname=sanitize("O'Brien"))
    assert type(comment.author) is SafeText
    assert comment.author.plain == "Tom & Jerry O'Brien"


def test_an_author_without_surname_is_the_name_alone() -> None:
    assert Comment(name=NEW.name, surname=sanitize("")).author == "Alice"


def test_the_migration_and_the_table_of_fields_name_the_same_lengths() -> None:
    limits = {name: rule.max_chars for name, rule in FIELDS.items()}
    # migrations/versions/0001 has these numbers written out: changing one needs a migration.
    assert limits == {
        "name": 50,
        "surname": 50,
        "email": 254,
        "website": 200,
        "message": 10_000,
    }
