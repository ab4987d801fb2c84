"""What suits which terminal: themes, colours, marks, times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.theme import BUILTIN_THEMES

from kubetui.settings.fields import THEMES
from kubetui.ui.ascii_marks import in_ascii
from kubetui.ui.meanings import _MARKS, ascii_only
from kubetui.ui.moments import SECOND_OF_DAY, moment
from kubetui.ui.themes import HIGH_CONTRAST, TEXTUAL_NAMES, theme_for
from kubetui.ui.widgets.table_lines import UNICODE_MARKS

FULL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    ("environ", "wanted", "theme"),
    [
        (FULL, "auto", "textual-dark"),
        ({"TERM": "xterm-256color"}, "auto", "textual-dark"),
        ({"TERM": "xterm-kitty"}, "auto", "textual-dark"),
        ({"TERM": "tmux-256color"}, "auto", "textual-dark"),
        ({"TERM": "xterm-16color"}, "auto", "ansi-dark"),
        ({"TERM": "xterm"}, "auto", "ansi-dark"),
        ({"TERM": "screen"}, "auto", "ansi-dark"),
        ({"TERM": "linux"}, "auto", "ansi-dark"),
        ({}, "auto", "ansi-dark"),
        ({"TERM": "screen", "COLORTERM": "truecolor"}, "auto", "textual-dark"),
        (FULL | {"COLORFGBG": "0;15"}, "auto", "textual-light"),
        (FULL | {"COLORFGBG": "15;0"}, "auto", "textual-dark"),
        ({"TERM": "xterm", "COLORFGBG": "0;default;15"}, "auto", "ansi-light"),
        (FULL | {"NO_COLOR": "1"}, "auto", "ansi-dark"),
        (FULL | {"NO_COLOR": "1"}, "high-contrast", "ansi-dark"),
        (FULL | {"NO_COLOR": ""}, "auto", "textual-dark"),
        (FULL, "light", "textual-light"),
        (FULL, "high-contrast", HIGH_CONTRAST.name),
        ({"TERM": "xterm"}, "dark", "textual-dark"),
        (FULL, "terminal", "ansi-dark"),
    ],
)
def test_the_theme(environ: dict[str, str], wanted: str, theme: str) -> None:
    assert theme_for(environ, wanted) == theme


def test_every_theme_of_the_settings_is_one() -> None:
    assert set(TEXTUAL_NAMES) == set(THEMES) - {"auto"}
    assert set(TEXTUAL_NAMES.values()) <= {*BUILTIN_THEMES, HIGH_CONTRAST.name}


@pytest.mark.parametrize(
    ("environ", "plain"),
    [
        ({"LANG": "C"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "en_GB.UTF-8"}, False),
        ({}, False),
        ({"TERM": "linux", "LANG": "en_GB.UTF-8"}, True),
        ({"KUBETUI_MARKS": "unicode", "LANG": "C"}, False),
        ({"KUBETUI_MARKS": "ascii", "LANG": "en_GB.UTF-8"}, True),
    ],
)
def test_where_the_terminal_draws_only_ascii(environ: dict[str, str], plain: bool) -> None:
    assert ascii_only(environ) is plain


def test_every_mark_has_a_sign_of_its_own_in_ascii() -> None:
    for mark, plain in _MARKS.values():
        assert in_ascii(mark) == plain
    assert "?" not in in_ascii("".join(UNICODE_MARKS) + "─│▁▂▃▄▅▆▇█“”‘’·×→←↑↓⏎")


@given(st.text())
def test_text_in_ascii_is_as_wide_as_it_was(text: str) -> None:
    plain = in_ascii(text)
    assert plain.isascii()
    if text.isprintable():
        assert cell_len(plain) == sum(map(cell_len, text))


def test_times_in_utc_and_local(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "XXX-2")
    time.tzset()
    try:
        assert moment(1_795_266_240.0, environ={}) == "2026-11-21 13:04Z"
        assert moment(1_795_266_240.0, environ={"KUBETUI_TIMES": "local"}) == "2026-11-21 15:04"
        assert moment(1_795_266_240.0, SECOND_OF_DAY, {}) == "13:04:00Z"
    finally:
        monkeypatch.undo()
        time.tzset()
