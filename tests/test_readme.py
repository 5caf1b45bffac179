"""What the README tells people to type does what it says."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from web.dom import Page
from web.processes import HOST, comity_here, environment, serving

README = Path(__file__).resolve().parent.parent / "README.md"
RUNNABLE = re.compile(r"^<!-- run: (\w+) -->\n```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = [(name, commands) for name, commands in RUNNABLE.findall(README.read_text("utf-8"))]
KEY = "kT4vQz8nWc1LxRb7Jm0YsHd6PgUf9AeOi3Xr5Vt2"


def blocks(language: str) -> list[str]:
    found = re.findall(
        rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [str(block) for block in found]


def test_there_is_something_to_run() -> None:
    assert [name for name, _ in SHELL] == ["form", "post", "read", "change", "delete"]
    marks = re.findall(r"^<!-- run: ", README.read_text("utf-8"), re.MULTILINE)
    assert len(marks) == len(SHELL)


@pytest.mark.allow_hosts([HOST])
def test_the_commands_work_as_they_stand_there_one_after_the_other(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        script = "set -eu\n" + "".join(
            f"printf '\\n=== {name}\\n'\n{commands}\n" for name, commands in SHELL
        )
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env=environment() | {"COMITY": f"http://{HOST}:{server.port}"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        parts = re.split(r"^=== (\w+)\n", done.stdout, flags=re.MULTILINE)
        said = dict(zip(parts[1::2], parts[2::2], strict=True))
        assert said["form"].strip() == ""
        posted = json.loads(said["post"])["comment"]
        assert posted["status"] == "approved"
        assert posted["author"] == {"name": "Sinéad", "surname": "O'Brien"}
        assert posted["html"] == "<p>Hello <strong>world</strong>, 1 &lt; 2.</p>\n"
        read = json.loads(said["read"])
        assert [comment["id"] for comment in read["comments"]] == [posted["id"]]
        assert "sinead@example.org" not in said["post"] + said["read"] + said["change"]
        changed = json.loads(said["change"])["comment"]["html"]
        assert changed == "<p>Hello, <em>everyone</em>.</p>\n"
        assert said["delete"].strip() == "204"
        assert server.ask("GET", f"/comments/{posted['id']}")[0] == 404


def test_the_functions_print_what_the_readme_says(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = [block for block in blocks("python") if "print(" in block]
    exec(compile(block, str(README), "exec"), {})  # noqa: S102 - what we tell people to run
    expected = [
        line.rpartition("  # ")[2] for line in block.splitlines() if line.startswith("print(")
    ]
    assert capsys.readouterr().out.splitlines() == expected


def test_the_flask_application_works_as_it_stands_there(tmp_path: Path) -> None:
    (block,) = [block for block in blocks("python") if "Flask(" in block]
    (template,) = blocks("jinja")
    assert '"…"' in block
    (tmp_path / "app.py").write_text(block.replace('"…"', f'"{KEY}"'))
    ast.parse(block)
    names: dict[str, object] = {"__name__": "app", "__file__": str(tmp_path / "app.py")}
    source = block.replace('"…"', f'"{KEY}"').replace(
        "Flask(__name__)", f"Flask(__name__, instance_path={str(tmp_path / 'instance')!r})"
    )
    exec(compile(source, "app.py", "exec"), names)  # noqa: S102 - what we tell people to run
    app = names["app"]
    assert isinstance(app, Flask)
    with app.test_request_context("/"):
        html = render_template_string(f"<html><main>{template}</main></html>")
    assert Page(html).form.action == "/comity/comments"


def test_every_command_it_names_exists(tmp_path: Path) -> None:
    named = re.findall(r"^\| `comity ([a-z]+(?: [a-z]+)?)", README.read_text("utf-8"), re.MULTILINE)
    assert len(named) > 5
    for words in named:
        assert comity_here(tmp_path, *words.split(), "--help").returncode == 0
