"""The five meanings as marks and styles: a mark and a word always go with the colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kubetui.kinds.kind import Meaning
from kubetui.ui.ascii_terminal import ascii_only
from kubetui.ui.widgets.row_source import Style

__all__ = ["STYLES", "ascii_only", "mark"]

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


def mark(meaning: Meaning, *, plain: bool = False) -> str:
    """The mark of a meaning, one cell wide; ``plain``: in ASCII."""
    return _MARKS[meaning][plain]
