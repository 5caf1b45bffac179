"""Who is at the other end: believed only from proxies that the operator named."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Final

from flask import Request

from comity.settings import IPNetwork

_UNKNOWN: Final = "0.0.0.0"  # noqa: S104 - an address that nobody has, not one to bind to
_V4_PREFIX: Final = 24
_V6_PREFIX: Final = 64


def client_address(request: Request, trusted: Sequence[IPNetwork]) -> str:
    """Return the address of the client.

    X-Forwarded-For is read from the right, over the proxies in `trusted`, and
    only if the connection itself comes from one: anybody can write that header
    (CWE-348, CVE-2024-35538). What does not parse ends the walk.
    """
    address = _parse(request.remote_addr or "")
    if address is None:  # a unix socket has no address: only a local proxy can reach it
        return _UNKNOWN
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    while hops and any(address in network for network in trusted):
        hop = _parse(hops.pop())
        if hop is None:
            break
        address = hop
    return str(address)


def address_prefix(address: str) -> str:
    """Return the part of `address` that one household or company shares: /24 or /64.

    A single IPv6 subscriber has 2^64 addresses; a limit on each would be none.
    """
    parsed = _parse(address) or ipaddress.ip_address(_UNKNOWN)
    length = _V4_PREFIX if parsed.version == 4 else _V6_PREFIX  # noqa: PLR2004 - IP version
    return str(ipaddress.ip_network((parsed, length), strict=False))


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return None
    # ::ffff:192.0.2.1 is 192.0.2.1: one client, one bucket.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
