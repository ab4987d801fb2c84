"""The two lines of keys: the panes above the body, the focused pane's keys below it."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from kubetui.ui.actions import PANE_KEYS, PANE_TITLES, SHORT_TITLES, Focus, actions_for
from kubetui.ui.keymap import DECLARED, KeyMap


def tabs_text(current: str, width: int, keymap: KeyMap = DECLARED) -> Text:
    """``2 Nodes  5 Pods``, the present one marked; on a narrow screen shorter names, then digits alone."""
    keys = {pane: keymap.shown_of(f"pane.{pane}") for pane in PANE_KEYS.values()}
    long = {pane: f"{key} {PANE_TITLES[pane]}" for pane, key in keys.items()}
    short = {pane: f"{key} {SHORT_TITLES.get(pane, PANE_TITLES[pane])}" for pane, key in keys.items()}
    digits = {pane: short[pane] if pane == current else key for pane, key in keys.items()}
    for names, gap in ((long, 1), (short, 1), (short, 0), (digits, 0)):
        text = Text(no_wrap=True)
        for pane, name in names.items():
            text.append(" ")
            text.append(f" {name} " if gap else name, "bold reverse" if pane == current else "")
        if text.cell_len <= width:
            break
    return text


def footer_text(focus: Focus, width: int, keymap: KeyMap = DECLARED) -> Text:
    """The keys that fit, the most useful first; ``?`` always."""
    actions = [action for action in actions_for(focus) if action.footer]
    shown = {action.id: keymap.shown(action) for action in actions}
    always = [action for action in actions if action.id in ("help", "quit")]
    others = [action for action in actions if action not in always]
    room = width - 1 - sum(len(shown[action.id]) + len(action.word) + 3 for action in always)
    text = Text(" ", no_wrap=True)
    for action in others:
        room -= len(shown[action.id]) + len(action.word) + 3
        if room < 0:
            break
        _key(text, shown[action.id], action.word)
    for action in always:
        _key(text, shown[action.id], action.word)
    return text


def _key(text: Text, shown: str, word: str) -> None:
    text.append(shown, "bold")
    text.append(f" {word}  ")


class Tabs(Static):
    """The panes and their digits."""

    def __init__(self, keymap: KeyMap = DECLARED) -> None:
        super().__init__(id="tabs")
        self._keymap = keymap
        self._current = ""

    def show(self, current: str) -> None:
        """Mark the present pane."""
        self._current = current
        self.update(tabs_text(current, self.size.width, self._keymap), layout=False)

    def on_resize(self) -> None:
        """As long names as fit."""
        self.show(self._current)


class Keys(Static):
    """The keys of what has the focus."""

    def __init__(self, keymap: KeyMap = DECLARED) -> None:
        super().__init__(id="keys")
        self._keymap = keymap
        self._focus = Focus.TABLE

    def show(self, focus: Focus) -> None:
        """Show the keys that count now."""
        self._focus = focus
        self.update(footer_text(focus, self.size.width, self._keymap), layout=False)

    def on_resize(self) -> None:
        """As many keys as fit."""
        self.show(self._focus)
