from __future__ import annotations

import dataclasses
import ipaddress
import secrets
from pathlib import Path
from typing import Any

import pytest

from comity.errors import ConfigurationError
from comity.settings import PREFIX, Settings, check_secret, from_mapping, load

KEY = "hyLsaZVBg4NyDlTcAfjE6aIhQoXD7RdJ1CLwYHRkZoPg3QLiulgw2m4iCNHQBct"
OLD_KEY = "6k2b93fd4KHpVPcZF1q0g4oEK9W0PiHmnVodDmAZfuSpK6RUJvQK5EHvPacZ80t"


def _load(**values: str) -> Settings:
    return load(
        {"COMITY_SECRET_KEY": KEY, **{PREFIX + name: text for name, text in values.items()}}
    )


def test_with_a_key_alone_everything_has_a_default() -> None:
    settings = _load()
    assert settings == Settings(secret_key=KEY)
    assert settings.posts_per_minute == 5
    assert settings.instance == Path("instance")
    assert not settings.is_https


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("SECRET_KEY_FALLBACKS", f"{OLD_KEY}, {KEY},", (OLD_KEY, KEY)),
        ("INSTANCE", " /srv/comity ", Path("/srv/comity")),
        ("DATABASE_URL", "sqlite:////srv/comity.db", "sqlite:////srv/comity.db"),
        ("VALKEY_URL", "valkey://localhost:6379/0", "valkey://localhost:6379/0"),
        ("PUBLIC_URL", "https://comments.example.org/", "https://comments.example.org"),
        ("TRUSTED_HOSTS", "a.example, b.example", ("a.example", "b.example")),
        ("TRUSTED_HOSTS", "", ()),
        (
            "TRUSTED_PROXIES",
            "10.0.0.0/8,::1",
            (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1")),
        ),
        ("POSTS_PER_MINUTE", " 7 ", 7),
        ("POSTS_PER_MINUTE_THREAD", "1", 1),
        ("POSTS_PER_MINUTE_TOTAL", "1000000", 1_000_000),
        ("POSTS_PER_HOUR_EMAIL", "9", 9),
        ("SECURITY_CONTACT", "mailto:mo@example.org", "mailto:mo@example.org"),
        ("SECURITY_CONTACT", "https://example.org/security", "https://example.org/security"),
        ("LOG_LEVEL", "WARNING", "warning"),
    ],
)
def test_each_setting_is_read(name: str, text: str, value: object) -> None:
    assert getattr(_load(**{name: text}), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PUBLIC_URL", ""),
        ("PUBLIC_URL", "comments.example.org"),
        ("PUBLIC_URL", "ftp://comments.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://example.org/comments"),
        ("PUBLIC_URL", "https://example.org/?q=1"),
        ("PUBLIC_URL", "https://example.org/#top"),
        ("PUBLIC_URL", "https://["),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),  # host bits: a mistake, not a network
        ("TRUSTED_PROXIES", "proxy.example"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("POSTS_PER_MINUTE", ""),
        ("POSTS_PER_MINUTE", "0"),
        ("POSTS_PER_MINUTE", "-1"),
        ("POSTS_PER_MINUTE", "5.5"),
        ("POSTS_PER_MINUTE", "many"),
        ("POSTS_PER_MINUTE", "9" * 5_000),
        ("POSTS_PER_MINUTE_THREAD", "1e3"),
        ("POSTS_PER_MINUTE_TOTAL", "0x10"),
        ("POSTS_PER_HOUR_EMAIL", "²"),
        ("SECURITY_CONTACT", "mo@example.org"),
        ("SECURITY_CONTACT", "http://example.org"),
        ("SECURITY_CONTACT", "mailto:mo@example.org\nPolicy: https://evil.example"),
        ("LOG_LEVEL", "loud"),
        ("LOG_LEVEL", ""),
        ("VALKEY_URL", "valkey://\udcff"),  # what os.environ makes of a byte that is not UTF-8
    ],
)
def test_a_bad_value_stops_the_start_and_says_which(name: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{PREFIX}{name} cannot be used: ") as refused:
        _load(**{name: text})
    assert "\n" not in str(refused.value)


def test_an_unknown_name_stops_the_start_and_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="Unknown setting COMITY_TRUSTED_PROXY") as refused:
        _load(TRUSTED_PROXY="10.0.0.0/8")
    assert "COMITY_TRUSTED_PROXIES" in str(refused.value)


def test_an_unknown_name_in_a_mapping_stops_the_start_too() -> None:
    with pytest.raises(ConfigurationError, match="Unknown setting COMITY_TYPO"):
        from_mapping({"secret_key": KEY, "typo": 1})


def test_the_rest_of_the_environment_is_not_ours() -> None:
    assert load({"COMITY_SECRET_KEY": KEY, "PATH": "/bin", "XCOMITY_LOG_LEVEL": "x"}).hosts


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "comity.toml"
    path.write_text(
        f'COMITY_SECRET_KEY = "{KEY}"\n'
        "COMITY_POSTS_PER_MINUTE = 7\n"
        "COMITY_POSTS_PER_MINUTE_THREAD = 8\n"
        'COMITY_TRUSTED_HOSTS = ["a.example", " b.example "]\n'
    )
    settings = load({"COMITY_POSTS_PER_MINUTE": "9"}, path)
    assert (settings.posts_per_minute, settings.posts_per_minute_thread) == (9, 8)
    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.secret_key == KEY


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("COMITY_LOG_LEVL = 'info'", "Unknown setting COMITY_LOG_LEVL in "),
        ("log_level = 'info'", "Unknown setting log_level in "),
        ("[server]\nport = 1", "Unknown setting server in "),
        ("COMITY_LOG_LEVEL = 7", "COMITY_LOG_LEVEL cannot be used: it must be text"),
        ("COMITY_POSTS_PER_MINUTE = true", "COMITY_POSTS_PER_MINUTE cannot be used"),
        ("COMITY_POSTS_PER_MINUTE = 1.0", "COMITY_POSTS_PER_MINUTE cannot be used"),
        ("COMITY_TRUSTED_HOSTS = [1]", "COMITY_TRUSTED_HOSTS cannot be used"),
        ("COMITY_SECRET_KEY = {a = 1}", "COMITY_SECRET_KEY cannot be used: it must be text"),
        ("this is no TOML", "cannot be read"),
    ],
)
def test_a_mistake_in_the_file_is_said_in_one_line(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "comity.toml"
    path.write_text(written)
    environment = {} if "SECRET_KEY" in written else {"COMITY_SECRET_KEY": KEY}
    with pytest.raises(ConfigurationError, match=said.replace("{", "\\{")) as refused:
        load(environment, path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "comity.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"comity\.toml cannot be read"):
        load({"COMITY_SECRET_KEY": KEY}, path)


def test_a_file_that_is_not_there_is_no_mistake(tmp_path: Path) -> None:
    assert load({"COMITY_SECRET_KEY": KEY}, tmp_path / "comity.toml").secret_key == KEY


@pytest.mark.parametrize("environment", [{}, {"COMITY_SECRET_KEY": ""}])
def test_without_a_key_the_start_stops_and_says_how_to_make_one(
    environment: dict[str, str],
) -> None:
    with pytest.raises(ConfigurationError, match=r"COMITY_SECRET_KEY is missing.*token_urlsafe"):
        load(environment)


WEAK = [
    "short",
    "x" * 31,
    "a" * 64,
    "abcabcabc" * 8,
    "0123456789abcdef" * 4,
    "changeme-" + KEY,
    "my-SECRET-" + KEY,
    "Password" + KEY,
    "your-key-here-" + KEY,
    "example" + KEY,
]


@pytest.mark.parametrize("weak", WEAK)
def test_a_weak_key_stops_the_start_and_is_not_repeated(weak: str) -> None:
    with pytest.raises(ConfigurationError, match="COMITY_SECRET_KEY is too weak") as refused:
        load({"COMITY_SECRET_KEY": weak})
    assert weak not in str(refused.value)


@pytest.mark.parametrize("weak", WEAK)
def test_a_weak_fallback_is_as_bad_and_is_named(weak: str) -> None:
    with pytest.raises(ConfigurationError, match="COMITY_SECRET_KEY_FALLBACKS is too weak"):
        _load(SECRET_KEY_FALLBACKS=f"{OLD_KEY},{weak}")


def test_good_keys_are_good() -> None:
    for _ in range(50):
        check_secret(secrets.token_urlsafe(32))
        check_secret(secrets.token_hex(32))
    check_secret("ключ, который никто не угадает")


def test_no_secret_shows_in_a_repr() -> None:
    settings = _load(
        SECRET_KEY_FALLBACKS=OLD_KEY,
        DATABASE_URL="postgresql+psycopg://comity:hunter2@db/comity",
        VALKEY_URL="valkey://:hunter2@valkey/0",
    )
    for shown in (repr(settings), str(settings)):
        for secret in (KEY, OLD_KEY, "hunter2"):
            assert secret not in shown


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL"])
def test_no_secret_shows_in_the_text_of_an_error(name: str) -> None:
    values: dict[str, Any] = {"secret_key": KEY, name.lower(): {"hunter2": "hunter2"}}
    with pytest.raises(ConfigurationError) as refused:
        from_mapping(values)
    assert "hunter2" not in str(refused.value)
    assert KEY not in str(refused.value)


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        _load().posts_per_minute = 1_000  # type: ignore[misc]


@pytest.mark.parametrize(
    ("url", "is_https", "host"),
    [
        ("https://Comments.Example.org:8443/", True, "comments.example.org"),
        ("http://10.0.0.7:8080", False, "10.0.0.7"),
    ],
)
def test_the_public_address_says_what_we_answer_to(url: str, *, is_https: bool, host: str) -> None:
    settings = _load(PUBLIC_URL=url, TRUSTED_HOSTS="other.example")
    assert settings.is_https == is_https
    assert settings.hosts == (host, "other.example")
