"""The JSON fixtures of this directory, and the moment at which they were taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from kubetui.kinds.age import unix
from kubetui.kinds.kind import Column, Row

NOW: Final = float(unix("2026-11-21T12:00:00Z"))
_FIXTURES: Final = Path(__file__).parent / "fixtures"


def raw(name: str) -> bytes:
    """The bytes of one fixture."""
    return (_FIXTURES / f"{name}.json").read_bytes()


def data(name: str) -> Any:
    """One fixture as JSON."""
    return json.loads(raw(name))


def texts(columns: tuple[Column[Any], ...], row: Row) -> dict[str, str]:
    """Each column's text by its title."""
    return {column.title: column.text(row, NOW) for column in columns}
