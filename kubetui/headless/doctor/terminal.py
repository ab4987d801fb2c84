"""The terminal: colours, size, characters, clipboard. Judged by what it says of itself; nothing is written to it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

from kubetui.headless.doctor.line import Line, finding, fine, unknown

LEAST = (80, 24)
"""Columns and lines at which every pane is usable."""


def terminal(environ: Mapping[str, str], *, is_terminal: bool) -> list[Line]:
    """Its lines; one only where there is none."""
    if not is_terminal:
        return [fine("terminal", "standard output is none: nothing to judge")]
    return [_size(), _colours(environ), _characters(environ), _clipboard(environ)]


def _size() -> Line:
    columns, lines = shutil.get_terminal_size()
    words = f"{columns} × {lines}"
    if columns < LEAST[0] or lines < LEAST[1]:
        return finding("terminal size", words, f"make it at least {LEAST[0]} × {LEAST[1]}")
    return fine("terminal size", words)


def _colours(environ: Mapping[str, str]) -> Line:
    term = environ.get("TERM", "")
    if environ.get("NO_COLOR"):
        return fine("colours", "none, as NO_COLOR says")
    if term in ("", "dumb"):
        return finding("colours", f"TERM is {term or 'not set'}", "export TERM=xterm-256color")
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return fine("colours", f"16 million ({term})")
    if "256" in term or "direct" in term:
        hint = "with a terminal of 16 million: export COLORTERM=truecolor (ssh does not carry it over)"
        return fine("colours", f"256 ({term})", hint)
    return fine("colours", f"16 ({term})", "if the terminal knows more: export TERM=xterm-256color")


def _characters(environ: Mapping[str, str]) -> Line:
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if "utf" in locale.lower():
        return fine("characters", f"UTF-8 ({locale})")
    words = f"the locale is {locale or 'not set'}: marks are drawn in ASCII or may look wrong"
    return finding("characters", words, "export LANG=C.UTF-8")


def _clipboard(environ: Mapping[str, str]) -> Line:
    """Copying goes through OSC 52, which reaches the clipboard of the machine one sits at, also over SSH."""
    if environ.get("TMUX"):
        return _tmux()
    if environ.get("STY") or environ.get("TERM", "").startswith("screen"):
        return finding("clipboard", "GNU screen keeps copies to itself", "use tmux, or select with shift and the mouse")
    if environ.get("TERM_PROGRAM") == "Apple_Terminal":
        words = "Apple's Terminal does not take copies (OSC 52)"
        return finding("clipboard", words, "select with the mouse, or use iTerm2")
    if environ.get("VTE_VERSION", "0").isdigit() and 0 < int(environ.get("VTE_VERSION", "0")) < 7600:
        advice = "select with shift and the mouse, or use another terminal"
        return finding("clipboard", "this terminal (VTE) does not take copies (OSC 52)", advice)
    return fine("clipboard", "copies go through the terminal (OSC 52), where it takes them")


def _tmux() -> Line:
    try:
        asked = subprocess.run(
            ["tmux", "show-options", "-sv", "set-clipboard"],  # noqa: S607 – the tmux of the person's PATH
            capture_output=True, text=True, timeout=2, check=False, env=dict(os.environ),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return unknown("clipboard", "tmux does not say whether it passes copies on")
    setting = asked.stdout.strip()
    if setting == "on":
        return fine("clipboard", "tmux passes copies on (set-clipboard on)")
    words = f"tmux's set-clipboard is {setting or 'not known'}: copies may stay in tmux"
    return finding("clipboard", words, "tmux set -s set-clipboard on")
