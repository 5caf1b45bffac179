"""Outside judges look at a running server: schemathesis, csp_evaluator, axe-core.

    python audit/run.py            all three
    python audit/run.py csp axe    some of them

Prints one line a check; exit status 1 if any of them fails. csp and axe need npm, for they are
programs of others that this repository does not keep.
"""

# ruff: noqa: INP001, S603, S607, T201 - a script that prints and starts programs it names itself

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
# The live server, Chromium and the kinds of page are those of the tests.
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent / "tests" / "browser")]

from chromium import ABSENT, find_chromium  # noqa: E402 - after the path is set
from kinds_of_page import prepare  # noqa: E402
from live_server import LiveServer, serving  # noqa: E402

PACKAGES: Final = ("csp_evaluator@1.1.8", "axe-core@4.14.1")
NO_NPM: Final = (
    "npm is not on PATH. csp_evaluator and axe-core come from npm: install Node.js, or run "
    "'python audit/run.py api' for what needs none."
)
SEED: Final = "20260301"
EXAMPLES: Final = "50"
PAGES: Final = {
    "demo": "/",
    "thread": "/comments?site=ltr&page=/nested",
    "embed": "/embed?site=ltr&page=/nested",
    "form with errors": "/comments?site=ltr&page=/many&cursor=x",
    "api docs": "/api/docs",
    "not found": "/no/such/page",
    "stylesheet": "/static/comity/comity.css",
    "JSON": "/api/v1/comments?site=ltr&page=/nested",
    "problem": "/api/v1/comments",
    "health": "/healthz",
    "security.txt": "/.well-known/security.txt",
}

Check = tuple[str, list[str]]


def main(wanted: list[str]) -> int:
    """Run the judges that are `wanted`, or all; return the exit status."""
    wanted = wanted or ["api", "csp", "axe"]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), prepare) as server:
        for name, found in _checks(wanted, server, Path(folder)):
            failed += bool(found)
            print(f"{'FAIL' if found else 'ok  '} {name}")
            for line in found:
                print(f"       {line}")
    print(f"{failed} checks failed." if failed else "Every check is well.")
    return 1 if failed else 0


def _checks(wanted: list[str], server: LiveServer, folder: Path) -> Iterator[Check]:
    if "api" in wanted:
        yield _api(server, folder)
    if not {"csp", "axe"} & set(wanted):
        return
    if (npm := shutil.which("npm")) is None:
        yield "csp and axe", [NO_NPM]
        return
    if problem := _install(npm, folder):
        yield "npm install", [problem]
        return
    if "csp" in wanted:
        yield from _csp(server, folder)
    if "axe" in wanted:
        chromium = find_chromium()
        if chromium is None:
            yield "axe", [ABSENT]
            return
        from axe_check import look  # noqa: PLC0415 - only with a browser

        yield from look(server.url, chromium, folder / "node_modules" / "axe-core" / "axe.min.js")


def _api(server: LiveServer, folder: Path) -> Check:
    """Let schemathesis send what the OpenAPI document allows and what it forbids."""
    api = f"{server.url}/api/v1"
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{api}/openapi.json", "--checks", "all", "--mode", "all"),
        *("--seed", SEED, "--max-examples", EXAMPLES, "--workers", "1", "--no-color"),
        *("--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure"),
    ]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "api_hooks", "AUDITED_API": api}
    environment["PYTHONPATH"] = str(HERE)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    cases = re.search(r"[\d,]+ generated.*", done.stdout)
    name = f"schemathesis: {cases[0] if cases else 'nothing was run'}"
    if done.returncode == 0 and cases:
        return name, []
    return name, (done.stdout + done.stderr).splitlines()


def _install(npm: str, folder: Path) -> str | None:
    """Install without running anything that a package brings; return what went wrong."""
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES]
    (folder / "package.json").write_text('{"type": "module"}')
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else done.stderr.strip()


def _csp(server: LiveServer, folder: Path) -> Iterator[Check]:
    """Let csp_evaluator judge the policy of each kind of page, and of one that is none."""
    script = shutil.copy(HERE / "check_csp.mjs", folder)
    policies = {"control": "script-src 'unsafe-inline' *"}
    for name, path in PAGES.items():
        _, headers, _ = server.get(path)
        policies[name] = headers.get("Content-Security-Policy", "")
    lines = "".join(f"{name}\t{policy}\n" for name, policy in policies.items())
    done = subprocess.run(
        ["node", script], cwd=folder, input=lines, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        yield "csp_evaluator", done.stderr.splitlines()
        return
    findings = [line.split("\t", 1) for line in done.stdout.splitlines()]
    for name, policy in policies.items():
        found = [what for where, what in findings if where == name]
        if name == "control":
            yield "csp: control, a policy that forbids nothing", [] if found else ["not noticed"]
        else:
            yield f"csp: {name}", found if policy else ["no policy"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
