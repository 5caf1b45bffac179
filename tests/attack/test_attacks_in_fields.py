from __future__ import annotations

from collections.abc import Iterable

import pytest
from page_reader import PageReader
from payloads import PAYLOADS
from roads import FORM_TYPE, GOOD, SITE, Roads, query, urlencoded

import corpora

pytest_plugins = ("attack_fixtures",)

ONE_AT_A_TIME = ("xss-open", "naughty-open", "unicode-hazards")
ALL_AT_ONCE = (
    *("email-open", "crlf", "sqli", "ssti", "nosql", "traversal", "csv-formula"),
    *("email-header-injection", "log-injection"),
)
DOORS = pytest.mark.parametrize("door", ["form", "api"])
FIELDS = pytest.mark.parametrize(
    "fields", [("name", "surname"), ("message",), ("email", "website")], ids="/".join
)


def strings(name: str) -> Iterable[str]:
    if name == "email-open":
        return [row["address"] for row in corpora.rows(name)]
    return [text for _, text in corpora.payloads(name)]


@DOORS
@FIELDS
def test_our_own_strings_come_through_every_field_as_text(
    roads: Roads, door: str, fields: tuple[str, ...]
) -> None:
    send(roads, door, (dict.fromkeys(fields, text) for text in PAYLOADS.values()))


@pytest.mark.corpora
@FIELDS
@pytest.mark.parametrize("name", ONE_AT_A_TIME)
def test_each_string_comes_through_each_field_of_the_form_as_text(
    roads: Roads, fields: tuple[str, ...], name: str
) -> None:
    send(roads, "form", (dict.fromkeys(fields, text) for text in strings(name)))


@pytest.mark.corpora
@pytest.mark.parametrize("name", ALL_AT_ONCE)
def test_each_string_comes_through_all_fields_of_the_form_as_text(roads: Roads, name: str) -> None:
    send(roads, "form", (fields for text in strings(name) for fields in spread(text)))


@pytest.mark.corpora
@pytest.mark.parametrize("name", [*ONE_AT_A_TIME, *ALL_AT_ONCE])
def test_each_string_comes_through_all_fields_of_the_api_as_text(roads: Roads, name: str) -> None:
    send(roads, "api", (fields for text in strings(name) for fields in spread(text)))


def spread(text: str) -> Iterable[dict[str, str]]:
    """Return one post that can be accepted and one that hardly can, with `text` in all fields."""
    yield {"name": text[:50], "surname": text[:50], "message": f"> {text}"}
    yield {"email": text, "website": text}


def send(roads: Roads, door: str, posts: Iterable[dict[str, str]]) -> None:
    for changes in posts:
        if door == "form":
            roads.by_form(changes)
        else:
            roads.by_api(changes)
    roads.look()
    assert roads.looked_at + roads.refused >= 15


@pytest.mark.parametrize("raw", [b"%ff%fe", b"%ED%A0%80", b"%C0%BCscript%C0%BE", b"\xff\xfe"])
def test_bytes_that_are_no_characters_are_stored_as_something_harmless(
    roads: Roads, raw: bytes
) -> None:
    fields = urlencoded({"site": SITE, "page": "/bytes", **GOOD, **roads.form_token("/bytes")})
    sent = fields.encode().replace(b"name=Alice", b"name=a" + raw)

    answer = roads.ask("POST", "/comments", data=sent, content_type=FORM_TYPE)

    # Bytes that are not even percent-encoded make the whole form unreadable: it names no site.
    assert answer.status_code == (404 if b"\xff" in raw else 303)
    page = roads.ask("GET", "/comments", query_string=query(site=SITE, page="/bytes"))
    reader = PageReader(page.text)
    assert reader.strange == []
    assert len(reader.articles) == (answer.status_code == 303)


def test_the_reader_of_pages_sees_what_an_unescaped_string_would_do() -> None:
    page = '<article id="a"><strong class="comity-author">{0}</strong></article>{0}'

    seen = {name for name, text in PAYLOADS.items() if PageReader(page.format(text)).strange}

    assert {"script", "image", "svg", "frame", "base", "style", "refresh"} <= seen
    assert not {"ordinary", "formula", "sql", "template"} & seen


def test_the_roads_notice_a_character_that_changes_on_its_way(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roads.canonicalize", lambda text, **_: text.upper())

    with pytest.raises(AssertionError):
        roads.by_form({"message": "small letters"})
