from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from comity.adapters.instance_folder import (
    DATABASE_FILE,
    KEY_FILE,
    loose_permissions,
    open_instance,
)
from comity.errors import ConfigurationError
from comity.settings import check_secret

KEY = "hyLsaZVBg4NyDlTcAfjE6aIhQoXD7RdJ1CLwYHRkZoPg3QLiulgw2m4iCNHQBct"


@pytest.fixture(autouse=True)
def _empty_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    before = os.umask(0)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_run_makes_a_private_folder_with_a_good_key() -> None:
    settings = open_instance({})
    folder = Path("instance")
    check_secret(settings.secret_key)
    assert (folder / KEY_FILE).read_text().strip() == settings.secret_key
    assert (_mode(folder), _mode(folder / KEY_FILE)) == (0o700, 0o600)
    assert settings.database_url == f"sqlite:///{folder.absolute() / DATABASE_FILE}"
    assert settings.instance == folder


def test_the_second_run_has_the_same_key() -> None:
    assert open_instance({}).secret_key == open_instance({}).secret_key


def test_two_first_runs_at_once_agree_on_one_key() -> None:
    gate = threading.Barrier(8)

    def start(_: int) -> str:
        gate.wait(timeout=10)
        return open_instance({}).secret_key

    for number in range(10):
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(start, range(8)))
        assert keys == {(Path("instance") / KEY_FILE).read_text().strip()}
        assert [path.name for path in Path("instance").iterdir()] == [KEY_FILE]
        Path("instance").rename(f"old-{number}")


def test_a_mistyped_folder_is_not_made() -> None:
    with pytest.raises(ConfigurationError, match="run 'comity init'"):
        open_instance({"COMITY_INSTANCE": "instnace"})
    assert list(Path().iterdir()) == []


def test_init_makes_the_folder_that_is_named() -> None:
    settings = open_instance({"COMITY_INSTANCE": "here"}, create=True)
    assert settings.secret_key == open_instance({"COMITY_INSTANCE": "here"}).secret_key


def test_a_server_with_its_own_database_gets_no_key_of_chance() -> None:
    with pytest.raises(ConfigurationError, match="There is no secret key"):
        open_instance({"COMITY_DATABASE_URL": "postgresql+psycopg://db/comity"})


def test_a_key_from_the_environment_is_never_written_down() -> None:
    assert open_instance({"COMITY_SECRET_KEY": KEY}).secret_key == KEY
    assert not (Path("instance") / KEY_FILE).exists()


def test_settings_are_read_from_the_file_in_the_folder() -> None:
    Path("instance").mkdir()
    Path("instance/comity.toml").write_text("COMITY_POSTS_PER_MINUTE = 7\n")
    assert open_instance({}).posts_per_minute == 7
    assert open_instance({"COMITY_POSTS_PER_MINUTE": "8"}).posts_per_minute == 8


@pytest.mark.parametrize("content", [b"\xff\xff", b"short", b"\n"])
def test_a_spoilt_key_file_stops_the_start(content: bytes) -> None:
    Path("instance").mkdir()
    (Path("instance") / KEY_FILE).write_bytes(content)
    with pytest.raises(ConfigurationError):
        open_instance({})


def test_a_folder_that_cannot_be_made_is_named() -> None:
    Path("file").touch()
    with pytest.raises(ConfigurationError, match="cannot be made"):
        open_instance({"COMITY_INSTANCE": "file/below"}, create=True)


def test_what_others_can_read_is_found() -> None:
    settings = open_instance({})
    assert loose_permissions(settings) == []
    key = Path("instance") / KEY_FILE
    key.chmod(0o644)
    assert loose_permissions(settings) == [key]
