"""Themes: how they are called in the settings, which suits the terminal, and those of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.theme import Theme

HIGH_CONTRAST: Final = Theme(
    name="kubetui-high-contrast",
    primary="#7fd4ff",
    secondary="#005f87",
    accent="#ffff00",
    warning="#ffff00",
    error="#ff8080",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    text_alpha=1.0,
    variables={
        "block-cursor-background": "#ffffff",
        "block-cursor-foreground": "#000000",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#5f5f5f",
        "text-muted": "#ffffff",
    },
)
"""White and signal colours on black."""

TEXTUAL_NAMES: Final[Mapping[str, str]] = {
    "dark": "textual-dark",
    "light": "textual-light",
    "high-contrast": HIGH_CONTRAST.name,
    "terminal": "ansi-dark",
    "terminal-light": "ansi-light",
}
"""As the settings call them, to Textual's names."""

_ENOUGH: Final = frozenset({"256color", "kitty"})
"""The last part of a TERM that has more than sixteen colours, as Rich reads it."""


def theme_for(environ: Mapping[str, str], wanted: str = "auto") -> str:
    """Textual's name of the wanted theme; ``auto``: what suits the terminal.

    Without colour, by NO_COLOR, only the terminal's own themes say anything: they tell by bold, dim and reverse.
    """
    light = _light_background(environ)
    if no_color(environ):
        return TEXTUAL_NAMES["terminal-light" if light else "terminal"]
    if wanted in TEXTUAL_NAMES:
        return TEXTUAL_NAMES[wanted]
    if few_colors(environ):
        return TEXTUAL_NAMES["terminal-light" if light else "terminal"]
    return TEXTUAL_NAMES["light" if light else "dark"]


def no_color(environ: Mapping[str, str]) -> bool:
    """Whether the person wants none (https://no-color.org: set and not empty)."""
    return bool(environ.get("NO_COLOR"))


def few_colors(environ: Mapping[str, str]) -> bool:
    """Whether the terminal has sixteen colours or fewer."""
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return False
    return environ.get("TERM", "").strip().lower().rpartition("-")[2] not in _ENOUGH


def _light_background(environ: Mapping[str, str]) -> bool:
    """What COLORFGBG tells, ``0;15`` for black on white; most terminals don't set it."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return background in ("7", "15")
