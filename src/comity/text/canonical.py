"""One spelling for each text: newlines, Unicode form, and nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_MARKS_PER_BASE: Final = 6
"""Combining marks kept on one base character; more is a "zalgo" flood over its neighbours."""

_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_NEWLINES: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # TAB and LF are left

# Bidi controls reorder their neighbours for the eye only (CVE-2021-42574, "Trojan Source");
# zero-width and filler characters make two equal-looking names, or a name that looks empty;
# noncharacters are forbidden in XML, so a feed that held one would be lost as a whole.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\ufffe\uffff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)

_JOINERS: Final = "\u200c\u200d"
_TAG_FLAG: Final = "\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{2,6}\U000e007f"
_JOINING_SCRIPT: Final = (
    "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdcf\ufe70-\ufefe"
)
_PICTOGRAPH: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

# What joins or varies stays only where a script or an emoji needs it (Unicode UAX #31, UTS #51):
# in "ad<ZWJ>min" it would only hide that this is not "admin".
_CONDITIONAL: Final = re.compile(
    f"(?P<flag>{_TAG_FLAG})"
    f"|(?<=[{_JOINING_SCRIPT}])(?P<script>[\u200c\u200d])(?=[{_JOINING_SCRIPT}])"
    f"|(?<=[{_PICTOGRAPH}\ufe0f])(?P<emoji>\u200d)(?=[{_PICTOGRAPH}])"
    f"|(?<=[{_PICTOGRAPH}])(?P<style>[\ufe0e\ufe0f])"
    "|(?<=[#*0-9])(?P<keycap>\ufe0f)(?=\u20e3)"
    f"|(?<=[{_HAN}])(?P<ideograph>[\ufe00-\ufe02\U000e0100-\U000e01ef])"
    "|(?<=[\u1800-\u18af])(?P<mongolian>[\u180b-\u180d\u180f])"
    "|[\u200c\u200d\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0000-\U000e0fff]"
)


def canonicalize(untrusted: str, *, one_line: bool = False) -> str:
    """Return the canonical spelling of `untrusted`; never refuses, and twice changes nothing.

    Lone surrogates become U+FFFD, every newline becomes LF (a space if
    `one_line`), controls and invisible characters go, the rest is NFC with at
    most `MAX_MARKS_PER_BASE` marks on a character and no white space around.
    Never NFKC: it turns U+FF1C into a real `<`. Linear in the length.
    """
    text = _NEWLINES.sub("\n", _SURROGATES.sub("\ufffd", untrusted))
    if one_line:
        text = text.replace("\n", " ").replace("\t", " ")
    text = _CONTROLS.sub("", text)
    if not text.isascii():
        text = _visible(text)
    return text.strip()


def _visible(text: str) -> str:
    """Drop what cannot be seen, compose, and cap marks; until nothing changes.

    Dropping one character can bring two together that compose or that need no
    joiner any more, so one pass is not enough. Every later pass only removes.
    """
    while True:
        cleaned = _CONDITIONAL.sub(_kept, _INVISIBLE.sub("", text))
        cleaned = _cap_marks(unicodedata.normalize("NFC", cleaned))
        if cleaned == text:
            return cleaned
        text = cleaned


def _kept(match: re.Match[str]) -> str:
    return match[0] if match.lastgroup else ""


def _cap_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        if character not in _JOINERS:  # a joiner between two marks is no new base
            marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MAX_MARKS_PER_BASE:
            kept.append(character)
    return text if len(kept) == len(text) else "".join(kept)
