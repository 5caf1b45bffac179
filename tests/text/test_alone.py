from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import comity

SOURCE = Path(comity.__file__).parent

# Who may say "this is safe". `model/types.py` restores what was stored after it was made safe.
MAKERS = {
    "SafeText": {"text/sanitize.py", "model/types.py"},
    "SafeHtml": {"text/render.py", "model/types.py"},
}


def run(program: str) -> str:
    """Return what a fresh Python prints that knows nothing but `program`."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_sanitize_works_in_any_python_program() -> None:
    program = "from comity import sanitize; print(sanitize('  <b>hi</b> '))"

    assert run(program) == "&lt;b&gt;hi&lt;/b&gt;\n"


def test_importing_comity_loads_no_framework_database_or_network() -> None:
    program = (
        "import sys\n"
        "from comity import InvalidCommentError, InvalidFieldError, SafeText\n"
        "from comity import sanitize, validate, validate_email\n"
        "validate_email(validate(sanitize('a&b@example.org'), 'email'))\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )

    loaded = set(ast.literal_eval(run(program)))

    assert {"comity", "markupsafe"} <= loaded
    assert not loaded & {"flask", "werkzeug", "jinja2", "sqlalchemy", "alembic", "dns"}


def test_a_name_that_comity_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'sanitise'"):
        _ = comity.sanitise


def makers_of(name: str, source: str) -> bool:
    """Return whether the module `source` makes a `name`, under this or another word for it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            if any(alias.name == name and alias.asname for alias in node.names):
                return True
        elif isinstance(node, ast.Call):
            words = [part.id for part in ast.walk(node.func) if isinstance(part, ast.Name)]
            words += [part.attr for part in ast.walk(node.func) if isinstance(part, ast.Attribute)]
            if name in words:
                return True
    return False


@pytest.mark.parametrize("name", list(MAKERS))
def test_safe_types_are_made_in_one_place(name: str) -> None:
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if makers_of(name, path.read_text(encoding="utf-8"))
    }

    assert found <= MAKERS[name]
    assert found, "the search finds nothing any more, so it proves nothing"


@pytest.mark.parametrize(
    "source",
    [
        "SafeText(x)",
        "safe_text.SafeText(x)",
        "SafeText.escape(x)",
        "y = [SafeText('{}').format(x)]",
        "from comity import SafeText as S",
    ],
)
def test_the_search_sees_every_way_of_making_one(source: str) -> None:
    assert makers_of("SafeText", source)


@pytest.mark.parametrize(
    "source",
    ["isinstance(x, SafeText)", "from comity import SafeText", "x: SafeText = sanitize(y)"],
)
def test_the_search_leaves_other_uses_alone(source: str) -> None:
    assert not makers_of("SafeText", source)


def test_no_template_calls_anything_safe() -> None:
    claims = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\b")
    found = [
        f"{path.relative_to(SOURCE)}: {claim[0]}"
        for path in (SOURCE / "templates").rglob("*")
        if path.is_file()
        for claim in claims.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []
