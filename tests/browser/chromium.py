"""Find a Chromium to drive, and say how it is started."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")

ARGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

ABSENT: Final = (
    "NO BROWSER: neither chromium nor google-chrome is on PATH, Playwright has none of its own, "
    "and apt-get could not install one. Nothing was tested in a browser."
)


def find_chromium() -> str | None:
    """Return the path of a Chromium: on PATH, Playwright's own, or a freshly installed one."""
    return _on_path() or _of_playwright() or _installed()


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _of_playwright() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def _installed() -> str | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        if subprocess.run(command, check=False, capture_output=True).returncode != 0:
            return None
    return _on_path()
