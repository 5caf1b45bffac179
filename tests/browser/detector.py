"""A small detector: did anything on this page run, or could it have?

Pages are given to a real Chromium without their own policy, so that it is the escaping that is
tested; a policy that only reports notices every script, handler and `javascript:` address.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

from playwright.sync_api import BrowserContext, Error, Page, Request

FRAMES: Final = 50
OURS: Final = ("/static/comity/comity.css", "/favicon.ico")
POLICY: Final = "script-src 'none'; object-src 'none'"

_WATCH: Final = """
(() => {
    const tell = what => (window.top.heard ??= []).push(what);
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
        window[name] = words => { tell(`ran ${name}(${words})`); };
    addEventListener('securitypolicyviolation', event => {
        tell(`ran ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    }, true);
})();
"""

_LATENT: Final = """
() => {
    const found = [];
    const risky = 'script,iframe,frame,object,embed,applet,base,style,math,template,dialog,'
        + 'meta[http-equiv],img,video,audio,source,portal,animate,set,use,foreignObject';
    for (const one of document.querySelectorAll(risky)) found.push(`<${one.localName}>`);
    for (const one of document.querySelectorAll('*')) {
        for (const {name, value} of one.attributes) {
            if (/^on|^style$|^srcdoc$/i.test(name)) found.push(`${name}=`);
            if (/^(href|src|action|formaction|xlink:href|data|background)$/i.test(name)) {
                const scheme = new URL(value, document.baseURI).protocol;
                const isFine = ['http:', 'https:', 'mailto:'].includes(scheme);
                if (!isFine) found.push(`${name}=${scheme}`);
            }
        }
        if (one.tabIndex >= 0) one.focus({preventScroll: true});
        one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
    }
    return found;
}
"""


class Detector:
    """Opens HTML many pages at a time, each in a frame, and collects what happened."""

    def __init__(self, context: BrowserContext) -> None:
        self.found: list[str] = []
        self.loaded = 0
        self._site = _Site()
        self._page: Page = context.new_page()
        context.add_init_script(_WATCH)
        context.on("request", self._on_request)
        context.on("dialog", lambda dialog: self.found.append(f"ran dialog {dialog.message}"))

    def close(self) -> None:
        """Stop serving."""
        self._site.stop()

    def open(self, htmls: Sequence[str]) -> list[str]:
        """Open each and return what was found; what it was found on is not told apart."""
        self.found.clear()
        for start in range(0, len(htmls), FRAMES):
            batch = htmls[start : start + FRAMES]
            pages = {f"/{number}": html for number, html in enumerate(batch)}
            frames = "".join(
                f'<iframe src="{path}" width="400" height="40"></iframe>' for path in pages
            )
            pages["/frames"] = f"<!doctype html><title>frames</title>{frames}"
            self._site.pages = pages
            self._page.goto(f"{self._site.origin}/frames")
            self._look([f"{self._site.origin}/{number}" for number in range(len(batch))])
        return sorted(set(self.found))

    def _look(self, expected: Sequence[str]) -> None:
        frames = [frame for frame in self._page.frames if frame.parent_frame]
        for frame, url in itertools.zip_longest(frames, expected):
            if frame is None or frame.url != url:
                self.found.append(f"{url} went to {frame.url if frame else 'nowhere'}")
                continue
            try:
                self.found.extend(f"latent {one}" for one in frame.evaluate(_LATENT))
            except Error as error:
                self.found.append(f"{url} went away: {error}")
            self.loaded += 1
        if self._page.url != f"{self._site.origin}/frames":
            self.found.append(f"all went to {self._page.url}")
        self.found.extend(self._page.evaluate("window.heard || []"))

    def _on_request(self, request: Request) -> None:
        path = request.url.removeprefix(self._site.origin)
        if path not in self._site.pages and path not in OURS:
            self.found.append(f"asked for {request.url}")


class _Site:
    """Serves `pages`, path → HTML, on the loopback."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                html = site.pages.get(self.path, "")
                body = html.encode("utf-8", "replace")
                self.send_response(200)
                kind = "text/html; charset=utf-8" if html else "text/css"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy-Report-Only", POLICY)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        """Stop, whoever is still connected."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
