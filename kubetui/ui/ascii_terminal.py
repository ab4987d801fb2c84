"""Whether the terminal draws more than ASCII."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

MARKS_VARIABLE: Final = "KUBETUI_MARKS"
"""``ascii`` or ``unicode``. The setting ``marks`` sets it for the process."""


def ascii_only(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal can't show more than ASCII: as its locale tells, unless the settings do."""
    wanted = environ.get(MARKS_VARIABLE)
    if wanted in ("ascii", "unicode"):
        return wanted == "ascii"
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    # Where the locale is C, Python itself sets LC_CTYPE to a UTF-8 one (PEP 538): LANG is what the person said.
    coerced = locale in ("C.UTF-8", "C.utf8", "UTF-8") and environ.get("LANG") in ("C", "POSIX")
    return environ.get("TERM") in ("linux", "vt100") or locale in ("C", "POSIX") or coerced
