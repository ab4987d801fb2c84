"""Points in time as text, all alike: in UTC with a ``Z``, or local as the settings want."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

VARIABLE: Final = "KUBETUI_TIMES"
"""``local``: local times. The setting ``times`` sets it for the process; a locale is no argument of each text."""

MINUTE: Final = "%Y-%m-%d %H:%M"
SECOND_OF_DAY: Final = "%H:%M:%S"


def local_times(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether times are local."""
    return environ.get(VARIABLE) == "local"


def moment(at: float, form: str = MINUTE, environ: Mapping[str, str] = os.environ) -> str:
    """Unix seconds as text: ``2026-11-21 12:04Z``, or ``2026-11-21 13:04`` in local time."""
    if local_times(environ):
        return datetime.fromtimestamp(at).astimezone().strftime(form)
    return datetime.fromtimestamp(at, UTC).strftime(form) + "Z"
