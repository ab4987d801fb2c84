"""The line of keys: those that matter most in a pane come first, and none that does nothing there."""

from __future__ import annotations

from kubetui.ui.actions import ACTIONS, Focus
from kubetui.ui.footer import OwnKeys, footer_text
from kubetui.ui.panes.configz import ConfigzPane
from kubetui.ui.panes.configz_fields import ConfigzFieldsPane
from kubetui.ui.panes.configz_nodes import ConfigzNodesPane
from kubetui.ui.panes.top import TopPane


def words(width: int, own: OwnKeys) -> str:
    return footer_text(Focus.TABLE, width, own=own).plain


def test_a_panes_own_keys_follow_open_and_filter_and_stay_on_a_narrow_screen() -> None:
    assert words(80, TopPane.own_keys).startswith(" ⏎ open  / filter  t T level  s stats  ")
    assert words(80, ConfigzFieldsPane.own_keys).startswith(" / filter  v tree  ! what differs  ")
    assert "^r ask anew" in words(80, ConfigzPane.own_keys)


def test_keys_that_do_nothing_in_a_pane_are_left_out() -> None:
    assert "n namespace" in words(400, OwnKeys())
    assert "n namespace" not in words(400, OwnKeys(without=frozenset({"namespace"})))


def test_each_key_that_a_pane_names_exists() -> None:
    known = {action.id for action in ACTIONS}
    for pane in (TopPane, ConfigzPane, ConfigzNodesPane, ConfigzFieldsPane):
        assert pane.own_keys.first.keys() | pane.own_keys.without <= known
