from __future__ import annotations

import re
from typing import Any

import pytest
from read_html import Page, assert_allowed, shown

import corpora
from comity import InvalidFieldError, sanitize, validate, validate_email
from comity.text.canonical import MAX_MARKS_PER_BASE, canonicalize
from comity.text.excerpt import excerpt
from comity.text.render import render

pytestmark = pytest.mark.corpora

ATTACKS = (
    *("xss-open", "naughty-open", "sqli", "ssti", "crlf", "traversal", "nosql", "csv-formula"),
    *("email-header-injection", "log-injection", "unicode-hazards", "tubespam-train"),
)
RAW_SPECIAL = re.compile(r"""[<>"']|&(?!(?:amp|lt|gt|#34|#39);)""")

KEPT = {f"u{number:03}" for number in (*range(1, 5), *range(6, 14), 20, *range(31, 38))} | {
    f"u{number:03}" for number in (*range(39, 45), 56, 62, *range(73, 79))
}
EMPTY = {"u025", "u026", "u027", "u028"}
BECOMES = {
    "u005": "Jos\u00e9",
    "u014": "abc<gpj.exe",
    "u015": "abc",
    "u016": "abc",
    "u017": "abc",
    "u018": "ab",
    **dict.fromkeys(["u019", "u021", "u022", "u023", "u024"], "admin"),
    "u029": "hi",
    "u030": "A",
    "u038": "Kelvin",
    "u048": "abcd",
    "u049": "x",
    "u050": "a\n31mb",
    "u051": "ab",
    "u052": "ab\ufffdcd",
    "u053": "\ufffd",
    "u054": "\ufffd\ufffd",
    "u055": "ab",
    "u057": "line\npara\nx",
    "u058": "a\nb",
    "u059": "abc",
}
ONE_LINE = {"u060": "Bob Bcc: x@y.example", "u061": "Bob Smith"}
ZALGO = {"u045", "u046", "u047"}
BOUNDED = {f"u{number:03}" for number in range(63, 73)}


@pytest.mark.parametrize("name", ATTACKS)
def test_no_string_comes_out_of_sanitize_active(name: str) -> None:
    for row, text in corpora.payloads(name):
        for one_line in (False, True):
            clean = sanitize(text, one_line=one_line)

            assert not RAW_SPECIAL.search(str(clean)), row
            assert clean.plain == canonicalize(text, one_line=one_line), row
            assert sanitize(clean.plain, one_line=one_line) == clean, row
            assert Page(f"<p>{clean}</p>").names == ["p"], row
            assert not one_line or len(clean.plain.splitlines()) <= 1, row


@pytest.mark.parametrize("name", ATTACKS)
def test_no_message_renders_anything_that_is_not_allowed(name: str) -> None:
    for _, text in corpora.payloads(name):
        source = canonicalize(text)[:10_000]

        assert_allowed(render(source))
        assert len(excerpt(source).plain) <= 140


def test_every_hazard_is_met_as_expected() -> None:
    hazards = {row["id"]: row for row in corpora.rows("unicode-hazards")}
    sorted_out = KEPT | EMPTY | BECOMES.keys() | ONE_LINE.keys() | ZALGO | BOUNDED
    assert hazards.keys() == sorted_out, "a hazard without an expectation"

    wrong = {row: text for row in hazards if (text := _unexpected(hazards[row]))}

    assert wrong == {}


def _unexpected(hazard: dict[str, Any]) -> str | None:
    row, text = hazard["id"], hazard["payload"] * hazard.get("repeat", 1)
    if row in ONE_LINE:
        clean = sanitize(text, one_line=True).plain
        return None if clean == ONE_LINE[row] else ascii(clean)
    clean = sanitize(text).plain
    if row in ZALGO:
        most = max(len(run) for run in re.findall("[\u0300-\u036f]+", clean))
        return None if most <= MAX_MARKS_PER_BASE else f"{most} marks"
    if row in BOUNDED:
        return None
    expected = "" if row in EMPTY else BECOMES.get(row, text)
    return None if clean == expected else ascii(clean)


def test_a_name_that_looks_empty_is_required() -> None:
    for row, text in corpora.payloads("unicode-hazards"):
        if row in EMPTY:
            with pytest.raises(InvalidFieldError) as caught:
                validate(sanitize(text, one_line=True), "name")
            assert caught.value.code == "required", row


def test_what_is_typed_is_shown_once_and_verbatim_in_a_message() -> None:
    verbatim = {"u001", "u002", "u003", "u034", "u035", "u073", "u074", "u078"}

    for row, text in corpora.payloads("unicode-hazards"):
        if row in verbatim:
            assert shown(render(text)) == text, row


def test_canonical_text_agrees_with_the_normalization_test_of_unicode() -> None:
    for row in corpora.rows("unicode-normalization"):
        for form in ("source", "NFC", "NFD"):
            assert canonicalize(row[form]) == row["NFC"], row["id"]
        for form in ("NFKC", "NFKD"):
            assert canonicalize(row[form]) == row["NFKC"].strip(), row["id"]


def test_an_email_is_judged_as_its_source_and_both_oracles_judge_it() -> None:
    agreed = [
        row
        for row in corpora.rows("email-open")
        if row["valid"] == row["oracle_whatwg_regex"] == row["oracle_email_validator"]
    ]
    assert len(agreed) > 250

    wrong = [row["address"] for row in agreed if _is_accepted(row["address"]) != row["valid"]]

    assert wrong == []


def test_no_address_that_carries_a_line_end_is_accepted() -> None:
    for row in corpora.rows("email-open"):
        if len(row["address"].splitlines()) > 1 or row["address"].endswith(("\n", "\r")):
            assert not _is_accepted(row["address"]), row["id"]
    for row_id, text in corpora.payloads("email-header-injection"):
        if len(text.splitlines()) > 1:
            assert not _is_accepted(text), row_id


def _is_accepted(address: str) -> bool:
    try:
        assert validate_email(address) is address
    except InvalidFieldError:
        return False
    return True


def test_the_tests_say_so_when_the_corpora_are_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("COMITY_CORPORA", str(tmp_path))

    with pytest.raises(pytest.skip.Exception, match="COMITY_CORPORA"):
        corpora.rows("xss-open")
