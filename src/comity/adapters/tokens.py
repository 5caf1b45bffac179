"""Signed tokens and keyed hashes, by itsdangerous and HMAC-SHA-256."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from itsdangerous import BadData, BadSignature, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from comity.errors import TokenError, TokenExpiredError
from comity.services.context import Claim, Purpose

MAX_TOKEN_CHARS: Final = 1_000
"""Longer ones are not ours: refused before any work."""


class SignedTokens:
    """Tokens under one secret key, with earlier keys still accepted (rotation).

    The signature is HMAC-SHA-256 with a salt for each purpose, compared in
    constant time by itsdangerous (CWE-208).
    """

    def __init__(self, secret_key: str, fallbacks: Sequence[str] = ()) -> None:
        self._newest = secret_key.encode()
        # itsdangerous signs with the last key and accepts every one.
        keys = [*reversed([key.encode() for key in fallbacks]), self._newest]
        self._serializers = {
            purpose: URLSafeSerializer(
                keys,
                salt=f"comity.token.{purpose}.v1",
                signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
            )
            for purpose in Purpose
        }

    def sign(self, purpose: Purpose, facts: Mapping[str, Any], issued_at: datetime) -> str:
        """Return the facts, signed, with the moment in milliseconds."""
        moment = int(issued_at.timestamp() * 1000)
        return self._serializers[purpose].dumps([moment, dict(facts)])

    def read(self, purpose: Purpose, token: str, *, now: datetime, max_age: timedelta) -> Claim:
        """Return what a genuine `token` says.

        Raises:
            TokenExpiredError: it is older than `max_age`.
            TokenError: it was not signed by us for this purpose.
        """
        if len(token) > MAX_TOKEN_CHARS or not token.isascii():
            raise TokenError("This is not a token.")
        try:
            moment, facts = self._serializers[purpose].loads(token)
            signature = token.rpartition(".")[2]
            # Base64 has several spellings for the same bytes; a token of ours has one.
            if base64_encode(base64_decode(signature)) != signature.encode():
                raise BadSignature("Not our spelling.")
        except BadData as error:
            raise TokenError("This token was not made here for this purpose.") from error
        issued_at = datetime.fromtimestamp(moment / 1000, UTC)
        if now - issued_at > max_age:
            raise TokenExpiredError(issued_at)
        return Claim(facts=facts, issued_at=issued_at)

    def digest(self, purpose: str, *parts: str) -> bytes:
        """Return HMAC-SHA-256 over `parts`, each with its length: none runs into the next."""
        mac = hmac.new(self._newest, f"comity.digest.{purpose}.v1".encode(), hashlib.sha256)
        for part in parts:
            octets = part.encode("utf-8", "surrogatepass")
            mac.update(len(octets).to_bytes(8, "big") + octets)
        return mac.digest()
