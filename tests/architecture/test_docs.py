"""The documents say what is so: made tables are fresh, links lead somewhere, examples are true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted((*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")))


def _name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def test_what_is_made_from_code_is_fresh() -> None:
    result = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, f"run make docs\n{result.stdout}{result.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        target, _, anchor = link.partition("#")
        if ":" in target or "example" in target:
            continue
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [_anchor(heading) for heading in headings], link


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_example_for_python_prints_what_it_says() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    example = next(
        code for code in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "print(" in code
    )
    said = re.findall(r"^print\(.*\)  # (.*)$", example, re.MULTILINE)

    result = subprocess.run(
        [sys.executable, "-c", example], capture_output=True, text=True, check=True, timeout=60
    )

    assert said
    assert result.stdout.splitlines() == said
