"""The instance folder: where a server keeps its key and, on SQLite, its comments."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from comity.errors import ConfigurationError
from comity.settings import Settings, from_mapping, raw_settings

DEFAULT: Final = Path("instance")
KEY_FILE: Final = "secret_key"
DATABASE_FILE: Final = "comity.sqlite3"
TOML_FILE: Final = "comity.toml"


def open_instance(environment: Mapping[str, str] = os.environ, *, create: bool = False) -> Settings:
    """Return the settings of the instance that `environment` names (default: `./instance`).

    On the first run without any configuration the default folder is made
    (0700), with a new secret key (0600). Another folder is made only if
    `create`: a mistyped path must not start an empty server with a new key.

    Raises:
        ConfigurationError: no key and none may be made, a folder that cannot
            be written, or a setting that cannot be used.
    """
    values = written_settings(environment)
    folder = Path(values["instance"])
    if not values.get("secret_key"):
        is_first_run = "COMITY_INSTANCE" not in environment and not values.get("database_url")
        has_key = (folder / KEY_FILE).exists()
        values["secret_key"] = (
            _read_key(folder) if has_key else _new_key(folder, may=create or is_first_run)
        )
    if not values.get("database_url"):
        _make_private_folder(folder)
        values["database_url"] = f"sqlite:///{(folder / DATABASE_FILE).absolute()}"
    return from_mapping(values)


def written_settings(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return what the operator has set, in the environment or in the folder's comity.toml.

    Raises:
        ConfigurationError: the file cannot be read, or a name is unknown.
    """
    folder = Path(environment.get("COMITY_INSTANCE") or DEFAULT)
    return raw_settings(environment, folder / TOML_FILE) | {"instance": str(folder)}


def loose_permissions(settings: Settings) -> list[Path]:
    """Return the files of the instance that others on this machine can read (CWE-732)."""
    found: list[Path] = []
    for name in ("", KEY_FILE, DATABASE_FILE, TOML_FILE):
        path = settings.instance / name
        if path.exists() and path.stat().st_mode & 0o077:
            found.append(path)
    return found


def _read_key(folder: Path) -> str:
    path = folder / KEY_FILE
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {_why(error)}.") from error
    if not key:
        raise ConfigurationError(f"{path} is empty. Put the key back, or delete the file.")
    return key


def _new_key(folder: Path, *, may: bool) -> str:
    if not may:
        raise ConfigurationError(
            f"There is no secret key: set COMITY_SECRET_KEY, or run 'comity init' to make one in "
            f"{folder}."
        )
    _make_private_folder(folder)
    path = folder / KEY_FILE
    draft = folder / f".{KEY_FILE}.{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        _publish(draft, path)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {_why(error)}.") from error
    return _read_key(folder)


def _publish(draft: Path, path: Path) -> None:
    """Give the file its name unless it is taken: of two starts at once, both read one key."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {folder} cannot be made: {_why(error)}. Name another with COMITY_INSTANCE."
        ) from error


def _why(error: Any) -> str:
    return getattr(error, "strerror", None) or str(error)
