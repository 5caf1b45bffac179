"""The signed token in every form: for one page, good for a day, good for one comment."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from comity.errors import FormExpiredError, TokenError
from comity.services.context import Context, Purpose

from .honeypot import Honeypot, honeypot_for

FORM_LIFETIME: Final = timedelta(hours=24)
"""A form may wait for a day: thinking takes time (WCAG 2.2.1 asks for 20 hours)."""


@dataclass(frozen=True, kw_only=True)
class FormToken:
    """One form as it was given out: its token, its random part, its age, its honeypot."""

    token: str
    nonce: str
    age_seconds: float
    honeypot: Honeypot


def new_form_token(ctx: Context, site: str, page: str) -> FormToken:
    """Return a token for one form on one page. Needs no cookie and keeps no state."""
    nonce = secrets.token_urlsafe(12)
    token = ctx.tokens.sign(Purpose.FORM, {"p": _place(site, page), "n": nonce}, ctx.clock())
    return FormToken(token=token, nonce=nonce, age_seconds=0, honeypot=honeypot_for(token))


def read_form_token(ctx: Context, token: str, site: str, page: str) -> FormToken:
    """Return what the token of a sent form says.

    Raises:
        FormExpiredError: missing, altered, older than a day, or made for
            another page: the same answer, for the sender can do the same about it.
    """
    now = ctx.clock()
    try:
        claim = ctx.tokens.read(Purpose.FORM, token, now=now, max_age=FORM_LIFETIME)
    except TokenError as error:
        raise FormExpiredError from error
    if claim.facts["p"] != _place(site, page):
        raise FormExpiredError
    nonce = str(claim.facts["n"])
    return FormToken(
        token=token,
        nonce=nonce,
        age_seconds=(now - claim.issued_at).total_seconds(),
        honeypot=honeypot_for(token),
    )


def _place(site: str, page: str) -> str:
    """Return a digest, so that a token is short however long the page; a site has no space."""
    return hashlib.sha256(f"{site} {page}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
