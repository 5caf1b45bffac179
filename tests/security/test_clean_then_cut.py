"""Nothing touches clean HTML again.

WordPress cut it (CVE-2015-3440) and rewrote it (CVE-2026-93485).
"""

from __future__ import annotations

import uuid

import pytest

from comity.services.context import Context
from comity.text.render import render
from support.cast import stored
from web.json_api import Api
from web.visits import THREAD, Visitor

LONG = [
    "<blockquote cite='" + "\n" * 50 + "autofocus onfocus=alert(1)'>",
    "*" + "a" * 9_990 + "*",
    "[" + "x" * 4_000 + "](https://x.example/" + "y" * 5_000 + ")",
    "'" * 10_000,
    "&" * 10_000,
    "😀" * 10_000,
    "e\u0301" * 5_000,
    "<a title='" + "x" * 9_900 + "' onmouseover=alert(1)>",
]


@pytest.mark.parametrize("message", LONG, ids=lambda text: text[:12])
def test_what_the_sanitizer_made_is_served_byte_for_byte(
    alice: Visitor, api: Api, context: Context, message: str
) -> None:
    answer = alice.write(message=message)
    assert answer.status == 303
    row = stored(context.database, uuid.UUID(answer.comment_id))
    made = str(render(row.message))
    assert str(row.html) == made
    assert api.get(f"/comments/{row.id}").json["html"] == made
    assert f'<div class="comity-message" dir="auto">{made}</div>' in alice.get(THREAD).page.html


@pytest.mark.parametrize("character", ["a", "'", "😀", "&", "\u0915"])
def test_a_message_too_long_is_refused_and_never_cut(
    alice: Visitor, api: Api, context: Context, character: str
) -> None:
    whole = alice.write(message=character * 10_000)
    row = stored(context.database, uuid.UUID(whole.comment_id))
    assert row.message.plain == character * 10_000

    answer = alice.write(message=character * 10_001)
    assert answer.status == 422
    assert answer.page.form.fields["message"] == character * 10_001
    assert "this is 1 too many" in answer.page.text
    assert api.send(api.body(message=character * 10_001)).status_code == 422
    assert api.thread()["comment_count"] == 1


def test_sixty_four_kibibytes_are_nothing_special(alice: Visitor) -> None:
    for count in (65_535, 65_536):
        answer = alice.write(message="<b title='" + "a" * count)
        assert answer.status == 422
        assert len(answer.page.form.fields["message"]) == count + 10


def test_a_name_of_apostrophes_is_as_long_as_it_looks(alice: Visitor) -> None:
    assert alice.write(name="'" * 50).status == 303
    assert alice.write(name="'" * 51).status == 422
    shown = alice.get(THREAD).page.comments[0].one("strong", css="comity-author")
    assert shown.text.strip() == "'" * 50 + " Archer"
