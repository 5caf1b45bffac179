"""Write what is made from code: docs/reference, and the marked parts of other pages.

Run `make docs`. With `--check` nothing is written, and the exit status is 1 if a page is out of
date: a test calls it, so a table cannot tell another story than the code.
"""  # noqa: INP001 - a script, not a package

from __future__ import annotations

import ast
import html
import inspect
import itertools
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Final

import click

from comity import sanitize, settings
from comity.cli import cli
from comity.settings import PREFIX, Settings
from comity.text.fields import FIELDS, MAX_LOCAL_CHARS, FieldRule
from comity.text.render import render

ROOT: Final = Path(__file__).resolve().parent.parent

MADE: Final = "<!-- Made by `make docs` from the code. Change it there. -->"

EXAMPLES: Final = (
    ("name", "  O'Brien "),
    ("name", "Tom & Jerry"),
    ("name", "An\u200bna"),
    ("name", "user\u202etxt.exe"),
    ("name", "\u200b\u2060"),
    ("message", "<b>hi</b>"),
    ("message", "&lt;"),
    ("message", "a < b"),
    ("message", "**bold**"),
    ("message", "[x](javascript:alert(1))"),
    ("message", "<script>alert(1)</script>"),
)
"""Field and what somebody types into it, for the table in README.md."""

DEFAULTS: Final = {
    "secret_key": "none: the first run makes one",
    "database_url": "SQLite in the instance folder",
    "valkey_url": "memory",
    "security_contact": "the front page",
}
"""What an empty default means."""


def main(arguments: Sequence[str]) -> int:
    """Write every page that would change, or only name it if `--check` is among `arguments`."""
    stale = [(path, text) for path, text in pages() if _read(path) != text]
    is_check = "--check" in arguments
    for path, text in stale:
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        click.echo(f"{'out of date' if is_check else 'written'}: {path.relative_to(ROOT)}")
    return 1 if stale and is_check else 0


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every page that is made here, with its whole text."""
    reference = ROOT / "docs" / "reference"
    yield reference / "fields.md", fields_page()
    yield reference / "settings.md", settings_page()
    yield reference / "commands.md", commands_page()
    yield with_parts(
        ROOT / "README.md",
        examples=examples_table(),
        settings=settings_table(is_short=True),
        commands=commands_table(),
    )
    yield with_parts(ROOT / "docs" / "architecture.md", tree=tree())


def with_parts(path: Path, **parts: str) -> tuple[Path, str]:
    """Return the page at `path`, and its text with each part between the markers of its name.

    Raises:
        ValueError: the page has no such markers, so the part would be lost.
    """
    text = _read(path)
    for name, part in parts.items():
        begin, end = f"<!-- begin: {name} (made by `make docs`) -->", f"<!-- end: {name} -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"{path} has no {begin} … {end}")
        text = f"{before}{begin}\n{part}\n{end}{after}"
    return path, text


# ---- fields ---------------------------------------------------------------------------------


def fields_page() -> str:
    """Return docs/reference/fields.md."""
    rows = [
        (
            f"`{rule.name}`",
            _number(rule.min_chars),
            _length(rule),
            "one" if rule.one_line else "many",
            rule.presence.value,
            _choice(rule),
        )
        for rule in FIELDS.values()
    ]
    return _page(
        "The fields of a comment",
        "From `src/comity/text/fields.py`; the form, the API's schema and the validation read the "
        "same table.",
        table(("Field", "Shortest", "Longest", "Lines", "By default", "A site can choose"), rows),
        "Lengths count characters (Unicode code points) of the canonical text, before escaping: "
        "an apostrophe is one character, though its escape `&#39;` is five. An empty optional "
        "field is not too short.",
    )


def _length(rule: FieldRule) -> str:
    longest = _number(rule.max_chars)
    return f"{longest}; {MAX_LOCAL_CHARS} before the @" if rule.name == "email" else longest


def _choice(rule: FieldRule) -> str:
    is_choice = rule.name in {"surname", "email", "website"}
    return "`required`, `optional`, `hidden`" if is_choice else "nothing: always asked for"


# ---- what was typed, stored, sent -------------------------------------------------------------


def examples_table() -> str:
    """Return what the code makes of each example: stored characters, HTML, what a reader sees."""
    rows = []
    for field, typed in EXAMPLES:
        clean = sanitize(typed, one_line=FIELDS[field].one_line)
        sent = str(render(clean)).strip() if field == "message" else str(clean)
        seen = html.unescape(re.sub("<[^>]*>", "", sent))
        if "<strong>" in sent:
            shown = f"**{seen}**"
        elif not seen:
            shown = "nothing: refused as empty"
        else:
            shown = _code(seen)
        rows.append((field, _code(typed), _code(clean.plain), _code(sent), shown))
    return table(("Field", "Typed", "Stored", "Sent as HTML", "A reader sees"), rows)


def _code(text: str) -> str:
    """Return `text` as Markdown code, with what cannot be seen made visible."""
    if not text:
        return "(nothing)"
    visible = re.sub("^ +| +$", lambda spaces: "␣" * len(spaces[0]), text)
    visible = re.sub("[\u200b-\u206f]", lambda one: f"[U+{ord(one[0]):04X}]", visible)
    return f"`{visible}`"


# ---- settings -------------------------------------------------------------------------------


def settings_page() -> str:
    """Return docs/reference/settings.md."""
    return _page(
        "Settings",
        "From `src/comity/settings.py`. Set each as an environment variable, under the same name "
        "in `comity.toml` in the instance folder (the environment wins), or, in a Flask "
        "application, in `app.config`. A name we do not know or a value we cannot use stops the "
        "start, and the error says which.",
        settings_table(is_short=False),
        "`COMITY_INSTANCE` itself is read from the environment only. What belongs to one website "
        "(its origins, which fields it asks for, whether it holds comments) is not here: see "
        "`comity site set` in [commands.md](commands.md).",
    )


def settings_table(*, is_short: bool) -> str:
    """Return the table of settings; the short one leaves out the type."""
    meanings = _docstrings()
    rows = []
    for one in fields(Settings):
        name, default = f"`{PREFIX}{one.name.upper()}`", _default(one)
        kind = () if is_short else (_kind(one),)
        rows.append((name, *kind, default, meanings[one.name]))
    kind_head = () if is_short else ("Type",)
    return table(("Setting", *kind_head, "Default", "Meaning"), rows)


def _docstrings() -> dict[str, str]:
    """Return setting → the text beneath it in the source: Python keeps none at run time."""
    module = ast.parse(inspect.getsource(settings))
    body = next(
        node.body
        for node in module.body
        if isinstance(node, ast.ClassDef) and node.name == Settings.__name__
    )
    found: dict[str, str] = {}
    for line, below in itertools.pairwise(body):
        if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[line.target.id] = " ".join(str(below.value.value).split())
    return found


def _default(one: Field[object]) -> str:
    if one.default is MISSING or one.default == "":
        return DEFAULTS.get(one.name, "none")
    if one.default == ():
        return "none"
    return f"`{one.default}`"


def _kind(one: Field[object]) -> str:
    names = {"str": "text", "int": "whole number", "Path": "folder"}
    return names.get(str(one.type), "list, comma-separated")


# ---- commands -------------------------------------------------------------------------------


def commands_page() -> str:
    """Return docs/reference/commands.md."""
    introduction = (
        "From `comity --help`. Every command works on the instance that `COMITY_INSTANCE` names "
        "(default: `./instance`), and brings its database up to date before it does anything. "
        "What goes wrong is one line on standard error and exit status 2."
    )
    parts = [introduction, commands_table()]
    for path, command in leaves(cli, ()):
        parts += [f"## comity {path}", f"```\n{usage(path, command)}\n```", _text(command.help)]
        options = [one for one in command.params if isinstance(one, click.Option)]
        if options:
            parts.append(table(("Option", "Default", "Meaning"), map(_option, options)))
        if command.epilog:
            parts.append(f"Example: `{_text(command.epilog).removeprefix('Example: ')}`")
    return _page("Commands", *parts)


def commands_table() -> str:
    """Return the table of commands: how each is called, and what it does."""
    rows = [(f"`{usage(path, command)}`", _text(command.help)) for path, command in leaves(cli, ())]
    return table(("Command", "What it does"), rows)


def leaves(group: click.Group, above: Sequence[str]) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that is not a group, in the order of its name."""
    for name, command in sorted(group.commands.items()):
        path = (*above, name)
        if isinstance(command, click.Group):
            yield from leaves(command, path)
        else:
            yield " ".join(path), command


def usage(path: str, command: click.Command) -> str:
    """Return the command with its arguments."""
    return " ".join(("comity", path, *map(_argument, command.params))).strip()


def _argument(one: click.Parameter) -> str:
    if not isinstance(one, click.Argument):
        return ""
    if isinstance(one.type, click.Choice):
        return "|".join(one.type.choices)
    name = one.metavar or (one.name or "").upper().removesuffix("S" if one.nargs < 0 else "")
    return name if one.nargs > 0 or name.endswith("...") else f"{name}..."


def _option(one: click.Option) -> tuple[str, str, str]:
    names = ", ".join(one.opts)
    kind = one.type
    if isinstance(kind, click.Choice):
        names += " " + " | ".join(kind.choices)
    elif isinstance(kind, click.IntRange):
        names += f" {kind.min} to {kind.max}"
    elif not one.is_flag:
        names += " TEXT"
    default = "" if one.is_flag or one.default in {None, ""} else f"`{one.default}`"
    return f"`{names.replace('|', chr(92) + '|')}`", default, _text(one.help)


def _text(text: str | None) -> str:
    return " ".join((text or "").split())


# ---- tree -----------------------------------------------------------------------------------


def tree() -> str:
    """Return the source tree, each file with the sentence that its module opens with."""
    source = ROOT / "src" / "comity"
    lines = ["src/comity/"]
    for path in sorted(source.rglob("*.py"), key=_files_last):
        below = path.relative_to(source)
        indent = "    " * len(below.parts)
        if path.name == "__init__.py":
            if path.parent != source:
                lines.append(f"{indent[4:]}{path.parent.name}/".ljust(34) + _opening(path))
        elif "versions" not in below.parts:
            lines.append(f"{indent}{path.name}".ljust(34) + _opening(path))
    return "\n".join(("```", *lines, "```"))


def _files_last(path: Path) -> tuple[str, ...]:
    """Return a key that sorts folders before the files beside them, the folder's own line first."""
    *folders, name = path.relative_to(ROOT).parts
    return (*(f"0{folder}" for folder in folders), "" if name == "__init__.py" else f"1{name}")


def _opening(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(_read(path))) or ""
    return _text(docstring.partition("\n\n")[0])


# ---- Markdown -------------------------------------------------------------------------------


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    # A bare | would end the cell, also inside code.
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", MADE, *parts)) + "\n"


def _number(value: int) -> str:
    return f"{value:,}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
