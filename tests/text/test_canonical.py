from __future__ import annotations

import pytest

from comity.text.canonical import MAX_MARKS_PER_BASE, canonicalize

ZWNJ, ZWJ, VS15, VS16 = "\u200c", "\u200d", "\ufe0e", "\ufe0f"
ENGLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbeng") + "\U000e007f"


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_every_line_end_becomes_lf_and_a_space_in_one_line(newline: str) -> None:
    assert canonicalize(f"a{newline}b") == "a\nb"
    assert canonicalize(f"a{newline}b", one_line=True) == "a b"


def test_two_line_ends_stay_two() -> None:
    assert canonicalize("a\r\r\nb\n\rc") == "a\n\nb\n\nc"


def test_a_tab_stays_in_many_lines_and_is_a_space_in_one() -> None:
    assert canonicalize("a\tb") == "a\tb"
    assert canonicalize("a\tb", one_line=True) == "a b"


@pytest.mark.parametrize(
    "control",
    [chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)] if code not in {9, 10, 13, 0x85}],
)
def test_other_controls_are_dropped(control: str) -> None:
    assert canonicalize(f"a{control}b") == "ab"
    assert canonicalize(f"é{control}", one_line=True) == "é"


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
def test_a_lone_surrogate_becomes_the_replacement_character(code: int) -> None:
    assert canonicalize(f"a{chr(code)}b") == "a\ufffdb"


def test_swapped_surrogates_do_not_become_a_pair() -> None:
    assert canonicalize("\udc00\ud800") == "\ufffd\ufffd"
    assert canonicalize("\ud83d\ude00") == "\ufffd\ufffd"


@pytest.mark.parametrize(
    "hidden",
    [
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",  # bidi
        *"\u00ad\u200b\u2060\u2061\u2064\u2065\u206f\ufeff\u034f\u180e",  # zero width
        *"\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5",  # fillers and blanks
        *"\ufff0\ufff9\ufffa\ufffb\U0001bca0\U0001d173\U0001d17a",  # annotations
        *"\ufdd0\ufdef\ufffe\uffff\U0001ffff\U0010fffe\U0010ffff",  # noncharacters
        *"\U000e0001\U000e0041\U000e007f\U000e0080\U000e01f0\U000e0fff",  # tags
        *"\u180b\u180d\u180f\ufe00\ufe0e\ufe0f\U000e0100\U000e01ef",  # variation selectors
        ZWJ,
        ZWNJ,
    ],
)
def test_an_invisible_character_between_latin_letters_is_dropped(hidden: str) -> None:
    assert canonicalize(f"ad{hidden}min") == "admin"
    assert canonicalize(hidden * 3) == ""


@pytest.mark.parametrize("digit", ["1", "#", "*"])
@pytest.mark.parametrize("selector", [VS15, VS16])
def test_a_selector_after_a_digit_is_dropped_unless_it_makes_a_keycap(
    digit: str, selector: str
) -> None:
    assert canonicalize(f"alice{digit}{selector}") == f"alice{digit}"
    assert canonicalize(f"{digit}{VS16}\u20e3") == f"{digit}{VS16}\u20e3"


@pytest.mark.parametrize(
    "kept",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, ZWNJ
        "\u0915\u094d\u200d\u0937",  # Devanagari, virama and ZWJ
        "\u0915\u094d\u200c\u0937",  # Devanagari, virama and ZWNJ
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sinhala, ZWJ: Sri
        "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",  # a family
        "\U0001f469\U0001f3fd\u200d\U0001f680",  # an astronaut with a skin tone
        "\U0001f3f3\ufe0f\u200d\U0001f308",  # a rainbow flag
        "\u2764\ufe0f\u200d\U0001f525",  # a burning heart
        "\u2764\ufe0e \u2764\ufe0f \u00a9\ufe0f",  # text and emoji style
        "\U0001f1ea\U0001f1f8",  # a regional flag
        ENGLAND,
        "1\ufe0f\u20e3 #\ufe0f\u20e3 *\ufe0f\u20e3",
        "\u845b\U000e0100\u57ce",  # an ideographic variant in a Japanese place name
        "\u1820\u180b\u1821",  # a Mongolian variant
        "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",  # Hebrew with points
        "\ue000 \uf8ff \ufffd \ufffc",  # private use, replacement, object
        "\ufb01le",  # a ligature is not NFC's business
    ],
)
def test_what_a_script_or_an_emoji_needs_is_kept(kept: str) -> None:
    assert canonicalize(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f"\u0645{ZWJ}x", "\u0645x"),  # one side only
        (f"x{ZWNJ}\u0645", "x\u0645"),
        (f"\u0645{ZWNJ}", "\u0645"),
        (f"\u0645{ZWNJ}{ZWNJ}\u0645", "\u0645\u0645"),
        (f"\U0001f469{ZWJ}a", "\U0001f469a"),
        (f"\U0001f469{ZWNJ}\U0001f469", "\U0001f469\U0001f469"),
        (f"a{VS16}{ZWJ}\U0001f469", "a\U0001f469"),  # needs a second pass
        (f"\u2764{VS16}{VS16}", f"\u2764{VS16}"),
        (f"\u845b{VS16}", "\u845b"),
        ("\u4e00\ufe00\ufe01\ufe02", "\u4e00\ufe00"),
        ("\U0001f3f4\U000e0067\U000e0062", "\U0001f3f4"),  # a flag without its end
        (ENGLAND + "\U000e0067", ENGLAND),
        ("\U0001f3f4" + "\U000e0067" * 7 + "\U000e007f", "\U0001f3f4"),
        ("hi" + "".join(chr(0xE0000 + ord(letter)) for letter in "obey"), "hi"),
        ("e\u200b\u0301", "\u00e9"),  # dropping one brings two together that compose
        ("\u1100\u1160\u1161", "\uac00"),
    ],
)
def test_what_is_not_needed_is_dropped_until_nothing_changes(typed: str, kept: str) -> None:
    assert canonicalize(typed) == kept
    assert canonicalize(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jose\u0301", "Jos\u00e9"),
        ("A\u030a", "\u00c5"),
        ("\u212b", "\u00c5"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("q\u0307\u0323", "q\u0323\u0307"),
        ("\u0958", "\u0915\u093c"),  # composition exclusion
        ("\ufb01le \u017f \u00b2 \u2168", "\ufb01le \u017f \u00b2 \u2168"),  # never NFKC
        ("\uff1cscript\uff1e", "\uff1cscript\uff1e"),
        ("\ufdfa", "\ufdfa"),
    ],
)
def test_the_spelling_is_nfc_and_never_nfkc(typed: str, kept: str) -> None:
    assert canonicalize(typed) == kept


@pytest.mark.parametrize("mark", ["\u0351", "\u20dd", "\u0489", "\u064b"])
def test_a_character_keeps_six_marks(mark: str) -> None:
    assert MAX_MARKS_PER_BASE == 6
    assert canonicalize("Z" + mark * 6) == "Z" + mark * 6
    assert canonicalize("Z" + mark * 7) == "Z" + mark * 6
    assert canonicalize(("Z" + mark * 500) * 2) == ("Z" + mark * 6) * 2


def test_marks_are_counted_after_composing() -> None:
    assert canonicalize("e" + "\u0301" * 7) == "\u00e9" + "\u0301" * 6


@pytest.mark.parametrize("joiner", [ZWJ, ZWNJ])
def test_a_joiner_between_marks_does_not_start_the_count_again(joiner: str) -> None:
    flood = "\u0628" + ("\u064b" * 6 + joiner) * 50 + "\u064b"

    assert canonicalize(flood).count("\u064b") == 6


def test_marks_without_a_base_are_capped_too() -> None:
    assert canonicalize("\u0300" * 40) == "\u0300" * 6


@pytest.mark.parametrize(
    "space", list(" \t\n\x0b\x0c\u00a0\u1680\u2002\u2003\u200a\u202f\u205f\u3000")
)
def test_every_kind_of_white_space_is_stripped_at_the_ends_only(space: str) -> None:
    inner = "" if space in "\x0b\x0c" else space

    assert canonicalize(f"{space}a{space}b{space}") == f"a{inner}b"
    assert canonicalize(space * 3) == ""


def test_a_name_that_looks_empty_is_empty() -> None:
    assert canonicalize("\u3164\u200b \u2800\ufeff\u00a0\u200d", one_line=True) == ""


def test_ordinary_words_are_untouched() -> None:
    words = "Hello, world!\n\n  indented\tcode -- O'Brien & <b>"

    assert canonicalize(words) == words
