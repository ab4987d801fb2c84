"""Which theme suits the terminal."""

from __future__ import annotations

from collections.abc import Mapping


def theme_for(environ: Mapping[str, str]) -> str:
    """The terminal's own sixteen colours where it has no more, or where no colour is wanted."""
    few = environ.get("TERM") in ("linux", "vt100", "xterm", "screen") and not environ.get("COLORTERM")
    return "ansi-dark" if few or environ.get("NO_COLOR") else "textual-dark"
