"""Read a page's comments and write one, with nothing but GET and POST."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path

import pytest

from comity.services.close_thread import close_thread
from comity.services.context import Context
from comity.services.manage_sites import set_site
from support.cast import BOB, PAGE, SITE, post, unlimited
from web.visits import THREAD, Visitor

MESSAGE = "Tom & Jerry <3 **bold** [x](javascript:alert(1)) <script>alert(1)</script>"
SEAN = {"name": "Seán", "surname": "O'Brien", "email": "a&b@example.org", "message": MESSAGE}


def test_a_page_without_comments_shows_an_empty_thread_and_the_form(alice: Visitor) -> None:
    answer = alice.get(THREAD)

    assert answer.status == 200
    assert "No comments yet" in answer.page.text
    assert answer.page.form.action == "/comments"
    assert set(answer.page.form.buttons) == {"Post comment", "Preview"}
    assert answer.page.root.one("form")["method"] == "post"
    labels = [label.get("for") for label in answer.page.root.all("label")]
    for name in ("name", "surname", "email", "message"):
        assert labels.count(f"comity-{name}") == 1


def test_a_posted_comment_is_shown_once_and_stored_as_it_was_typed(
    alice: Visitor, context: Context
) -> None:
    answer = alice.write(**SEAN)

    assert answer.status == 303
    shown = alice.get(answer.location.partition("#")[0]).page
    (comment,) = shown.comments
    assert comment["id"] == f"comment-{answer.comment_id}"
    assert comment.one("strong", css="comity-author").text.strip() == "Seán O'Brien"
    message = comment.one(css="comity-message")
    assert message.text.strip() == "Tom & Jerry <3 bold x <script>alert(1)</script>"
    assert message.one("strong").text == "bold"
    assert not shown.root.all("script")
    assert not any("javascript" in str(node.attributes) for node in shown.root)

    database = context.database.engine.url.database
    assert database is not None
    with sqlite3.connect(Path(database)) as rows:
        row = rows.execute("SELECT name, surname, email, message FROM comity_comment").fetchone()
    rows.close()
    assert row == ("Seán", "O'Brien", "a&b@example.org", MESSAGE)


def test_the_comment_stands_in_its_thread_and_the_form_is_empty_again(alice: Visitor) -> None:
    alice.write(**SEAN)

    page = alice.get(THREAD).page
    assert "1 comment" in page.text
    assert [c.one("strong", css="comity-author").text.strip() for c in page.comments] == [
        "Seán O'Brien"
    ]
    assert page.form.fields["message"] == page.form.fields["name"] == ""
    assert "a&b@example.org" not in page.html


def test_a_reply_hangs_below_what_it_answers(alice: Visitor, bob: Visitor) -> None:
    first = alice.write(message="One")
    at = first.location.partition("#")[0]
    assert bob.get(at).page.form.fields["parent"] == first.comment_id
    second = bob.write(at, name="Bob", message="Two")
    third = alice.write(second.location.partition("#")[0], message="Three")

    page = alice.get(THREAD).page
    depths = [page.lists_above(one.comment_id) for one in (first, second, third)]
    assert depths == [1, 2, 3]
    shown = alice.get(third.location.partition("#")[0]).page
    assert [c["id"] for c in shown.comments] == [
        f"comment-{one.comment_id}" for one in (first, second, third)
    ]


def test_replies_thirty_deep_are_all_shown_and_say_whom_they_answer(
    alice: Visitor, context: Context
) -> None:
    roomy = unlimited(context)
    chain = [post(roomy, "Number 0")]
    for number in range(1, 30):
        chain.append(post(roomy, f"Number {number}", parent=chain[-1]))

    page = alice.get(THREAD).page
    assert [c["id"] for c in page.comments] == [f"comment-{one.id}" for one in chain]
    deep = page.comments[-1]
    assert "in reply to Alice Archer" in " ".join(deep.text.split())
    assert deep.one("a", css="comity-parent")["href"] == f"/comments/{chain[-2].id}"
    assert not page.comments[4].all("a", css="comity-parent")


def test_a_reply_chain_as_long_as_a_page_may_be_is_still_a_page(
    alice: Visitor, context: Context
) -> None:
    roomy = unlimited(context)
    chain = [post(roomy, "Number 0")]
    for number in range(1, 101):
        chain.append(post(roomy, f"Number {number}", parent=chain[-1]))

    for path in (f"/comments/{chain[0].id}", f"/comments/{chain[100].id}", THREAD):
        assert alice.get(path).status == 200, path


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        ({"seconds": 59}, "just now"),
        ({"minutes": 1}, "1 minute ago"),
        ({"minutes": 59}, "59 minutes ago"),
        ({"hours": 1}, "1 hour ago"),
        ({"hours": 25}, "1 day ago"),
        ({"days": 6, "hours": 23}, "6 days ago"),
        ({"days": 7}, "1 March 2026"),
        ({"hours": -1}, "just now"),
    ],
)
def test_a_time_is_said_as_a_person_says_it(
    alice: Visitor, context: Context, passed: dict[str, float], said: str
) -> None:
    post(context)
    alice.clock.advance(**passed)
    time = alice.get(THREAD).page.comments[0].one("time")
    assert (time.text, time["datetime"]) == (said, "2026-03-01T12:00:00+00:00")


def test_more_comments_than_a_page_holds_are_reached_by_links(
    alice: Visitor, context: Context
) -> None:
    roomy = unlimited(context)
    written = [post(roomy, f"Number {number}").id for number in range(120)]

    seen: list[str] = []
    page, pages = alice.get(THREAD).page, 1
    assert "Back to the first comments" not in page.links
    while True:
        seen += [comment["id"] for comment in page.comments]
        following = page.links.get("Show more comments")
        if following is None:
            break
        page, pages = alice.get(following).page, pages + 1
    assert seen == [f"comment-{one}" for one in written]
    assert pages == 3
    assert alice.get(page.links["Back to the first comments"]).page.comments[0]["id"] == seen[0]


def test_the_order_can_be_chosen_and_is_kept_over_pages(alice: Visitor, context: Context) -> None:
    roomy = unlimited(context)
    first, *_, last = [post(roomy, f"Number {number}") for number in range(60)]
    post(roomy, "Popular", by=BOB, parent=last)

    page = alice.get(THREAD).page
    assert page.comments[0]["id"] == f"comment-{first.id}"
    newest = alice.get(page.links["Newest"]).page
    assert newest.comments[0]["id"] == f"comment-{last.id}"
    rest = alice.get(newest.links["Show more comments"]).page
    assert rest.comments[-1]["id"] == f"comment-{first.id}"
    assert alice.get(page.links["Top"]).page.comments[0]["id"] == f"comment-{last.id}"
    current = newest.root.one("nav", css="comity-sorts").one("a", aria_current="true")
    assert current.text == "Newest"


@pytest.mark.parametrize("query", ["&sort=best", "&cursor=nonsense", "&sort=newest&cursor=W10"])
def test_an_order_or_place_that_we_do_not_know_is_said_to_be_wrong(
    alice: Visitor, query: str
) -> None:
    assert alice.get(THREAD + query).status == 422


@pytest.mark.parametrize(
    "path",
    [
        "/comments",
        "/comments?site=blog",
        f"/comments?page={PAGE}",
        f"/comments?site=nobody&page={PAGE}",
        "/comments?site=blog&page=hello",
        "/comments?site=blog&page=//evil.example",
        f"/comments/{uuid.UUID(int=7)}",
        "/comments/7",
        "/nothing",
        "/static/comity/nothing.css",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(alice: Visitor, path: str) -> None:
    answer = alice.get(path)
    assert answer.status == 404
    assert "Nothing here" in answer.page.text
    assert "evil" not in answer.page.html


def test_a_closed_thread_is_readable_without_a_form(alice: Visitor, context: Context) -> None:
    written = alice.write(message="In time")
    close_thread(context, SITE, PAGE)

    page = alice.get(THREAD).page
    assert "In time" in page.text
    assert "closed" in page.text
    assert not page.root.all("form")
    assert not alice.get(written.location).page.root.all("form")


def test_a_comment_sent_to_a_thread_just_closed_is_refused_and_kept(
    alice: Visitor, context: Context
) -> None:
    form = alice.get(THREAD).page.form
    close_thread(context, SITE, PAGE)

    answer = alice.send(form, **SEAN)
    assert answer.status == 403
    assert "This conversation is closed. You can read it, but not add to it." in answer.page.text
    assert {name: answer.page.form.fields[name] for name in SEAN} == SEAN


def test_a_right_to_left_site_is_written_from_right_to_left(
    alice: Visitor, context: Context
) -> None:
    set_site(context, SITE, {"language": "ar-EG", "origins": "https://blog.example.org"})
    page = alice.get(THREAD).page
    assert (page.root.one("html")["dir"], page.root.one("html")["lang"]) == ("rtl", "ar-EG")
    assert page.links["Back to the page"] == f"https://blog.example.org{PAGE}"
