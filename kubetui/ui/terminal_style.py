"""A cell's looks as SGR codes, and the shortest way from one to another."""

from __future__ import annotations

from typing import NamedTuple

from rich.color import ColorSystem
from rich.style import Style

_FLAGS = (
    ("bold", "1"),
    ("dim", "2"),
    ("italic", "3"),
    ("underline", "4"),
    ("blink", "5"),
    ("blink2", "6"),
    ("reverse", "7"),
    ("conceal", "8"),
    ("strike", "9"),
    ("underline2", "21"),
    ("frame", "51"),
    ("encircle", "52"),
    ("overline", "53"),
)
_MAX_KEPT = 4096


class Looks(NamedTuple):
    """SGR codes: of the text's attributes, of foreground and background (empty: the terminal's own), and a link."""

    flags: tuple[str, ...] = ()
    foreground: str = ""
    background: str = ""
    link: str = ""


PLAIN = Looks()


class LooksBook:
    """Looks of Rich styles in one colour system; equal looks are one object. Bounded: full, it starts anew."""

    def __init__(self) -> None:
        self._system = ColorSystem.TRUECOLOR
        self._of_style: dict[Style, Looks] = {}
        self._one: dict[Looks, Looks] = {PLAIN: PLAIN}
        self._change: dict[tuple[Looks, Looks], str] = {}

    def use(self, system: ColorSystem) -> None:
        """Colours are brought down to ``system`` from now on."""
        if system is not self._system:
            self._system = system
            self._of_style.clear()

    def of(self, style: Style | None) -> Looks:
        """The looks of a style; None is plain."""
        if style is None:
            return PLAIN
        looks = self._of_style.get(style)
        if looks is None:
            if len(self._of_style) >= _MAX_KEPT:
                self._of_style.clear()
            made = self._make(style)
            if len(self._one) >= _MAX_KEPT:
                self._one = {PLAIN: PLAIN}
            looks = self._of_style[style] = self._one.setdefault(made, made)
        return looks

    def _make(self, style: Style) -> Looks:
        color, background = style.color, style.bgcolor
        return Looks(
            tuple(code for name, code in _FLAGS if getattr(style, name)),
            ";".join(color.downgrade(self._system).get_ansi_codes()) if color is not None else "",
            ";".join(background.downgrade(self._system).get_ansi_codes(False)) if background is not None else "",
            style.link or "",
        )

    def change(self, before: Looks, after: Looks) -> str:
        """What to write to a terminal that draws with looks ``before`` so that it draws with ``after``."""
        if before is after:
            return ""
        text = self._change.get((before, after))
        if text is None:
            if len(self._change) >= _MAX_KEPT:
                self._change.clear()
            text = self._change[before, after] = _sgr(before, after) + _link(before, after)
        return text


def _sgr(before: Looks, after: Looks) -> str:
    if before[:3] == after[:3]:
        return ""
    whole = ["0", *after.flags, *filter(None, (after.foreground, after.background))]
    if after[:3] == PLAIN[:3]:
        return "\x1b[m"
    if set(before.flags) - set(after.flags):  # codes that end one attribute differ between terminals
        return f"\x1b[{';'.join(whole)}m"
    part = [flag for flag in after.flags if flag not in before.flags]
    if before.foreground != after.foreground:
        part.append(after.foreground or "39")
    if before.background != after.background:
        part.append(after.background or "49")
    return f"\x1b[{min(';'.join(part), ';'.join(whole), key=len)}m"


def _link(before: Looks, after: Looks) -> str:
    return "" if before.link == after.link else f"\x1b]8;;{after.link}\x1b\\"
