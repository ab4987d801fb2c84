"""Keys by the settings: what may be asked for, what is refused and why, and how keys are shown."""

from __future__ import annotations

import pytest
from textual.binding import Binding, BindingsMap

from kubetui.settings.reading import parse
from kubetui.settings.settings import Read, Settings
from kubetui.ui.actions import ACTIONS, Focus, bindings_for
from kubetui.ui.footer import footer_text, tabs_text
from kubetui.ui.keymap import DECLARED, KeyMap, key_name, key_shown, keymap_of, partners
from kubetui.ui.panes.help import help_lines
from kubetui.ui.screens.choose import ChooseScreen
from kubetui.ui.screens.commands import CommandsScreen
from kubetui.ui.widgets.filter_bar import FilterBar
from kubetui.ui.widgets.line_view import LineView
from kubetui.ui.widgets.live_table import LiveTable


def read(keys: str) -> Read:
    return parse(f"[keys]\n{keys}", "c.toml")


def keymap(keys: str) -> KeyMap:
    found = read(keys)
    made = keymap_of(found)
    assert [str(problem) for problem in found.problems] == []
    return made


def refused(keys: str) -> list[str]:
    found = read(keys)
    keymap_of(found)
    return [str(problem).removeprefix("c.toml:2: keys: ") for problem in found.problems]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a", "a"), ("A", "A"), ("/", "slash"), ("?", "question_mark"), ("f5", "f5"), ("F12", "f12"), ("^k", "ctrl+k"),
        ("ctrl+k", "ctrl+k"), ("Ctrl+K", "ctrl+k"), ("space", "space"), (" ", "space"), ("Enter", "enter"),
        ("esc", "escape"), ("PgDn", "pagedown"), ("shift+tab", "shift+tab"), ("question_mark", "question_mark"),
        ("alt+x", "alt+x"), ("ü", "ü"), ("-", "minus"), ("_", "underscore"), (",", "comma"),
        ("f99", None), ("blah", None), ("", None), ("ctrl+blah", None), ("ab", None),
    ],
)  # fmt: skip
def test_a_key_as_people_write_it(written: str, name: str | None) -> None:
    assert key_name(written) == name


@pytest.mark.parametrize("character", [chr(code) for code in range(0x21, 0x7F)])
def test_every_printable_character_is_a_key_shown_as_itself(character: str) -> None:
    name = key_name(character)
    assert name is not None
    assert key_shown(name) == character


def test_every_declared_key_is_known_and_shown_by_its_action() -> None:
    for action in ACTIONS:
        for key in DECLARED.keys(action):
            assert key_name(key) == key, action.id
            together = {token for one in ACTIONS if action in partners(one) for token in one.shown.split()}
            assert key_shown(key) in {*action.shown.split(), *together} or key == "ctrl+p" or "…" in action.shown


def test_no_two_declared_actions_share_a_key_where_both_count() -> None:
    fixed = {"quit.interrupt", "suspend"}
    keys = {action.id: tuple(action.keys.split(",")) for action in ACTIONS if action.keys and action.id not in fixed}
    found = Read(Settings(keys=keys))
    keymap_of(found)
    assert found.problems == []


def test_a_changed_key_is_shown_everywhere() -> None:
    changed = keymap('problems = "f5"\ndown = "x"\n"pane.nodes" = "ctrl+n"\nhelp = ["f1", "?"]')
    footer = footer_text(Focus.TABLE, 200, changed).plain
    assert "F5 problems" in footer
    assert "F1 ? help" in footer
    assert "^n Nodes" in tabs_text("pods", 200, changed).plain
    lines = "\n".join(help_lines("log", changed))
    assert "F5                only what needs a look" in lines
    assert "x k ↑ ↓           down and up" in lines


def test_without_changes_everything_is_as_declared() -> None:
    assert [action.id for action in ACTIONS if DECLARED.shown(action) != action.shown] == []
    assert DECLARED.bindings() == {}


def test_keys_may_change_places() -> None:
    swapped = keymap('wide = "I"\n"sort.invert" = "w"')
    assert swapped.shown_of("wide") == "I"
    assert swapped.shown_of("sort.invert") == "w"


@pytest.mark.parametrize("focus", list(Focus))
def test_the_bindings_that_are_made_are_those_that_were_asked_for(focus: Focus) -> None:
    swapped = keymap('wide = "I"\n"sort.invert" = "w"\nquit = "Q"\nsearch = ["f3", "/"]')
    bound = BindingsMap(bindings_for(focus))
    bound.apply_keymap(swapped.bindings())
    by_id: dict[str, set[str]] = {}
    for key, binding in bound:
        by_id.setdefault(str(binding.id), set()).add(key)
    for action in ACTIONS:
        if action.focus is focus and action.keys:
            assert by_id[action.id] == set(swapped.keys(action)), action.id


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('filter = "q"', "q of filter is the key of quit already; filter keeps its own keys"),
        ('quit = "y"', "y of quit is the key of yaml already; quit keeps its own keys"),
        ('filter = "blah"', "filter: 'blah' is no key; write for example a, A, /, f5, ctrl+k, space"),
        ('filter = "^z"', "filter: ^z can't be used: the shell suspends the program with it"),
        ("filter = []", "filter has no key in its list: name one, or take the line away"),
        ('fitler = "x"', "no action is called 'fitler'; meant perhaps: filter; docs/keys.md lists all"),
    ],
)
def test_what_cannot_be_is_refused_and_named(keys: str, problem: str) -> None:
    assert refused(keys) == [problem]


def test_of_two_that_want_one_key_the_first_gets_it() -> None:
    found = read('wide = "x"\nproblems = "x"')
    made = keymap_of(found)
    assert made.changed == {"wide": ("x",)}
    assert [problem.line for problem in found.problems] == [3]


def test_keys_of_tables_and_of_text_never_meet() -> None:
    assert keymap('filter = "f3"\nsearch = "f3"').changed == {"filter": ("f3",), "search": ("f3",)}


def test_no_widget_calls_a_key_of_its_own_as_an_action_is_called() -> None:
    own = [
        *LiveTable.BINDINGS,
        *LineView.BINDINGS,
        *FilterBar.BINDINGS,
        *ChooseScreen.BINDINGS,
        *CommandsScreen.BINDINGS,
    ]
    ids = {binding.id for binding in own if isinstance(binding, Binding)}
    assert ids & {action.id for action in ACTIONS} == set()
