"""A form with mistakes comes back with each named beside its field, and nothing typed is lost."""

from __future__ import annotations

import pytest

from comity.services.context import Context
from comity.services.delete_comment import delete_comment
from comity.services.list_sites import list_sites
from comity.services.manage_sites import set_site
from support.cast import SITE, mo, post
from web.dom import Page
from web.visits import AS_ALICE, THREAD, Visitor

BAD = {"name": " ", "surname": "B" * 51, "email": "nobody", "message": "x"}
EXPECTED = {
    "name": "Enter your name.",
    "surname": "At most 50 characters fit here; this is 1 too many.",
    "message": "Write at least 2 characters.",
}
HOSTILE = '\n\n  It\'s "quoted" & <b>bold</b> </textarea><script>alert(1)</script> &lt; \t end  '


def error_beside(page: Page, name: str) -> str | None:
    """The message that a screen reader says for a field, by its own markup."""
    (field,) = page.root.all(id=f"comity-{name}")
    if field.get("aria-invalid") != "true":
        return None
    described = [page.root.one(id=one) for one in field["aria-describedby"].split()]
    (message,) = [one for one in described if "comity-error" in one["class"]]
    return " ".join(message.text.split()).removeprefix("Error: ")


def test_four_bad_fields_are_four_messages_beside_four_fields(alice: Visitor) -> None:
    answer = alice.write(**BAD)

    assert answer.status == 422
    page = answer.page
    said = {name: error_beside(page, name) for name in BAD}
    assert EXPECTED.items() <= said.items()
    assert "@" in (said["email"] or "")
    assert page.form.fields.items() >= BAD.items()
    assert page.root.one("title").text.startswith("Error: ")


def test_a_summary_above_the_form_links_to_every_bad_field(alice: Visitor) -> None:
    page = alice.write(**BAD).page

    summary = page.root.one(id="comity-errors")
    assert summary["role"] == "alert"
    assert "4 fields need your attention" in summary.text
    links = {link["href"]: link.text for link in summary.all("a")}
    assert set(links) == {f"#comity-{name}" for name in BAD}
    for address, words in links.items():
        (target,) = page.root.all(id=address[1:])
        assert str(error_beside(page, target["name"])) in words


def test_a_good_field_beside_a_bad_one_is_not_marked(alice: Visitor) -> None:
    page = alice.write(name="").page
    assert [error_beside(page, name) for name in ("surname", "email", "message")] == [None] * 3
    assert page.form.fields["surname"] == AS_ALICE["surname"]
    assert "1 field needs your attention" in page.text


@pytest.mark.parametrize(
    "typed",
    [HOSTILE, "\nfirst line empty", "\r\nwindows\r\nlines", "'", "&amp;amp;", "</textarea>", "\t"],
)
def test_every_typed_character_comes_back(alice: Visitor, typed: str) -> None:
    typed_fields = {"name": "", "surname": typed, "email": typed, "message": typed}
    page = alice.write(**typed_fields).page
    # A browser shows CRLF as LF in a text area and in no other place.
    expected = {**typed_fields, "message": typed.replace("\r\n", "\n")}
    shown = {name: page.form.fields[name] for name in expected}
    shown["message"] = shown["message"].replace("\r\n", "\n")
    assert shown == expected
    assert not page.root.all("script")


def test_a_corrected_form_posts_the_comment(alice: Visitor) -> None:
    again = alice.write(message="x").page.form
    assert alice.send(again, message="A whole sentence.").status == 303


def test_preview_shows_the_message_and_posts_nothing(alice: Visitor) -> None:
    answer = alice.send(
        alice.get(THREAD).page.form,
        button="Preview",
        **{**AS_ALICE, "message": "\n**Look** <script>alert(1)</script>"},
    )

    assert answer.status == 200
    shown = answer.page.root.one("section", css="comity-preview")
    assert shown.one("strong", css="comity-author").text == "Alice Archer"
    assert shown.one(css="comity-message").one("strong").text == "Look"
    assert not answer.page.root.all("script")
    fields = answer.page.form.fields
    assert fields["message"] == "\n**Look** <script>alert(1)</script>"
    assert fields["email"] == AS_ALICE["email"]
    assert not alice.get(THREAD).page.comments
    assert alice.send(answer.page.form).status == 303


def test_a_message_that_cannot_be_published_cannot_be_previewed(alice: Visitor) -> None:
    form = alice.get(THREAD).page.form
    answer = alice.send(form, button="Preview", message="x", email="kept@example.org")
    assert answer.status == 422
    assert error_beside(answer.page, "message") == "Write at least 2 characters."
    assert answer.page.form.fields["email"] == "kept@example.org"


def test_a_preview_with_a_spent_token_renews_it(alice: Visitor) -> None:
    form = alice.get(THREAD).page.form
    old = form.fields["form_token"]
    alice.clock.advance(hours=25)
    page = alice.send(form, button="Preview", **AS_ALICE).page
    assert page.form.fields["form_token"] != old
    assert alice.send(page.form).status == 303


def _spoil(alice: Visitor, how: str) -> dict[str, str]:
    fields = {**alice.get(THREAD).page.form.fields, **AS_ALICE, "message": HOSTILE}
    match how:
        case "expired":
            alice.clock.advance(hours=24, seconds=1)
        case "missing":
            del fields["form_token"]
        case "empty":
            fields["form_token"] = ""
        case "altered":
            fields["form_token"] = "A" + fields["form_token"][1:]
        case "of another page":
            other = alice.get("/comments?site=blog&page=/other").page.form
            fields["form_token"] = other.fields["form_token"]
        case "endless":
            fields["form_token"] = "a" * 100_000
        case "not ASCII":
            fields["form_token"] = "ä" * 40
    return fields


@pytest.mark.parametrize(
    "how", ["expired", "missing", "empty", "altered", "of another page", "endless", "not ASCII"]
)
def test_a_form_whose_token_is_no_good_comes_back_fresh_with_its_text(
    alice: Visitor, how: str
) -> None:
    fields = _spoil(alice, how)
    alice.clock.advance(seconds=30)
    answer = alice.post("/comments", fields)

    assert answer.status == 422
    assert "Nothing is lost: please send it again." in answer.page.text
    fresh = answer.page.form
    assert fresh.fields["message"] == HOSTILE
    assert fresh.fields["form_token"] != fields.get("form_token")
    assert fresh.honeypot in fresh.fields
    assert alice.send(fresh).status == 303


def test_a_form_that_is_a_day_old_to_the_second_still_posts(alice: Visitor) -> None:
    form = alice.get(THREAD).page.form
    assert alice.send(form, seconds=24 * 3600, **AS_ALICE).status == 303


def test_a_form_sent_twice_posts_once(alice: Visitor) -> None:
    form = alice.get(THREAD).page.form
    first = alice.send(form, **AS_ALICE)
    second = alice.send(form, **AS_ALICE)

    assert (first.status, second.status) == (303, 303)
    assert first.comment_id == second.comment_id
    assert len(alice.get(THREAD).page.comments) == 1


def test_a_form_used_again_for_other_words_comes_back_fresh_with_them(alice: Visitor) -> None:
    form = alice.get(THREAD).page.form
    alice.send(form, **AS_ALICE)
    answer = alice.send(form, **{**AS_ALICE, "message": "Something else."})

    assert answer.status == 422
    assert "already posted" in answer.page.text
    assert answer.page.form.fields["message"] == "Something else."
    assert alice.send(answer.page.form).status == 303
    assert len(alice.get(THREAD).page.comments) == 2


def test_a_reply_to_a_comment_deleted_meanwhile_keeps_its_text(
    alice: Visitor, context: Context
) -> None:
    parent = post(context, "Soon gone")
    form = alice.get(f"/comments/{parent.id}").page.form
    delete_comment(context, mo(*list_sites(context)), parent.id)

    answer = alice.send(form, **{**AS_ALICE, "message": "To nobody."})
    assert answer.status == 404
    assert answer.page.form.fields["message"] == "To nobody."


@pytest.mark.parametrize("parent", ["x", "00000000-0000-7000-8000-000000000000"])
def test_a_reply_to_nothing_is_not_found(alice: Visitor, parent: str) -> None:
    fields = {**alice.get(THREAD).page.form.fields, **AS_ALICE, "parent": parent}
    assert alice.post("/comments", fields).status == 404
    assert not alice.get(THREAD).page.comments


def test_a_site_asks_only_for_the_fields_its_owner_wants(alice: Visitor, context: Context) -> None:
    set_site(context, SITE, {"surname": "hidden", "email": "optional", "website": "optional"})
    page = alice.get(THREAD).page
    assert "surname" not in page.form.fields
    assert "required" not in page.root.one(id="comity-email").attributes
    form = page.form
    answer = alice.send(form, name="Alice", website="javascript:alert(1)", message="Hi there")
    assert answer.status == 422
    assert error_beside(answer.page, "website")
    shown = alice.get(
        alice.send(answer.page.form, website="https://alice.example/?a=1&b=2").location
    )
    author = shown.page.root.one("strong", css="comity-author")
    assert author.one("a")["href"] == "https://alice.example/?a=1&b=2"


def test_a_field_that_the_site_hides_is_refused_and_said(alice: Visitor, context: Context) -> None:
    set_site(context, SITE, {"surname": "hidden"})
    fields = {**alice.get(THREAD).page.form.fields, **AS_ALICE}
    alice.clock.advance(seconds=30)
    answer = alice.post("/comments", fields)
    assert answer.status == 422
