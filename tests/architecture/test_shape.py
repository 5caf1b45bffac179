"""What style.md promises about the shape of the code, kept by a test."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "comity"
MODULES = sorted(SOURCE.rglob("*.py"))

MAX_FILE_LINES = 250
MAX_FUNCTION_LINES = 40

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, Function):
            yield node


def _code_lines(function: Function) -> int:
    """Lines from `def` to the end, without the docstring: what it promises is not its length."""
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_imports_point_down_and_every_module_has_a_floor() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    # Its cache is not safe to share between two runs at once.
    result = subprocess.run(
        [command, "--no-cache"],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_file_holds_one_subject(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize(
    "path", [path for path in MODULES if "versions" not in path.parts], ids=_name
)  # a migration is one list of columns and never changes
def test_a_function_holds_one_subject(path: Path) -> None:
    long = {
        function.name: lines
        for function in _functions(path)
        if (lines := _code_lines(function)) > MAX_FUNCTION_LINES
    }
    assert long == {}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_opens_with_its_job_in_one_sentence(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or (ast.get_docstring(_tree(path)) or "").split("\n\n")[0].endswith(".")


WRITTEN_BY_STORE_ALONE = {"status", "is_listed", "reply_count", "score", "deleted_at", "html"}


def _writes(path: Path, names: set[str]) -> list[str]:
    found: list[str] = []
    for node in ast.walk(_tree(path)):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            found += [
                f"{_name(path)}:{part.lineno} .{part.attr}"
                for part in ast.walk(target)
                if isinstance(part, ast.Attribute) and part.attr in names
            ]
    return found


def test_only_the_store_of_comments_writes_what_counts_and_audit_log_hang_on() -> None:
    writers = {
        line.split(":", maxsplit=1)[0]
        for path in MODULES
        for line in _writes(path, WRITTEN_BY_STORE_ALONE)
        if ".status" not in line or not line.startswith("web/")  # there: the status of an answer
    }
    assert writers == {"store/comments.py"}


def test_moderation_events_are_made_where_statuses_are_set() -> None:
    makers = {
        _name(path)
        for path in MODULES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "ModerationEvent"
    }
    assert makers == {"store/comments.py"}


def test_no_store_function_commits() -> None:
    commits = [
        f"{_name(path)}:{node.lineno}"
        for path in (SOURCE / "store").glob("*.py")
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    ]
    assert commits == []


def test_the_clock_is_always_injected() -> None:
    """`datetime.now` is for the one place that makes the context; all else is given the time."""
    asked = [
        _name(path)
        for path in MODULES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        if isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    ]
    assert set(asked) <= {"app.py", "extension.py", "serving.py", "cli.py"}


def test_nothing_but_text_is_loaded_by_the_functions_of_the_heart() -> None:
    code = (
        "import sys; from comity import sanitize, validate, validate_email, SafeText;"
        "print([name for name in ('flask', 'sqlalchemy', 'werkzeug') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.strip() == "[]"
