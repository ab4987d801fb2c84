"""Frames written as differences leave the terminal as Textual's whole frames do, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from kubetui.ui._textual_private import differences
from kubetui.ui.screen_cells import ScreenCells
from tests.ui.terminal import Terminal

LOOKS = [
    "red",
    "bold red on #101010",
    "#ffffff on #101010",
    "#fefefe on #101010",
    "reverse",
    "italic underline",
    "strike on blue",
    "bold",
]


_count = count()


def fresh(looks: str) -> Style:
    """A style nobody rendered yet: Rich keeps the codes of the first colour system in the style itself."""
    return Style.parse(looks) + Style.from_meta({"count": next(_count)})


STYLES = st.none() | st.sampled_from(LOOKS).map(fresh)
TEXTS = st.text(st.sampled_from("ab  .-│█▲✓…服务é🚀"), max_size=12)

segments = st.lists(st.tuples(TEXTS, STYLES), max_size=5)


def strip_of(parts: list[tuple[str, Style | None]], width: int) -> Strip:
    strip = Strip([Segment(text, style) for text, style in parts if text])
    return strip.adjust_cell_length(width, fresh("on #202020"))


@st.composite
def cuts_of(draw: st.DrawFn, width: int) -> list[int]:
    inner = draw(st.sets(st.integers(1, width - 1), max_size=3))
    return [0, *sorted(inner), width]


@st.composite
def layout(draw: st.DrawFn, width: int, height: int) -> LayoutUpdate:
    lines = []
    for _ in range(height):
        cuts = draw(cuts_of(width))
        lines.append([strip_of(draw(segments), b - a) for a, b in pairwise(cuts)])
    return LayoutUpdate(lines, Region(0, 0, width, height))  # type: ignore[arg-type]  # lists are iterables


@st.composite
def chops(draw: st.DrawFn, width: int, height: int) -> ChopsUpdate:
    cuts = [draw(cuts_of(width)) for _ in range(height)]
    spans = []
    for y in sorted(draw(st.sets(st.integers(0, height - 1), min_size=1))):
        x1 = draw(st.integers(0, width - 1))
        spans.append((y, x1, draw(st.integers(x1 + 1, width))))
    lines = [
        {a: strip_of(draw(segments), b - a) if draw(st.integers(0, 4)) else None for a, b in pairwise(line)}
        for line in cuts
    ]
    return ChopsUpdate(lines, spans, [line[1:] for line in cuts])


Frame = LayoutUpdate | ChopsUpdate


@st.composite
def histories(draw: st.DrawFn) -> tuple[int, int, list[Frame]]:
    width, height = draw(st.integers(4, 30)), draw(st.integers(1, 5))
    first: Frame = draw(layout(width, height))
    frames: st.SearchStrategy[Frame] = layout(width, height) | chops(width, height)
    return width, height, [first, *draw(st.lists(frames, max_size=6))]


def console(system: str = "truecolor") -> Console:
    return Console(color_system=system, force_terminal=True, _environ={})  # type: ignore[arg-type]  # a literal


def textuals_own(frame: Frame, system: str = "truecolor") -> str:
    """The frame as Textual writes it, without line feeds: each line begins with a move, and a feed on the last line,
    which frames made at random can hold, would scroll."""
    return frame.render_segments(console(system)).replace("\n", "")


def as_painted(terminal: Terminal) -> list[list[object]]:
    return [[cell._replace(data=cell.data or "") for cell in line] for line in terminal.cells()]


@settings(max_examples=80, deadline=None)
@given(histories(), st.sampled_from(["truecolor", "256", "standard"]))
def test_differences_and_whole_frames_leave_the_same_screen(history: tuple[int, int, list[Frame]], system: str) -> None:
    width, height, frames = history
    whole, spans, cells = Terminal(width, height), Terminal(width, height), ScreenCells()
    for frame in frames:
        text = differences(cells, frame, Size(width, height), console(system))
        assert text is not None
        spans.write(text)
        whole.write(textuals_own(frame, system))
        assert as_painted(spans) == as_painted(whole)


@settings(max_examples=30, deadline=None)
@given(histories(), st.integers(0, 6))
def test_after_something_else_wrote_all_is_written_again(history: tuple[int, int, list[Frame]], at: int) -> None:
    width, height, frames = history
    whole, spans, cells = Terminal(width, height), Terminal(width, height), ScreenCells()
    for index, frame in enumerate([*frames, frames[0]]):
        if index == at or index == len(frames):
            spans.write("\x1b[2J\x1b[Hgarbage of another program")
            cells.forget()
            frame = frames[0]
        text = differences(cells, frame, Size(width, height), console())
        assert text is not None
        spans.write(text)
        whole.write(textuals_own(frame))
    assert as_painted(spans) == as_painted(whole)


@pytest.fixture
def paint() -> Callable[[list[tuple[str, Style | None]]], str | None]:
    cells = ScreenCells()

    def painted(parts: list[tuple[str, Style | None]]) -> str | None:
        frame = LayoutUpdate([[strip_of(parts, 40)]], Region(0, 0, 40, 1))
        return differences(cells, frame, Size(40, 1), console())

    return painted


Paint = Callable[[list[tuple[str, Style | None]]], str | None]


def test_one_changed_cell_writes_one_cell(paint: Paint) -> None:
    paint([("web-00001  Running  7", None)])
    assert paint([("web-00001  Running  8", None)]) == "\x1b[1;21H8"
    assert paint([("web-00001  Running  8", None)]) == ""


def test_near_changes_are_one_run_and_far_ones_a_jump(paint: Paint) -> None:
    paint([("a1b2 ................. x", None)])
    assert paint([("A1B2 ................. y", None)]) == "\x1b[1;1HA1B\x1b[20Cy"


def test_a_change_of_colour_alone_writes_that_colour(paint: Paint) -> None:
    paint([("x", Style.parse("#ffffff on #101010")), ("y", Style.parse("#ffffff on #101010"))])
    shown = paint([("x", Style.parse("#ffffff on #101010")), ("y", Style.parse("#ff0000 on #101010"))])
    assert shown == "\x1b[1;2H\x1b[38;2;255;0;0;48;2;16;16;16my\x1b[m"


def test_after_a_character_of_doubtful_width_the_cursor_is_placed_anew(paint: Paint) -> None:
    assert paint([("a🚀b", None)]) is not None
    text = paint([("z🐢y", None)])
    assert text == "\x1b[1;1Hz🐢\x1b[1;4Hy"


def test_control_codes_in_a_frame_are_left_to_textual(paint: Paint) -> None:
    cells = ScreenCells()
    frame = LayoutUpdate([[Strip([Segment("\x1b_Gpicture\x1b\\", None, [(1,)])])]], Region(0, 0, 4, 1))  # type: ignore[list-item]  # any control
    assert differences(cells, frame, Size(4, 1), console()) is None


def test_escapes_in_a_widgets_text_are_not_written(paint: Paint) -> None:
    text = paint([("a\x1b]0;x\x07\x9bb\u202ec", None)])
    assert text is not None
    assert text.startswith("\x1b[1;1Ha]0;xbc\x1b[48;2;32;32;32m ")


def test_a_link_is_opened_and_closed(paint: Paint) -> None:
    text = paint([("docs", Style(link="https://example.com/")), (" x", None)])
    assert text is not None
    assert "\x1b]8;;https://example.com/\x1b\\docs\x1b]8;;\x1b\\ x" in text


def test_a_new_size_forgets_the_screen() -> None:
    cells = ScreenCells()
    for width in (10, 12, 10):
        frame = LayoutUpdate([[strip_of([("same", None)], width)]], Region(0, 0, width, 1))
        text = differences(cells, frame, Size(width, 1), console())
        assert text is not None
        assert "same" in text
