"""axe-core on every kind of page: light and dark, left to right and right to left."""

# ruff: noqa: INP001 - beside a script, not in a package

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from chromium import ARGS
from kinds_of_page import KINDS
from playwright.sync_api import Browser, Page, sync_playwright

RULES: Final = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag2aaa"),
    "best-practice",
]
_RUN: Final = """async rules => {
    const {violations, passes} = await axe.run(document, {
        runOnly: rules, rules: {'color-contrast-enhanced': {enabled: true}},
    });
    return {
        passes: passes.length,
        violations: violations.map(one => `${one.id}: ${one.nodes.length} of `
            + one.nodes.slice(0, 2).map(node => node.target.join(' ')).join(', ')),
    };
}"""


def look(url: str, chromium: str, axe: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each look at a page with the violations found on it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGS))
        yield "axe: control, a page full of mistakes", _control(browser, axe)
        for scheme in ("light", "dark"):
            for site in ("ltr", "rtl"):
                page = _visitor(browser, url, scheme)
                for kind, go in KINDS.items():
                    go(page, site)
                    yield f"axe: {kind}, {scheme}, {site}", _violations(page, axe)
                page.context.close()
        browser.close()


def _visitor(browser: Browser, url: str, scheme: Any) -> Page:
    # axe is a script of ours, not of the page: for it alone the page's policy steps aside.
    context = browser.new_context(base_url=url, color_scheme=scheme, bypass_csp=True)
    return context.new_page()


def _violations(page: Page, axe: Path) -> list[str]:
    page.add_script_tag(path=axe)
    # axe takes what is behind a see-through page for white; a browser paints the scheme's canvas.
    page.evaluate("document.documentElement.style.backgroundColor ||= 'Canvas'")
    result = page.evaluate(_RUN, RULES)
    return list(result["violations"]) if result["passes"] else ["axe has tested nothing"]


def _control(browser: Browser, axe: Path) -> list[str]:
    page = browser.new_page()
    page.set_content("<html><body><img src=x><input><p style='color:#aaa'>faint</p></body></html>")
    found = " ".join(_violations(page, axe))
    page.close()
    missed = [
        rule
        for rule in ("image-alt", "label", "color-contrast", "html-has-lang")
        if rule not in found
    ]
    return [f"axe did not see {rule}" for rule in missed]
