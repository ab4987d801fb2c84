"""The line of panes fits the screen, with the present pane's name in it."""

from __future__ import annotations

from itertools import product

import pytest

from kubetui.ui.actions import PANE_KEYS, PANE_TITLES, SHORT_TITLES
from kubetui.ui.footer import tabs_text


@pytest.mark.parametrize(("pane", "width"), list(product(PANE_KEYS.values(), (40, 60, 80, 100, 120, 200))))
def test_every_pane_has_its_key_and_the_present_one_its_name(pane: str, width: int) -> None:
    text = tabs_text(pane, width)
    assert text.cell_len <= width
    assert all(key in text.plain for key in PANE_KEYS)
    (marked,) = (span for span in text.spans if "reverse" in str(span.style))
    name = SHORT_TITLES.get(pane, PANE_TITLES[pane])
    assert text.plain[marked.start : marked.end].strip().endswith((PANE_TITLES[pane], name))


def test_names_shrink_before_they_go() -> None:
    widths = [tabs_text("kinds", width).plain for width in (200, 80, 40)]
    assert "DaemonSets" in widths[0]
    assert "DS" in widths[1]
    assert "Nodes" in widths[1]
    assert "Nodes" not in widths[2]
    assert "0 Kinds" in widths[2]
