"""LineView as a person sees it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.selection import Selection

from kubetui.ui.widgets.line_search import BadPattern
from kubetui.ui.widgets.line_source import LineSource, Span, TextLines
from kubetui.ui.widgets.line_view import LineView
from kubetui.ui.widgets.yaml_lines import yaml_spans
from tests.ui.snapshot import assert_screen, screen_text

MANIFEST = """\
apiVersion: v1
kind: Pod
metadata:
  name: coredns-7kq2x  # of the DNS service
  labels: {k8s-app: kube-dns}
  annotations:
    "example.com/note": "a # that is no comment"
spec:
  containers:
  - name: coredns
    args: ["-conf", "/etc/coredns/Corefile"]
    resources:
      limits:
        memory: 500Mi
        cpu: 0.1
  terminationGracePeriodSeconds: 30
"""


class ViewApp(App[None]):
    def __init__(self, source: LineSource) -> None:
        super().__init__()
        self.view = LineView(source)
        self.told: list[tuple[str, object]] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.source_changed()
        self.view.focus()

    def on_line_view_searched(self, message: LineView.Searched) -> None:
        self.told.append(("searched", message.line))

    def on_line_view_follow_changed(self, message: LineView.FollowChanged) -> None:
        self.told.append(("follow", message.follow))

    @property
    def rows(self) -> list[str]:
        return [line[: self.size.width - 1].rstrip() for line in screen_text(self).rstrip("\n").split("\n")]


class Growing:
    """A source that grows and drops, and counts what it is asked for."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last
        self.asked = 0

    def __len__(self) -> int:
        return self.last - self.first

    def line(self, index: int) -> Sequence[Span]:
        self.asked += 1
        return (Span(f"line {self.first + index}"),)


def numbered(count: int) -> TextLines:
    return TextLines([f"line {index}" for index in range(count)])


def reversed_texts(view: LineView) -> list[str]:
    strips = [view.render_line(y) for y in range(view.size.height)]
    return [s.text for strip in strips for s in strip if s.style is not None and s.style.reverse]


async def test_yaml_is_shown_as_it_is() -> None:
    app = ViewApp(TextLines(MANIFEST.splitlines(), yaml_spans))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.rows == [line.rstrip() for line in MANIFEST.splitlines()]
        assert len({segment.style for segment in app.view.render_line(3)}) >= 4


async def test_paging_reaches_both_ends_and_asks_for_visible_lines_only() -> None:
    source = Growing(0, 1_000_000)
    app = ViewApp(source)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown")
        assert app.rows[0] == "line 23"
        await pilot.press("end")
        assert app.rows[-1] == "line 999999"
        await pilot.press("down", "pagedown")
        assert app.rows[-1] == "line 999999"
        await pilot.press("up", "pageup", "home", "up")
        assert app.rows[0] == "line 0"
        assert source.asked < 2000


@pytest.mark.parametrize("wrapped", [False, True])
async def test_following_stays_at_the_end_until_somebody_goes_up(wrapped: bool) -> None:
    source = Growing(0, 100)
    app = ViewApp(source)
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.wrapped = wrapped
        app.view.follow = True
        source.last = 500
        app.view.source_changed()
        await pilot.pause()
        assert app.rows[-1] == "line 499"
        await pilot.press("up")
        assert app.told[-1] == ("follow", False)
        source.last = 600
        app.view.source_changed()
        await pilot.pause()
        assert app.rows[-1] == "line 498"
        await pilot.press("end")
        assert app.view.at_end


async def test_lines_dropped_at_the_front_do_not_move_what_is_read() -> None:
    source = Growing(0, 1000)
    app = ViewApp(source)
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.to_line(700)
        source.first, source.last = 400, 1200
        app.view.source_changed(dropped=400)
        await pilot.pause()
        assert app.rows[0] == "line 700"
        source.first = 1000
        app.view.source_changed(dropped=600)
        await pilot.pause()
        assert app.rows[0] == "line 1000"


async def test_wrapping_shows_all_of_a_line_and_pages_through_it() -> None:
    long = " ".join(f"word{index}" for index in range(400))
    app = ViewApp(TextLines(["before", long, "after 服务器" * 20, "end"]))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert len(app.rows) == 4
        app.view.wrapped = True
        await pilot.pause()
        shown = [app.rows[0]]
        seen: list[str] = []
        for _ in range(200):
            seen.append(screen_text(app).split("\n")[0][:39])
            if app.view.at_end:
                break
            await pilot.press("down")
        seen.extend(screen_text(app).split("\n")[1:])
        assert "".join(line[:39] for line in seen[1:]).replace("\n", "").startswith(long[:300])
        assert shown == ["before"]
        assert app.rows[-1] == "end"
        app.view.wrapped = False
        await pilot.pause()
        assert app.rows[-1] == "end"


async def test_a_line_that_goes_on_beyond_the_screen_says_so_in_its_last_cell() -> None:
    app = ViewApp(TextLines(["x" * 38 + "end", "x" * 35 + "end", "short", "界" * 30]))
    async with app.run_test(size=(40, 4)) as pilot:
        await pilot.pause()
        width = app.view.line_width
        assert [app.view.render_line(y).text for y in range(4)] == [
            "x" * (width - 1) + "…",
            f"{'x' * 35}end".ljust(width)[:width],
            "short".ljust(width),
            ("界" * 30)[: (width - 1) // 2].ljust((width - 1) // 2 + (width - 1) % 2) + "…",
        ]
        await pilot.press("right", "right", "right")
        assert app.view.render_line(0).text.rstrip().endswith("xend")
        app.view.wrapped = True
        await pilot.pause()
        assert "…" not in screen_text(app)


async def test_sideways_moves_long_lines_and_stops_at_their_end() -> None:
    app = ViewApp(TextLines(["x" * 100 + "END", "short", "服务器" * 40]))
    async with app.run_test(size=(60, 5)) as pilot:
        for _ in range(10):
            await pilot.press("right")
        assert "END" in app.rows[0]
        for _ in range(10):
            await pilot.press("left")
        assert app.rows[1] == "short"


async def test_searching_marks_matches_and_goes_round() -> None:
    app = ViewApp(numbered(5000))
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.search("line 4999")
        app.view.find(here=True)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.told.pop() == ("searched", 4999)
        assert reversed_texts(app.view) == ["line 4999"]
        app.view.search("/LINE 1[07]$/")
        app.view.find(here=True)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.told.pop() == ("searched", None), "a capital letter makes case count"
        app.view.search("/line 1[07]$/")
        for expected, forward in [(10, True), (17, True), (10, True), (17, False)]:
            app.view.find(forward)
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert app.told.pop() == ("searched", expected)
        app.view.search("")
        assert reversed_texts(app.view) == []


async def test_a_bad_expression_leaves_the_search_before_in_force() -> None:
    app = ViewApp(numbered(10))
    async with app.run_test(size=(80, 24)):
        app.view.search("line 3")
        with pytest.raises(BadPattern, match="unterminated"):
            app.view.search("/line [/")
        assert reversed_texts(app.view) == ["line 3"]


async def test_hostile_and_endless_lines_are_harmless() -> None:
    app = ViewApp(TextLines(["\x1b]0;x\x07\x9b2J\u202e [/b]", "y" * 2_000_000, "é" * 300_000, "a\tb\tc", "\ud800"]))
    async with app.run_test(size=(80, 24)) as pilot:
        for wrapped in (False, True):
            app.view.wrapped = wrapped
            await pilot.press("end", "pageup", "home")
            assert app.rows[0] == "␛]0;x␇\ufffd2J\ufffd [/b]"
        await pilot.press("end")
        assert any("283,616 characters more" in row for row in app.rows)
        assert "a       b       c" in app.rows


async def test_the_mouse_selects_text_without_reading_all_lines() -> None:
    source = Growing(0, 100_000)
    app = ViewApp(source)
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.to_line(50_000)
        await pilot.pause()
        asked = source.asked
        text = app.view.get_selection(Selection(Offset(5, 50_001), Offset(4, 50_002)))
        assert text == ("50001\nline", "\n")
        assert source.asked - asked == 2


async def test_an_empty_view_says_why() -> None:
    app = ViewApp(TextLines(()))
    async with app.run_test(size=(80, 6)) as pilot:
        app.view.set_empty("no lines since 15m\n0 for all")
        await pilot.press("down", "end", "pageup", "right")
        assert_screen(app, "line_view_empty")


async def test_a_resize_while_wrapped_keeps_the_first_line() -> None:
    app = ViewApp(TextLines([f"{index} " + "word " * 30 for index in range(100)]))
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.wrapped = True
        app.view.to_line(40)
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert app.rows[0].startswith("40 word")
