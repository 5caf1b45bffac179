from __future__ import annotations

import pytest

from comity.errors import InvalidCommentError, InvalidFieldError, NotFoundError
from comity.model import Site
from comity.services.context import Context
from comity.services.list_sites import all_origins, get_site, list_sites
from comity.services.manage_sites import CHOICES, add_site, set_site
from comity.services.places import site_rules
from comity.text.fields import FIELDS, Presence
from support.cast import ALICE, SITE, post, send, write


def test_a_new_site_has_the_defaults_that_the_readme_names(context: Context) -> None:
    site = get_site(context, SITE)
    assert (site.key, site.title, site.language) == ("blog", "The blog", "en")
    assert (site.surname, site.email, site.website) == ("required", "required", "hidden")
    assert (site.moderation, site.edit_window_minutes) == ("publish", 15)
    assert (site.origins, site.page_prefixes) == ([], [])
    assert site.created_at == context.clock()
    assert site_rules(site) == dict(FIELDS)


@pytest.mark.parametrize("key", ["a", "7", "my-blog", "a" * 63])
def test_a_site_can_be_called(context: Context, key: str) -> None:
    add_site(context, key, "Title")
    assert [site.key for site in list_sites(context)] == sorted([key, SITE])


@pytest.mark.parametrize(
    "key", ["", "A", "-a", "a-", "a" * 64, "a b", "a/b", "ä", "a\n", "a\x00", "..", "a_b"]
)
def test_a_site_cannot_be_called(context: Context, key: str) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        add_site(context, key, "Title")
    assert refused.value.field == "key"


def test_two_sites_of_one_name_are_refused_and_the_first_stays(context: Context) -> None:
    with pytest.raises(InvalidFieldError, match="already"):
        add_site(context, SITE, "Another")
    assert get_site(context, SITE).title == "The blog"


@pytest.mark.parametrize("title", ["", "  ", "x" * 201, "a\nb", "a\x1b[2Jb", "a\u202eb"])
def test_a_title_that_would_harm_a_page_or_terminal_is_refused(
    context: Context, title: str
) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        add_site(context, "shop", title)
    assert refused.value.field == "title"


GOOD = [
    ("title", " Tom & Jerry's ", "Tom & Jerry's"),
    ("language", "pt-BR", "pt-BR"),
    ("language", "zh-Hant-TW", "zh-Hant-TW"),
    ("origins", "", []),
    ("origins", "https://Blog.Example.org", ["https://blog.example.org"]),
    ("origins", "https://a.org:443, http://b.org:80,", ["https://a.org", "http://b.org"]),
    ("origins", "http://localhost:3000", ["http://localhost:3000"]),
    ("origins", "http://[::1]:8000", ["http://[::1]:8000"]),
    ("page_prefixes", "/posts/, /notes", ["/posts/", "/notes"]),
    ("page_prefixes", "", []),
    ("surname", "hidden", "hidden"),
    ("email", "optional", "optional"),
    ("website", "required", "required"),
    ("moderation", "hold", "hold"),
    ("edit_window_minutes", "0", 0),
    ("edit_window_minutes", "1440", 1440),
]


@pytest.mark.parametrize(("name", "typed", "kept"), GOOD)
def test_an_owner_can_choose(context: Context, name: str, typed: str, kept: object) -> None:
    set_site(context, SITE, {name: typed})
    assert getattr(get_site(context, SITE), name) == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("title", ""),
        ("language", "english!"),
        ("language", ""),
        ("origins", "blog.example.org"),
        ("origins", "*"),
        ("origins", "null"),
        ("origins", "https://a.org/path"),
        ("origins", "https://a.org?q"),
        ("origins", "https://user@a.org"),
        ("origins", "https://a.org:99999"),
        ("origins", "https://["),
        ("origins", "javascript:alert(1)"),
        ("origins", "https://a.org, ftp://b.org"),
        ("page_prefixes", "posts"),
        ("page_prefixes", "/ok, //evil.example"),
        ("surname", "maybe"),
        ("email", "Required"),
        ("website", ""),
        ("moderation", "off"),
        ("edit_window_minutes", "-1"),
        ("edit_window_minutes", "1441"),
        ("edit_window_minutes", "soon"),
        ("edit_window_minutes", ""),
    ],
)
def test_a_choice_that_cannot_be_names_itself_and_changes_nothing(
    context: Context, name: str, typed: str
) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        set_site(context, SITE, {"title": "New", name: typed})
    assert refused.value.field == name
    assert get_site(context, SITE).title == "The blog"


@pytest.mark.parametrize("name", ["id", "key", "created_at", "metadata", "moderaton", "__class__"])
def test_what_is_not_the_owners_to_choose_is_unknown(context: Context, name: str) -> None:
    with pytest.raises(InvalidFieldError, match="It has: title, language") as refused:
        set_site(context, SITE, {name: "1"})
    assert refused.value.code == "unknown"


def test_every_choice_is_a_column_and_has_a_test_here() -> None:
    assert set(CHOICES) == {name for name, *_ in GOOD}
    assert set(CHOICES) <= set(Site.__table__.columns.keys())


def test_a_site_that_is_not_there_cannot_be_changed(context: Context) -> None:
    with pytest.raises(NotFoundError):
        set_site(context, "shop", {"title": "New"})
    with pytest.raises(NotFoundError):
        get_site(context, "shop")


def test_a_choice_holds_from_the_next_comment_on(context: Context) -> None:
    post(context)
    set_site(context, SITE, {"surname": "hidden"})
    with pytest.raises(InvalidCommentError):
        send(context, ALICE)
    assert post(context, by=write(ALICE, surname="")).surname == ""


def test_a_preflight_knows_the_origins_of_all_sites(context: Context) -> None:
    add_site(context, "shop", "The shop")
    set_site(context, SITE, {"origins": "https://a.org,https://b.org"})
    set_site(context, "shop", {"origins": "https://b.org,https://c.org"})
    assert all_origins(context) == {"https://a.org", "https://b.org", "https://c.org"}


def test_the_table_of_presences_is_the_form_that_people_get(context: Context) -> None:
    set_site(context, SITE, {"surname": "optional", "email": "hidden", "website": "required"})
    rules = site_rules(get_site(context, SITE))
    assert {name: rule.presence for name, rule in rules.items()} == {
        "name": Presence.REQUIRED,
        "surname": Presence.OPTIONAL,
        "email": Presence.HIDDEN,
        "website": Presence.REQUIRED,
        "message": Presence.REQUIRED,
    }
