"""How an application tells Comity its settings, and what a wrong one is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from comity.errors import ConfigurationError
from comity.extension import Comity
from comity.settings import Settings
from comity.web.state import state

HOST_KEY = "kT4vQz8nWc1LxRb7Jm0YsHd6PgUf9AeOi3Xr5Vt2"
OTHER_KEY = "Bq9XwLs3ZmNv6KdTy1HrJc8PgUa0EfRi5Gt7Vb2Mn4"


@pytest.fixture
def make_host(tmp_path: Path) -> Callable[..., Flask]:
    """Make applications with a key, each with a folder of its own."""

    def make(name: str = "host", **config: Any) -> Flask:
        app = Flask(name, instance_path=str(tmp_path / name))
        app.config.update({"SECRET_KEY": HOST_KEY, **config})
        return app

    return make


def test_settings_come_from_the_hosts_configuration(
    make_host: Callable[..., Flask], tmp_path: Path
) -> None:
    app = make_host(
        COMITY_SECRET_KEY=OTHER_KEY,
        COMITY_DATABASE_URL=f"sqlite:///{tmp_path / 'own.db'}",
        COMITY_POSTS_PER_MINUTE=2,
    )
    Comity(app)
    with app.app_context():
        settings: Settings = state().context.settings
    assert (settings.secret_key, settings.posts_per_minute) == (OTHER_KEY, 2)
    assert (tmp_path / "own.db").exists()


def test_without_a_key_of_its_own_one_is_derived_that_is_not_the_hosts(
    make_host: Callable[..., Flask],
) -> None:
    keys = set()
    for name, key in (("text", HOST_KEY), ("bytes", HOST_KEY.encode()), ("other", OTHER_KEY)):
        app = make_host(name)
        app.secret_key = key
        Comity(app)
        with app.app_context():
            keys.add(state().context.settings.secret_key)
    assert len(keys) == 2
    assert not keys & {HOST_KEY, OTHER_KEY}


def test_a_weak_key_of_the_host_is_refused_by_its_name(make_host: Callable[..., Flask]) -> None:
    with pytest.raises(ConfigurationError, match=r"^SECRET_KEY is too weak"):
        Comity(make_host(SECRET_KEY="dev"))


def test_without_any_key_the_missing_setting_is_named(make_host: Callable[..., Flask]) -> None:
    app = make_host()
    app.secret_key = None
    with pytest.raises(ConfigurationError, match="COMITY_SECRET_KEY is missing"):
        Comity(app)
    assert "comity" not in app.extensions
    assert "comity" not in app.blueprints


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"COMITY_TYPO": "x"}, "COMITY_TYPO"),
        ({"COMITY_POSTS_PER_MINUTE": "many"}, "COMITY_POSTS_PER_MINUTE cannot be used"),
        ({"COMITY_POSTS_PER_MINUTE": True}, "COMITY_POSTS_PER_MINUTE cannot be used"),
        ({"COMITY_SECRET_KEY": "changeme" * 8}, "COMITY_SECRET_KEY is too weak"),
        ({"COMITY_SECRET_KEY": 7}, "COMITY_SECRET_KEY cannot be used"),
        ({"COMITY_TRUSTED_PROXIES": "nonsense"}, "COMITY_TRUSTED_PROXIES cannot be used"),
        ({"COMITY_DATABASE_URL": "mysql://x"}, "COMITY_DATABASE_URL"),
        ({"COMITY_DATABASE_URL": "sqlite://"}, "COMITY_DATABASE_URL must name a file"),
    ],
)
def test_a_wrong_setting_is_named(
    make_host: Callable[..., Flask], config: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        Comity(make_host(**config))
    assert "\n" not in str(caught.value)
    assert "changeme" not in str(caught.value)


@pytest.mark.parametrize("prefix", ["comity", "/comity/", "/", "comity/"])
def test_a_prefix_begins_with_a_slash_and_does_not_end_with_one(
    make_host: Callable[..., Flask], prefix: str
) -> None:
    with pytest.raises(ConfigurationError, match="url_prefix"):
        Comity(make_host(), url_prefix=prefix)


def test_one_application_is_set_up_once(make_host: Callable[..., Flask]) -> None:
    app = make_host()
    comity = Comity(app)
    with pytest.raises(ConfigurationError, match="already set up"):
        comity.init_app(app, url_prefix="/again")


def test_an_application_that_was_not_set_up_says_what_was_forgotten() -> None:
    Comity()
    with (
        Flask("bare").app_context(),
        pytest.raises(RuntimeError, match="forget to call 'init_app'"),
    ):
        state()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    app = Flask("x", instance_path=str(tmp_path / "file" / "instance"))
    app.secret_key = HOST_KEY
    with pytest.raises(ConfigurationError, match=r"file/instance cannot be made.*DATABASE_URL"):
        Comity(app)
