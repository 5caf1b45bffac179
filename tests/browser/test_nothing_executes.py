"""Every attack string on every kind of page, without our policy, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from detector import Detector
from flask.testing import FlaskClient
from playwright.sync_api import Browser

import corpora
from comity.adapters.logs import configure_logs
from comity.app import build_app
from comity.services.context import Context
from comity.services.manage_sites import add_site, set_site
from comity.settings import Settings
from comity.store.engine import open_database
from support.backends import Sqlite
from support.cast import make_context, unlimited
from support.clock import Clock

pytest_plugins = ("browser_fixtures",)
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1"])]

OURS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea><svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "[x](javascript:alert(1)) <javascript:alert(1)>",
    "![x](//evil.example/x.png) <iframe srcdoc='<script>alert(1)</script>'>",
    "<style>@import '//evil.example'</style><base href=//evil.example>",
)
FIRES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<script>window.quiet = 1</script>",
    "<button onclick='quiet()'>x</button>",
    "<a href='javascript:quiet()'>x</a>",
    "<img src='//evil.example/x.png'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<script>location = '//evil.example'</script>",
    "<style>body{background:url(//evil.example)}</style>",
)


@pytest.fixture
def detector(browser: Browser) -> Iterator[Detector]:
    context = browser.new_context()
    opened = Detector(context)
    yield opened
    context.close()
    opened.close()


@pytest.fixture
def client(settings: Settings, sqlite_template: Path, tmp_path: Path) -> Iterator[Attacked]:
    configure_logs("error")
    database = open_database(Sqlite(tmp_path, sqlite_template).migrated())
    ctx = unlimited(make_context(settings, database, Clock()))
    add_site(ctx, "blog", "The blog")
    set_site(ctx, "blog", {"website": "optional"})
    yield Attacked(ctx)
    database.engine.dispose()


def signed(text: str) -> dict[str, str]:
    """Return a comment with `text` in everything that readers see."""
    name = text.strip()[:50] or "x"
    return {"name": name, "surname": name, "email": "a@example.org", "message": f"{text} ."}


class Attacked:
    """Posts strings through the form and keeps every page that shows them."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.client: FlaskClient = build_app(ctx).test_client()

    def pages(self, texts: Sequence[str], *, all_kinds: bool = False) -> Iterator[str]:
        """Yield threads with every string, and of each string one more page, in turn, or all."""
        for start in range(0, len(texts), 50):
            page = f"/p/{start}"
            for number, text in enumerate(texts[start : start + 50]):
                for turn in range(4) if all_kinds else (number % 4,):
                    yield from self._other(turn, text)
                self._send("/comments", page=page, **signed(text))
            for path in ("/comments", "/embed"):
                yield self._get(path, page=page)

    def _other(self, turn: int, text: str) -> Iterator[str]:
        """Yield form with errors, preview, permalink or edit page."""
        everywhere = dict.fromkeys(("name", "surname", "email", "website", "message"), text)
        if turn == 0:
            yield self._send("/comments", page="/refused", **everywhere)[1]
        elif turn == 1:
            yield self._send("/comments/preview", page="/refused", **everywhere)[1]
        else:
            location, again = self._send("/comments", page="/others", **signed(text))
            # A name of invisible characters is refused, so there is no comment.
            yield self._get(location + "/edit" * (turn == 3)) if location else again

    def _send(self, path: str, *, page: str, **typed: str) -> tuple[str, str]:
        form = self.client.get("/api/v1/form", query_string={"site": "blog", "page": page}).json
        assert form is not None
        self.ctx.clock.advance(seconds=3)  # type: ignore[attr-defined]
        ready = {"site": "blog", "page": page, "form_token": form["token"], form["honeypot"]: ""}
        answer = self.client.post(path, data={**ready, **typed})
        assert answer.status_code in {200, 303, 422}, typed
        return (answer.location or "").partition("#")[0], answer.text

    def _get(self, path: str, **query: str) -> str:
        answer = self.client.get(path, query_string={"site": "blog", **query} if query else None)
        assert answer.status_code == 200, path
        return answer.text


def test_our_own_strings_run_on_no_page(client: Attacked, detector: Detector) -> None:
    pages = list(client.pages(OURS, all_kinds=True))

    assert detector.open(pages) == []
    assert detector.loaded == len(pages) >= 4 * len(OURS)


@pytest.mark.corpora
@pytest.mark.parametrize("part", range(2))
def test_no_string_of_the_collection_runs_on_any_page(
    client: Attacked, detector: Detector, part: int
) -> None:
    texts = [text for _, text in corpora.payloads("xss-open")][part::2]
    pages = list(client.pages(texts))

    assert detector.open(pages) == []
    assert detector.loaded == len(pages) > len(texts)


@pytest.mark.parametrize("html", FIRES)
def test_the_detector_sees_what_runs_or_could_run(detector: Detector, html: str) -> None:
    page = f"<!doctype html><title>x</title><p>{html}</p>"

    assert detector.open([page]) != []


def test_the_detector_sees_one_bad_page_among_many(detector: Detector) -> None:
    good = "<!doctype html><title>x</title><p><a href='https://example.org'>x</a></p>"

    assert detector.open([good] * 30) == []
    assert detector.open([*[good] * 30, f"{good}<svg onload=quiet()>"]) != []


def test_the_detector_sees_the_same_page_without_escaping(
    client: Attacked, detector: Detector
) -> None:
    page = next(iter(client.pages(["</textarea><svg onload=quiet()>"])))

    assert detector.open([page]) == []
    assert detector.open([page.replace("&lt;", "<").replace("&gt;", ">")]) != []
