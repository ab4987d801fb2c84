"""Which keys do what: the declared ones, changed by the settings; and how keys are written for people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from kubetui.settings.settings import NOTHING
from kubetui.ui.actions import ACTIONS, OF_TEXTS, Action, Focus

if TYPE_CHECKING:
    from kubetui.settings.settings import Read

_BY_ID: Final = {action.id: action for action in ACTIONS}
_WORDS: Final = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
    "page-up": "pageup",
    "page-down": "pagedown",
}
_SHOWN: Final = {
    "escape": "Esc", "enter": "⏎", "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp",
    "pagedown": "PgDn", "home": "Home", "end": "End", "tab": "Tab", "delete": "Del", "insert": "Ins",
    "backspace": "Backspace",
}  # fmt: skip
_IN_WORDS: Final = {"⏎": "Enter", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "…": "to"}
_NAMED: Final = frozenset(key.value for key in Keys if "<" not in key.value)
_MODIFIED: Final = re.compile(r"(?:(?:ctrl|alt|shift|super|hyper|meta)\+)+", re.IGNORECASE)
_LEFT_ALONE: Final = {
    "ctrl+z": "the shell suspends the program with it",
    "ctrl+a": "screen and tmux take it",
    "ctrl+c": "quits when pressed twice, whatever happens",
}


def _character_name(character: str) -> str:
    """Textual's name of the key that types a character: ``question_mark``."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


_CHARACTERS: Final = {_character_name(chr(code)): chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum()}


def key_name(written: str) -> str | None:
    """Textual's name of a key as a person writes it: ``/``, ``A``, ``F5``, ``^k``, ``ctrl+k``; None for no key."""
    if len(written) == 1:
        return "space" if written == " " else _character_name(written)
    if len(written) == 2 and written[0] == "^" and written[1].isalpha():
        return f"ctrl+{written[1].lower()}"
    modified = _MODIFIED.match(written)
    before = modified.group().lower() if modified else ""
    rest = written[len(before) :]
    if len(rest) == 1:
        return before + (rest.lower() if "ctrl+" in before else _character_name(rest))
    name = _WORDS.get(rest.lower(), rest.lower())
    return before + name if name in _NAMED or name in _CHARACTERS else None


def key_shown(name: str) -> str:
    """A key as the footer and the help write it: ``^k``, ``/``, ``⏎``."""
    if name in _SHOWN:
        return _SHOWN[name]
    if name in _CHARACTERS:
        return _CHARACTERS[name]
    head, plus, last = name.rpartition("+")
    if plus and head == "ctrl":
        return f"^{key_shown(last)}"
    if plus:
        return f"{head}+{_CHARACTERS.get(last, last)}"
    return name.upper() if re.fullmatch(r"f\d+", name) else name


class KeyMap(NamedTuple):
    """The keys in force. Without changes it says what the declarations say."""

    changed: Mapping[str, tuple[str, ...]] = NOTHING
    """Action's id to Textual's names of its keys."""
    plain: bool = False
    """Keys are shown in ASCII: ``Enter`` for ``⏎``."""

    def keys(self, action: Action) -> tuple[str, ...]:
        """Textual's names of an action's keys."""
        own = self.changed.get(action.id)
        return own if own is not None else tuple(key.strip() for key in action.keys.split(",") if key.strip())

    def shown(self, action: Action) -> str:
        """The keys as people read them; of an action whose line stands for others too, theirs with it."""
        shown = self._shown(action)
        return " ".join(_IN_WORDS.get(token, token) for token in shown.split(" ")) if self.plain else shown

    def _shown(self, action: Action) -> str:
        together = (action, *partners(action))
        if not any(one.id in self.changed for one in together):
            return action.shown
        keys = [key_shown(key) for one in together for key in self.keys(one)]
        declared = {key_shown(key) for one in together for key in DECLARED.keys(one)}
        fixed = [token for token in action.shown.split() if token not in declared]
        return " ".join(dict.fromkeys((*keys, *fixed)))

    def shown_of(self, action_id: str) -> str:
        """The same, by id."""
        return self.shown(_BY_ID[action_id])

    def keys_of(self, action_id: str) -> tuple[str, ...]:
        """Textual's names of the keys of an action, by its id."""
        return self.keys(_BY_ID[action_id])

    def bindings(self) -> dict[str, str]:
        """What ``App.set_keymap`` takes: of the changed actions alone."""
        return {action_id: ",".join(keys) for action_id, keys in self.changed.items()}


DECLARED: Final = KeyMap()
"""The keys as they are declared."""


def partners(action: Action) -> tuple[Action, ...]:
    """The unlisted actions whose keys an action's line shows with its own: ``k`` with ``j k ↑ ↓``."""
    tokens = set(action.shown.split())
    return tuple(
        one
        for one in ACTIONS
        if not one.listed and one.focus is action.focus and one.id != action.id and one.shown in tokens
    )


def keymap_of(read: Read, *, plain: bool = False) -> KeyMap:
    """The keys that the settings ask for; what can't be done is named in ``read`` and left as declared."""
    changed: dict[str, tuple[str, ...]] = {}
    for action_id, written in read.settings.keys.items():
        keys = _keys(action_id, written, read)
        if keys:
            changed[action_id] = keys
    while (clash := _clash(changed)) is not None:
        action_id, key, other = clash
        text = f"keys: {key_shown(key)} of {action_id} is the key of {other} already; {action_id} keeps its own keys"
        read.wrong(("keys", action_id), text)
        del changed[action_id]
    return KeyMap(changed, plain)


def _keys(action_id: str, written: Sequence[str], read: Read) -> tuple[str, ...]:
    path = ("keys", action_id)
    if action_id not in _BY_ID:
        from kubetui.settings.reading import nearest

        read.wrong(path, f"keys: no action is called {action_id!r}{nearest(action_id, _BY_ID)}; docs/keys.md lists all")
        return ()
    found = []
    if not written:
        read.wrong(path, f"keys: {action_id} has no key in its list: name one, or take the line away")
    for text in written:
        name = key_name(text)
        if name is None:
            read.wrong(path, f"keys: {action_id}: {text!r} is no key; write for example a, A, /, f5, ctrl+k, space")
        elif name in _LEFT_ALONE:
            read.wrong(path, f"keys: {action_id}: {key_shown(name)} can't be used: {_LEFT_ALONE[name]}")
        else:
            found.append(name)
    return tuple(found)


def _clash(changed: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """(changed action, its key, the other action that has it too) of the first clash."""
    keymap = KeyMap(changed)
    for action_id in reversed(list(changed)):
        action = _BY_ID[action_id]
        for key in keymap.keys(action):
            for other in ACTIONS:
                if other.id != action_id and counts_in(action) & counts_in(other) and key in keymap.keys(other):
                    return action_id, key, other.id
    return None


def counts_in(action: Action) -> frozenset[Focus]:
    """Where an action's keys count: of texts in logs too, of panes' digits in the Overview too."""
    if action.focus is Focus.EVERYWHERE:
        return frozenset(Focus)
    if action.focus is Focus.TEXT:
        return frozenset((Focus.TEXT, *OF_TEXTS))
    if action.do.startswith("app.pane("):
        return frozenset((action.focus, Focus.BOARD))
    return frozenset((action.focus,))
