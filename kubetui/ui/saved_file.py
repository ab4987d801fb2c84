"""Files that a person saves: where they would go, and writing them so that nothing is lost and nobody else reads it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

MODE: Final = 0o600
"""What is saved may tell more than other users of the machine should know."""
FOLDER_MODE: Final = 0o700
_LONGEST: Final = 200
"""Bytes of one part of a path: file systems allow 255."""
_NOT_IN_NAMES: Final = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]+')


class NotSaved(Exception):
    """The file could not be written; the text says why and what to do."""


class Exists(NotSaved):
    """There is a file of that name already, and nobody asked to replace it."""


def default_path(folder: str, context: str, parts: Sequence[str]) -> str:
    """``~/kubetui/aks-prod/Pod/team-04/checkout-0.yaml``. Whatever could lead out of ``folder`` is replaced.

    Without a context, where there is no cluster, the parts stand in ``folder`` itself; ``.`` is the current folder.
    """
    below = "/".join(_part(part) for part in (context, *parts) if part)
    return below if folder in ("", ".", "./") else f"{folder.rstrip('/')}/{below}"


def words_of(path: Path) -> str:
    """How a path is told: ``~`` for the home, as it was offered."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):  # elsewhere; or there is no home
        return str(path)


def _part(text: str) -> str:
    name = _NOT_IN_NAMES.sub("_", text).strip()
    # The end is kept: it says what the file is.
    while len(name.encode("utf-8", "replace")) > _LONGEST:
        stem, dot, suffix = name.rpartition(".")
        name = f"{stem[:-1]}{dot}{suffix}" if len(stem) > 1 else name[:-1]
    return f"_{name.lstrip('.')}" if name.startswith(".") or not name else name


def write(path: str, text: str | bytes, *, replace: bool = False) -> Path:
    """Write ``text`` as it is (as UTF-8 where it is not bytes), readable by its owner alone; missing folders are made.

    Raises Exists where there is such a file and not ``replace``, NotSaved where it can't be written. A file that is
    replaced stays as it was until the new one is whole.
    """
    try:
        target = Path(path).expanduser()
    except RuntimeError as error:
        raise NotSaved(f"{path}: nothing tells where the home folder is (HOME); choose another place") from error
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    try:
        _make_folder(target.parent)
        if replace:
            _replace(target, data)
        else:
            _create(target, data)
    except FileExistsError as error:
        if target.is_dir():
            raise NotSaved(f"{target} is a folder: name a file in it") from error
        if error.filename and Path(error.filename) != target:
            raise NotSaved(f"{error.filename} is a file, not a folder") from error
        raise Exists(f"{target} exists already ({_size(target)}): ⏎ again replaces it, or type another name") from error
    except (OSError, ValueError) as error:
        raise NotSaved(f"{target}: {_why(error)}") from error
    return target


def _make_folder(folder: Path) -> None:
    """``mkdir(parents=True)`` would give its mode to the last folder alone."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def _create(target: Path, data: bytes) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    try:
        _fill(handle, data)
    except OSError:
        target.unlink(missing_ok=True)
        raise


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".kubetui-")  # mode 0600
    try:
        _fill(handle, data)
        os.replace(name, target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _fill(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _size(target: Path) -> str:
    try:
        return f"{target.stat().st_size:,} bytes"
    except OSError:
        return "of unknown size"


def _why(error: OSError | ValueError) -> str:
    words = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return f"{words[:1].lower()}{words[1:]}; choose another place"
