"""docs/security/controls.md names files and tests; a name that is no longer true is a lie."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "security" / "controls.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| threat ")
]


def _threat(row: list[str]) -> str:
    return row[0]


def _linked(text: str) -> list[Path]:
    return [(PAGE.parent / target).resolve() for target in re.findall(r"\]\(([^)#]+)\)", text)]


@pytest.mark.parametrize("row", ROWS, ids=_threat)
def test_each_control_has_its_file_and_its_test(row: list[str]) -> None:
    threat, control, files, tests, _ = row

    assert threat
    assert control
    assert _linked(files)
    assert _linked(tests)
    assert [path for path in _linked(files) + _linked(tests) if not path.is_file()] == []


@pytest.mark.parametrize("row", ROWS, ids=_threat)
def test_each_test_that_is_named_is_there(row: list[str]) -> None:
    for name in re.findall(r"`(test_\w+)`", row[3]):
        there = [path for path in _linked(row[3]) if f"def {name}(" in path.read_text("utf-8")]
        assert there, name


def test_every_file_of_the_defences_is_on_the_page() -> None:
    defences = {
        path
        for path in (REPOSITORY / "src" / "comity" / "web" / "security").glob("*.py")
        if path.name != "__init__.py"
    }
    named = {path for row in ROWS for path in _linked(row[2])}

    assert defences - named == set()
