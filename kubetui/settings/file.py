"""Where the settings file is, and its text."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kubetui.settings.settings import Problem, Read

VARIABLE: Final = "KUBETUI_CONFIG"
_LARGEST: Final = 1_000_000
"""Bytes; more is no settings file."""


def settings_file(wanted: str | None, environ: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """``--config``, else ``KUBETUI_CONFIG``, else the platform's config folder's; None where there is no home."""
    named = wanted or environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    folder = environ.get("XDG_CONFIG_HOME")
    if folder:
        return Path(folder) / "kubetui" / "config.toml"
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if not home:
        return None
    if platform == "darwin":
        return Path(home) / "Library" / "Application Support" / "kubetui" / "config.toml"
    return Path(home) / ".config" / "kubetui" / "config.toml"


def read_settings(wanted: str | None, environ: Mapping[str, str]) -> Read:
    """The settings; the defaults where there is no file. Never raises: what is wrong is among the problems."""
    path = settings_file(wanted, environ)
    if path is None:
        return _nothing("")
    try:
        with path.open("rb") as file:
            body = file.read(_LARGEST + 1)
    except FileNotFoundError:
        named = bool(wanted or environ.get(VARIABLE))
        return _nothing(str(path), "no such file" if named else "")
    except OSError as error:
        return _nothing(str(path), f"can't be read: {error.strerror or error}")
    if len(body) > _LARGEST:
        return _nothing(str(path), "larger than a megabyte: that is no settings file")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _nothing(str(path), f"no UTF-8: byte {error.start}")
    from kubetui.settings.reading import parse  # only where there is a file: the first frame waits for it

    return parse(text.replace("\r\n", "\n"), str(path))


def _nothing(file: str, problem: str = "") -> Read:
    return Read(problems=[Problem(file, 0, problem)] if problem else [], file=file)
