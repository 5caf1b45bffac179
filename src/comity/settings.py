"""Every knob: its name, type, default, unit and meaning, in one table read once."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from comity.errors import ConfigurationError

PREFIX: Final = "COMITY_"
MIN_SECRET_BYTES: Final = 32
_MIN_DISTINCT: Final = 10
_FOR_TESTS: Final = "COMITY_CORPORA"  # where the tests find attack strings; not a setting
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SAMPLES: Final = ("changeme", "secret", "example", "password", "0123456789", "your-")

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, checked. Made once at start by `load` or by the Flask extension.

    Set each as an environment variable with the prefix `COMITY_`, or under the
    same name in `comity.toml`; the environment wins.
    """

    secret_key: str = field(repr=False)
    """Signs cookies, tokens and hashes; at least 32 bytes. No default."""
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    """Earlier keys, comma-separated: what they signed is still accepted."""
    instance: Path = Path("instance")
    """Folder for the database and the key of a first run."""
    database_url: str = field(default="", repr=False)
    """`sqlite:////path` or `postgresql+psycopg://…`; default: a SQLite file in the instance."""
    valkey_url: str = field(default="", repr=False)
    """`valkey://host:6379/0` shares rate limits between processes; default: memory."""
    public_url: str = "http://127.0.0.1:8080"
    """The address readers use. `https` makes cookies `Secure` with the `__Host-` prefix."""
    trusted_hosts: tuple[str, ...] = ()
    """Host names we answer to besides that of `public_url`, comma-separated."""
    trusted_proxies: tuple[IPNetwork, ...] = ()
    """Networks whose X-Forwarded-For is believed, comma-separated; default: none."""
    posts_per_minute: int = 5
    """Comments from one address prefix (/24, /64) a minute."""
    posts_per_minute_thread: int = 60
    """Comments on one page a minute."""
    posts_per_minute_total: int = 600
    """Comments in all a minute."""
    posts_per_hour_email: int = 30
    """Comments with one e-mail address an hour."""
    security_contact: str = ""
    """`mailto:` or `https:` address for security.txt; default: the server's front page."""
    log_level: str = "info"
    """`debug`, `info`, `warning` or `error`."""

    @property
    def is_https(self) -> bool:
        """Whether readers reach us by https."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host name we answer to. The loopback has three names for one thing."""
        name = urlsplit(self.public_url).hostname or "localhost"
        names = ("127.0.0.1", "localhost", "[::1]") if name in _LOOPBACK else (name,)
        return (*names, *self.trusted_hosts)


def load(environment: Mapping[str, str], toml_path: Path | None = None) -> Settings:
    """Return the settings of `environment` over those of the file, if there is one.

    Raises:
        ConfigurationError: a name we do not know (a typo must not switch a
            protection off), a value we cannot use, or no secret key.
    """
    return from_mapping(raw_settings(environment, toml_path))


def raw_settings(environment: Mapping[str, str], toml_path: Path | None = None) -> dict[str, Any]:
    """Return setting name → value as written, from file and environment.

    Raises:
        ConfigurationError: the file cannot be read, or a name is unknown.
    """
    values: dict[str, Any] = {}
    if toml_path is not None and toml_path.exists():
        try:
            written = tomllib.loads(toml_path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigurationError(f"{toml_path} cannot be read: {error}.") from error
        values |= {_known(name, str(toml_path)): value for name, value in written.items()}
    values |= {
        _known(name, "the environment"): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name != _FOR_TESTS
    }
    return values


def from_mapping(values: Mapping[str, Any]) -> Settings:
    """Return settings made of `values`: names without prefix, in lower case.

    Raises:
        ConfigurationError: a name we do not know, a value we cannot use, or no secret key.
    """
    if not values.get("secret_key"):
        raise ConfigurationError(
            "COMITY_SECRET_KEY is missing. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    for name in values:
        _known(PREFIX + name.upper(), "the configuration")
    parsed = {name: _parse(name, value) for name, value in values.items()}
    check_secret(parsed["secret_key"])
    for key in parsed.get("secret_key_fallbacks", ()):
        check_secret(key, "COMITY_SECRET_KEY_FALLBACKS")
    return Settings(**parsed)


def check_secret(key: str, setting: str = "COMITY_SECRET_KEY") -> None:
    """Refuse a key that could be guessed (CWE-521, CWE-1392); never repeats it.

    Raises:
        ConfigurationError: it is short, monotonous, or looks like a sample.
    """
    lowered = key.lower()
    if (
        len(key.encode()) < MIN_SECRET_BYTES
        or len(set(key)) < _MIN_DISTINCT
        or any(sample in lowered for sample in _SAMPLES)
    ):
        raise ConfigurationError(
            f"{setting} is too weak: use {MIN_SECRET_BYTES} random bytes or more. Make "
            "one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )


def _known(name: str, origin: str) -> str:
    plain = name.removeprefix(PREFIX).lower()
    if plain not in _PARSERS or not name.startswith(PREFIX):
        known = ", ".join(PREFIX + known.upper() for known in _PARSERS)
        raise ConfigurationError(f"Unknown setting {name} in {origin}. The settings are: {known}.")
    return plain


def _parse(name: str, value: Any) -> Any:
    try:
        return _PARSERS[name](value)
    except (ValueError, TypeError) as error:
        setting = PREFIX + name.upper()
        raise ConfigurationError(f"{setting} cannot be used: {error}.") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("it must be text")
    if any("\ud800" <= character <= "\udfff" for character in value):  # bytes of an environment
        raise ValueError("it must be UTF-8")
    return value.strip()


def _list(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, (list, tuple)) else _text(value).split(",")
    return tuple(item for item in map(_text, items) if item)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not str(value).strip().isdecimal() or int(value) < 1:
        raise ValueError("it must be a whole number, 1 or more")
    return int(value)


def _public_url(value: Any) -> str:
    url = urlsplit(_text(value).rstrip("/"))
    if url.scheme not in {"http", "https"} or not url.hostname or any(url[2:]):
        raise ValueError("it must look like https://comments.example.org")
    return _text(value).rstrip("/")


def _networks(value: Any) -> tuple[IPNetwork, ...]:
    return tuple(ipaddress.ip_network(item) for item in _list(value))


def _contact(value: Any) -> str:
    contact = _text(value)
    if contact and not contact.startswith(("mailto:", "https://")):
        raise ValueError("it must begin with mailto: or https://")
    if any(character.isspace() for character in contact):
        raise ValueError("it must be one address without spaces")
    return contact


def _level(value: Any) -> str:
    level = _text(value).lower()
    if level not in {"debug", "info", "warning", "error"}:
        raise ValueError("it must be debug, info, warning or error")
    return level


_PARSERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "secret_key": _text,
    "secret_key_fallbacks": _list,
    "instance": lambda value: Path(_text(str(value))),
    "database_url": _text,
    "valkey_url": _text,
    "public_url": _public_url,
    "trusted_hosts": _list,
    "trusted_proxies": _networks,
    "posts_per_minute": _count,
    "posts_per_minute_thread": _count,
    "posts_per_minute_total": _count,
    "posts_per_hour_email": _count,
    "security_contact": _contact,
    "log_level": _level,
}

assert set(_PARSERS) == {known.name for known in fields(Settings)}  # noqa: S101 - one table, two views
