"""The five meanings as marks and styles: a mark and a word always go with the colour."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from kubetui.kinds.kind import Meaning
from kubetui.ui.widgets.row_source import Style

STYLES: Final[Mapping[Meaning, Style]] = {
    Meaning.PLAIN: "",
    # What is fine needs no look: colour is kept for what does.
    Meaning.FINE: "",
    Meaning.LOOK: "look",
    Meaning.ACT: "act",
    Meaning.PLANNED: "planned",
    Meaning.UNKNOWN: "unknown",
}
_MARKS: Final[Mapping[Meaning, tuple[str, str]]] = {
    Meaning.PLAIN: (" ", " "),
    Meaning.FINE: ("●", "o"),
    Meaning.LOOK: ("▲", "!"),
    Meaning.ACT: ("✖", "X"),
    Meaning.PLANNED: ("◐", "~"),
    Meaning.UNKNOWN: ("–", "-"),
}


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


def mark(meaning: Meaning, *, plain: bool = False) -> str:
    """The mark of a meaning, one cell wide; ``plain``: in ASCII."""
    return _MARKS[meaning][plain]
