"""The two lines of keys: the panes above the body, the focused pane's keys below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from rich.text import Text
from textual.widgets import Static

from kubetui.ui.actions import PANE_KEYS, PANE_TITLES, SHORT_TITLES, Action, Focus, actions_for
from kubetui.ui.keymap import DECLARED, KeyMap

_BEFORE_OWN: Final = frozenset({"open", "filter"})


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


class OwnKeys(NamedTuple):
    """What a pane says in the footer besides the keys of its focus."""

    first: Mapping[str, str] = {}
    """Ids of actions that matter most there, to the word for each; they come after ``open`` and ``filter``."""
    without: frozenset[str] = frozenset()
    """Ids of actions that do nothing there."""


NO_OWN: Final = OwnKeys()


def footer_text(focus: Focus, width: int, keymap: KeyMap = DECLARED, own: OwnKeys = NO_OWN) -> Text:
    """The keys that fit, the most useful first; ``?`` always."""
    words = {action.id: own.first.get(action.id, action.word) for action in _in_order(focus, own)}
    shown = {found: keymap.shown_of(found) for found in words}
    always = [found for found in words if found in ("help", "quit")]
    room = width - 1 - sum(len(shown[found]) + len(words[found]) + 3 for found in always)
    text = Text(" ", no_wrap=True)
    for found in words:
        if found in always:
            continue
        room -= len(shown[found]) + len(words[found]) + 3
        if room < 0:
            break
        _key(text, shown[found], words[found])
    for found in always:
        _key(text, shown[found], words[found])
    return text


def _in_order(focus: Focus, own: OwnKeys) -> list[Action]:
    actions = [one for one in actions_for(focus) if (one.footer or one.id in own.first) and one.id not in own.without]
    places = {found: place for place, found in enumerate(own.first)}
    return sorted(actions, key=lambda one: (one.id not in _BEFORE_OWN, places.get(one.id, len(places))))


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
        self._focus, self._own = Focus.TABLE, NO_OWN

    def show(self, focus: Focus, own: OwnKeys = NO_OWN) -> None:
        """Show the keys that count now."""
        self._focus, self._own = focus, own
        self.update(footer_text(focus, self.size.width, self._keymap, own), layout=False)

    def on_resize(self) -> None:
        """As many keys as fit."""
        self.show(self._focus, self._own)
