"""The log file: where tracebacks and messages go, because the screen belongs to the dashboard."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST = 2_000_000
"""Bytes; with one older file kept beside it."""


def log_to(wanted: str | None, environ: Mapping[str, str]) -> Path:
    """Send log messages to the wanted file, else to the state folder's, else to the temporary folder's."""
    for path in (Path(wanted) if wanted else None, _in_state_folder(environ), Path(tempfile.gettempdir())):
        if path is None:
            continue
        file = path / "kubetui.log" if path.is_dir() else path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(file, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=False)
        except OSError:
            continue
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root = logging.getLogger("kubetui")
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        root.propagate = False
        return file
    logging.getLogger("kubetui").addHandler(logging.NullHandler())
    return Path("(none could be written)")


def _in_state_folder(environ: Mapping[str, str]) -> Path | None:
    state = environ.get("XDG_STATE_HOME")
    home = environ.get("HOME")
    folder = Path(state) if state else Path(home) / ".local" / "state" if home else None
    return folder / "kubetui" / "kubetui.log" if folder else None
