"""Who is at the other end: only a proxy that the operator named is believed."""

from __future__ import annotations

import ipaddress

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from comity.web.security.client_address import address_prefix, client_address

UNKNOWN = "0.0.0.0"  # noqa: S104 - an address that nobody has
PROXIES = ("10.0.0.0/8", "2001:db8:f::/48")


def seen(
    remote: str | None, forwarded: str | None = None, trusted: tuple[str, ...] = PROXIES
) -> str:
    builder = EnvironBuilder(environ_base={"REMOTE_ADDR": remote} if remote is not None else {})
    if forwarded is not None:
        builder.headers["X-Forwarded-For"] = forwarded
    return client_address(
        Request(builder.get_environ()), [ipaddress.ip_network(network) for network in trusted]
    )


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("192.0.2.7", None, "192.0.2.7"),
        ("192.0.2.7", "203.0.113.1", "192.0.2.7"),
        ("192.0.2.7", "10.0.0.1", "192.0.2.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.1, 10.0.0.9", "203.0.113.1"),
        ("10.0.0.1", "1.2.3.4,203.0.113.1 , 10.0.0.9,10.1.1.1", "203.0.113.1"),
        ("10.0.0.1", "10.0.0.5, 10.0.0.6", "10.0.0.5"),
        ("10.0.0.1", "203.0.113.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.1, nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "203.0.113.1, ", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.1:4711", "10.0.0.1"),
        ("10.0.0.1", "for=203.0.113.1", "10.0.0.1"),
        ("10.0.0.1", "0x7f.1", "10.0.0.1"),
        ("10.0.0.1", "2001:db8::5", "2001:db8::5"),
        ("10.0.0.1", "::ffff:203.0.113.1", "203.0.113.1"),
        ("::ffff:10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("::ffff:192.0.2.7", "203.0.113.1", "192.0.2.7"),
        ("2001:db8:f::1", "2001:db8::9%eth0", "2001:db8::9"),
        ("fe80::1%eth0", None, "fe80::1"),
        ("", "203.0.113.1", UNKNOWN),
        (None, "203.0.113.1", UNKNOWN),
        ("unix:", "203.0.113.1", UNKNOWN),
    ],
)
def test_the_right_most_address_that_is_no_proxy_of_ours_is_the_client(
    remote: str | None, forwarded: str | None, client: str
) -> None:
    assert seen(remote, forwarded) == client


def test_without_named_proxies_the_header_is_not_read() -> None:
    assert seen("10.0.0.1", "203.0.113.1", trusted=()) == "10.0.0.1"


def test_a_thousand_hops_are_walked_from_the_right() -> None:
    hops = ", ".join(["10.0.0.9"] * 1000)
    assert seen("10.0.0.1", f"203.0.113.1, {hops}") == "203.0.113.1"


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.255", "192.0.2.0/24"),
        ("192.0.3.7", "192.0.3.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("nonsense", "0.0.0.0/24"),
    ],
)
def test_a_household_shares_a_prefix(address: str, prefix: str) -> None:
    assert address_prefix(address) == prefix
