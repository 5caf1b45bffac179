"""An author changes and deletes a comment; the form's own token is the proof."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import SITE, post
from web.visits import THREAD, Visitor


def test_the_author_sees_the_way_to_change_it_and_nobody_else_does(
    alice: Visitor, bob: Visitor
) -> None:
    written = alice.write()
    ways = {f"/comments/{written.comment_id}/edit", f"/comments/{written.comment_id}/delete"}

    assert ways <= set(alice.get(THREAD).page.links.values())
    assert not ways & set(bob.get(THREAD).page.links.values())
    for way in ways:
        answer = bob.get(way)
        assert answer.status == 403
        assert not answer.page.root.all("form")


def test_an_edit_is_shown_and_marked(alice: Visitor) -> None:
    at = f"/comments/{alice.write(message='Frist!').comment_id}"
    page = alice.get(f"{at}/edit").page
    assert page.form.fields["message"] == "Frist!"
    assert set(page.form.fields) == {"edit_token", "message"}

    answer = alice.send(page.form, message="First, & <i>'quoted'</i>")
    assert answer.status == 303
    assert answer.location == f"{at}#comment-{at.rpartition('/')[2]}"
    (comment,) = alice.get(THREAD).page.comments
    assert comment.one(css="comity-message").text.strip() == "First, & <i>'quoted'</i>"
    assert "edited" in comment.one(css="comity-edited").text
    again = alice.get(f"{at}/edit").page
    assert again.form.fields["message"] == "First, & <i>'quoted'</i>"


def test_a_bad_edit_comes_back_with_its_text(alice: Visitor) -> None:
    at = f"/comments/{alice.write().comment_id}"
    form = alice.get(f"{at}/edit").page.form
    for button in (None, "Preview"):
        answer = alice.send(form, button=button, message="\nä")
        assert answer.status == 422
        assert "Write at least 2 characters." in answer.page.text
        assert answer.page.form.fields["message"] == "\nä"
        assert answer.page.root.one(id="comity-message")["aria-invalid"] == "true"
        assert answer.page.form.action == f"{at}/edit"


def test_an_edit_can_be_previewed(alice: Visitor) -> None:
    at = f"/comments/{alice.write(message='Before').comment_id}"
    answer = alice.send(alice.get(f"{at}/edit").page.form, button="Preview", message="**After**")

    assert answer.status == 200
    assert answer.page.root.one("section", css="comity-preview").one("strong").text == "After"
    assert "Before" in alice.get(at).page.text
    assert alice.send(answer.page.form).status == 303
    assert "After" in alice.get(at).page.text


def test_deleting_asks_first_and_then_erases_the_mail_address(
    alice: Visitor, context: Context
) -> None:
    written = alice.write(message="To be gone")
    at = f"/comments/{written.comment_id}"
    page = alice.get(f"{at}/delete").page
    assert "You cannot take this back." in page.text
    assert "To be gone" in page.text
    assert alice.get(at).status == 200

    answer = alice.send(page.form, button="Delete comment")
    assert (answer.status, answer.location) == (303, "/comments?site=blog&page=/hello")
    assert alice.get(at).status == 404
    assert not alice.get(THREAD).page.comments
    with context.database.engine.connect() as rows:
        assert rows.execute(text("SELECT email, address FROM comity_comment")).one() == (None, None)


def test_a_deleted_comment_with_replies_keeps_its_place_without_its_words(
    alice: Visitor, bob: Visitor
) -> None:
    written = alice.write(message="To be gone")
    at = f"/comments/{written.comment_id}"
    bob.write(at, name="Bob", message="But I answered")
    alice.send(alice.get(f"{at}/delete").page.form)

    page = bob.get(at).page
    assert "This comment was deleted." in page.text
    assert "But I answered" in page.text
    assert "A deleted comment" in page.root.one("title").text
    for words in ("To be gone", "Alice"):
        assert words not in page.html
        assert words not in bob.get(THREAD).page.html


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_the_edit_window_closes_to_the_second(alice: Visitor, act: str) -> None:
    at = f"/comments/{alice.write().comment_id}/{act}"
    form = alice.get(at).page.form
    alice.clock.advance(minutes=14, seconds=59)
    assert alice.get(at).status == 200
    alice.clock.advance(seconds=1)
    assert alice.get(at).status == 403

    answer = alice.send(form, seconds=0)
    assert answer.status == 403
    assert "The time for changing this comment is over." in answer.page.text
    assert "Good morning." in alice.get(THREAD).page.text


def test_an_edit_that_comes_too_late_keeps_its_text(alice: Visitor) -> None:
    form = alice.get(f"/comments/{alice.write().comment_id}/edit").page.form
    answer = alice.send(form, seconds=3600, message="What I meant")
    assert answer.page.form.fields["message"] == "What I meant"


@pytest.mark.parametrize("act", ["edit", "edit/preview", "delete"])
@pytest.mark.parametrize("proof", ["none", "empty", "form token", "other comment"])
def test_the_cookie_alone_changes_nothing(
    alice: Visitor, act: str, proof: str, context: Context
) -> None:
    at = f"/comments/{alice.write(message='Mine').comment_id}"
    other = alice.write(message="Also mine").comment_id
    fields = {"message": "Mallory was here"}
    match proof:
        case "empty":
            fields["edit_token"] = ""
        case "form token":
            fields["edit_token"] = alice.get(THREAD).page.form.fields["form_token"]
        case "other comment":
            form = alice.get(f"/comments/{other}/edit").page.form
            fields["edit_token"] = form.fields["edit_token"]

    assert alice.post(f"{at}/{act}", fields).status == 403
    assert "Mine" in alice.get(at).page.text
    with context.database.engine.connect() as rows:
        actions = rows.execute(text("SELECT DISTINCT action FROM comity_moderation_event"))
        assert set(actions.scalars()) == {"posted"}


def test_a_comment_of_somebody_else_cannot_be_found_by_trying(alice: Visitor) -> None:
    unknown = "/comments/00000000-0000-7000-8000-000000000000"
    for act in ("", "/edit", "/delete"):
        assert alice.get(unknown + act).status == 404
    for act in ("/edit", "/edit/preview", "/delete"):
        assert alice.post(unknown + act, {"message": "Hello"}).status == 404


def test_a_held_comment_is_its_authors_alone(
    alice: Visitor, bob: Visitor, context: Context
) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    page = alice.get(THREAD).page
    assert "Send for review" in page.form.buttons

    answer = alice.write(message="Waiting")
    assert answer.status == 303
    assert answer.location.startswith("/comments/received?")
    received = alice.get(answer.location).page
    assert "Your comment has arrived and is waiting for approval." in received.text
    assert "Waiting" in received.text
    assert "Waiting for approval" in received.root.one(css="comity-pending").text

    at = f"/comments/{answer.comment_id}"
    assert "Until then, only you can see it" in alice.get(at).page.text
    assert alice.get(at).page.links["Edit your comment of just now"] == f"{at}/edit"
    assert not alice.get(at).page.root.all("form")
    assert bob.get(at).status == 404
    assert bob.get(f"{at}/edit").status == 404
    assert "Waiting" not in bob.get(answer.location).page.html.replace("waiting", "")
    assert not bob.get(answer.location).page.comments
    assert not bob.get(THREAD).page.comments


def test_a_held_comment_can_be_changed_and_deleted_by_its_author(
    alice: Visitor, context: Context
) -> None:
    set_site(context, SITE, {"moderation": "hold"})
    at = f"/comments/{alice.write(message='Waiting').comment_id}"
    alice.send(alice.get(f"{at}/edit").page.form, message="Better words")
    assert "Better words" in alice.get(at).page.text
    assert alice.send(alice.get(f"{at}/delete").page.form).status == 303
    assert alice.get(at).status == 404


@pytest.mark.parametrize("query", ["", "&id=x", "&id=00000000-0000-7000-8000-000000000000"])
def test_the_page_after_posting_without_a_known_comment_shows_the_thread(
    alice: Visitor, context: Context, query: str
) -> None:
    post(context, "Published")
    for view in ("", "&view=embed"):
        page = alice.get(f"/comments/received?site=blog&page=/hello{query}{view}").page
        assert "Your comment has arrived" in page.text
        assert "Published" in page.text
