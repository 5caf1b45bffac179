"""The visitor's session: a signed cookie of our own, apart from any session of a host."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from flask import Flask, Request, Response, g
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode, want_bytes

from comity.web.state import WebState, is_https, state

_MAX_EDITABLE: Final = 8
_G: Final = "_comity_session"


class OneSpellingSigner(TimestampSigner):
    """Accepts a signature only as we write it: Base64 has several spellings for the same bytes."""

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Whether `sig` is ours, to the letter."""
        return super().verify_signature(value, sig) and (
            base64_encode(base64_decode(sig)) == want_bytes(sig)
        )


class CookieSession(SecureCookieSessionInterface):
    """Flask's signed cookie under our key, name and attributes, on our pages only.

    The signature is over name, content and time: one changed character and the
    cookie is nobody's (CWE-565). Earlier keys are accepted, so a key can be
    changed without forgetting people. Signed is not secret: nothing goes in
    that its owner may not read.
    """

    salt = "comity.session.v1"
    digest_method = staticmethod(hashlib.sha256)

    def __init__(self, web: WebState) -> None:
        self._web = web
        self._settings = web.context.settings

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:  # noqa: ARG002
        """Sign with our own key: the host's may be known to other parts of the host."""
        newest = self._settings.secret_key
        return URLSafeTimedSerializer(
            [*reversed(self._settings.secret_key_fallbacks), newest],
            salt=self.salt,
            signer=OneSpellingSigner,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002
        """`__Host-` binds the cookie to this very host over https; http has no such cookie."""
        return "__Host-comity" if is_https() else "comity"

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002
        """`__Host-` demands the path `/`."""
        return "/"

    def get_cookie_domain(self, app: Flask) -> None:
        """No domain: no sub-domain can read or set it."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        """Never over plain http, except on the loopback of a first run."""
        return is_https()

    def get_cookie_samesite(self, app: Flask) -> str:  # noqa: ARG002
        """Not sent with another site's requests."""
        return "Lax"

    def get_cookie_partitioned(self, app: Flask) -> bool:  # noqa: ARG002
        """One jar: the cookie is no use in a frame on another site."""
        return False

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:  # noqa: ARG002
        """Only when something changed: a reader gets no cookie."""
        return session.modified

    def get_cookie_httponly(self, app: Flask) -> bool:  # noqa: ARG002
        """Out of reach of any script."""
        return True


def open_session(app: Flask, incoming: Request) -> None:
    """Read the cookie into `g`; an altered or foreign one is an empty session."""
    interface = CookieSession(state())
    setattr(g, _G, interface.open_session(app, incoming))


def save_session(app: Flask, response: Response) -> None:
    """Write the cookie if the session changed; an empty one is deleted from the browser."""
    interface, kept = CookieSession(state()), _opened()
    if kept.modified:
        kept.permanent = bool(kept)
    interface.save_session(app, kept, response)


def visitor() -> SecureCookieSession:
    """Return this visitor's session; empty where no page of ours has opened one."""
    found = _opened()
    # Flask marks only its own session; without the mark no `Vary: Cookie` is written (CWE-524).
    found.accessed = True
    return found


def _opened() -> SecureCookieSession:
    if _G not in g:
        setattr(g, _G, SecureCookieSession())
    found: SecureCookieSession = getattr(g, _G)
    return found


def remember_author(fields: dict[str, str] | None) -> None:
    """Keep name, surname and e-mail for the next form, or forget them; only by a tick."""
    if fields is None:
        visitor().pop("author", None)
    else:
        visitor()["author"] = fields


def remembered_author() -> dict[str, str]:
    """Return what `remember_author` kept."""
    kept: Any = visitor().get("author")
    return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}


def keep_edit_token(comment_id: str, token: str) -> None:
    """Let this browser change the comment that it has just posted. The latest eight are kept."""
    tokens = [(kept, value) for kept, value in _edit_tokens() if kept != comment_id]
    visitor()["edits"] = [*tokens, (comment_id, token)][-_MAX_EDITABLE:]


def edit_token_of(comment_id: str) -> str | None:
    """Return this browser's edit token for the comment, or None."""
    return dict(_edit_tokens()).get(comment_id)


def _edit_tokens() -> list[tuple[str, str]]:
    kept: Any = visitor().get("edits", ())
    return [(str(item[0]), str(item[1])) for item in kept]
