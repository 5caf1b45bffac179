"""Attack strings collected by others: read where they are, never copied into this repository."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_REPOSITORY = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Return the folder named by COMITY_CORPORA, relative to the repository."""
    return _REPOSITORY / os.environ.get("COMITY_CORPORA", "../shared/corpora")


def rows(name: str) -> list[dict[str, Any]]:
    """Return the rows of `<name>.jsonl`; skip the test that asks when they are not here.

    Files that end in `.sealed` are kept for acceptance and have no name here.
    """
    path = folder() / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip(f"{path} is absent; COMITY_CORPORA names the folder of attack strings")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def payloads(*names: str) -> Iterator[tuple[str, str]]:
    """Yield (id, string) for every row of the files `names`, whatever they call the string."""
    for name in names:
        for number, row in enumerate(rows(name), start=1):
            text = next(row[key] for key in ("payload", "string", "text") if key in row)
            yield row.get("id", f"{name}:{number}"), text * row.get("repeat", 1)
