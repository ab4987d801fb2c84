"""LiveTable as a person sees it: through the screen and the messages it posts."""

from __future__ import annotations

import pytest
from textual import events

from kubetui.ui.widgets.live_table import LiveTable
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Line
from kubetui.ui.widgets.table_lines import ASCII_MARKS
from tests.ui.snapshot import assert_screen, screen_text
from tests.ui.table_source import COLUMNS, ListSource, TableApp, pod, pods

SIZES = [(80, 24), (120, 40), (200, 60)]


def rows_on_screen(app: TableApp) -> list[str]:
    """Without the titles and the scroll bar."""
    return [line[: app.size.width - 1].rstrip() for line in screen_text(app).split("\n")[1:]]


def cursor_line(app: TableApp) -> int:
    return next(y for y, text in enumerate(screen_text(app).split("\n")) if text.startswith("▌"))


def marked_cells(app: TableApp, y: int) -> list[str]:
    changed = app.table._styles.of("changed")
    return [segment.text for segment in app.table.render_line(y) if segment.style == changed]


@pytest.mark.parametrize("size", SIZES)
async def test_it_shows_what_fits(size: tuple[int, int]) -> None:
    lines = [pod("coredns-7kq2x"), pod("konnectivity-agent-x2lpv", "CrashLoopBackOff", 41, "12m"), *pods(100)]
    app = TableApp(ListSource(lines))
    async with app.run_test(size=size) as pilot:
        app.table.set_sort("name")
        await pilot.pause()
        assert_screen(app, f"live_table_{size[0]}x{size[1]}")


async def test_given_150_000_rows_only_visible_ones_are_asked_for() -> None:
    app = TableApp(ListSource(pods(150_000)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("end")
        assert app.table.cursor_index == 149_999
        assert app.table.visible_keys[-1] == "web-149999"
        assert app.source.asked < 500


async def test_given_rows_inserted_above_the_cursor_keeps_its_row_and_its_screen_line() -> None:
    app = TableApp(ListSource(pods(200)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown", "down", "down")
        key, line, shown = app.table.cursor_key, cursor_line(app), rows_on_screen(app)
        app.source.lines[:0] = [pod(f"api-{index}") for index in range(7)]
        app.table.source_changed()
        await pilot.pause()
        assert (app.table.cursor_key, cursor_line(app)) == (key, line)
        assert rows_on_screen(app) == shown


async def test_given_rows_removed_above_the_view_stays_on_its_rows() -> None:
    app = TableApp(ListSource(pods(200)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        shown = rows_on_screen(app)
        del app.source.lines[:50]
        app.table.source_changed()
        await pilot.pause()
        assert rows_on_screen(app) == shown
        assert app.table.cursor_index == 149


async def test_given_its_row_is_gone_the_cursor_stays_at_the_index() -> None:
    app = TableApp(ListSource(pods(30)))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.cursor_to(4)
        del app.source.lines[4]
        app.table.source_changed()
        await pilot.pause()
        assert (app.table.cursor_index, app.table.cursor_key) == (4, "web-00005")
        assert app.told[-1] == ("cursor", "web-00005")


async def test_given_another_order_the_cursor_follows_its_row() -> None:
    app = TableApp(ListSource(pods(100)))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.cursor_to(3)
        app.source.lines.reverse()
        app.table.source_changed()
        await pilot.pause()
        assert app.table.cursor_key == "web-00003"
        assert "web-00003" in app.table.visible_keys


async def test_given_nobody_moved_the_cursor_it_stays_on_the_first_row_while_rows_arrive() -> None:
    app = TableApp(ListSource(pods(10)))
    async with app.run_test(size=(80, 24)) as pilot:
        app.source.lines[:0] = [pod(f"api-{index}") for index in range(500)]
        app.table.source_changed()
        await pilot.pause()
        assert (app.table.cursor_index, app.table.cursor_key) == (0, "api-0")
        assert app.table.visible_keys[0] == "api-0"


async def test_given_all_rows_gone_it_says_why_and_comes_back() -> None:
    app = TableApp(ListSource(pods(100)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        kept, app.source.lines = app.source.lines, []
        app.table.set_empty("no pods match “status:Failed” in team-04\n214 hidden by the filter · Esc clears")
        app.table.source_changed()
        await pilot.pause()
        assert_screen(app, "live_table_empty")
        assert app.told[-1] == ("cursor", None)
        await pilot.press("enter", "down", "end", "pageup")
        assert app.told[-1] == ("cursor", None)
        app.source.lines = kept
        app.table.source_changed()
        await pilot.pause()
        assert app.table.cursor_key == "web-00000"


async def test_a_source_that_shrank_unannounced_shows_blank_lines_not_a_crash() -> None:
    app = TableApp(ListSource(pods(100)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown")
        app.source.lines = app.source.lines[:3]
        app.table.refresh()
        await pilot.press("down", "pagedown", "enter")
        app.table.source_changed()
        await pilot.pause()
        assert app.table.visible_keys == ["web-00000", "web-00001", "web-00002"]


async def test_only_the_changed_line_is_repainted() -> None:
    app = TableApp(ListSource(pods(100)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        painted: list[int] = []
        original = app.table.render_line

        def counting(y: int):  # type: ignore[no-untyped-def]  # stands in for a method under test
            painted.append(y)
            return original(y)

        app.table.render_line = counting  # type: ignore[method-assign]  # see above
        app.table.source_changed(now=1.0)
        await pilot.pause()
        assert painted == []
        app.source.lines[5] = pod("web-00005", "Failed")
        app.table.source_changed()
        await pilot.pause()
        assert painted == [6]


async def test_a_changed_cell_is_marked_until_its_time_is_over() -> None:
    app = TableApp(ListSource(pods(10)), LiveTable(highlight=60))
    async with app.run_test(size=(120, 40)) as pilot:
        app.table.source_changed(now=100.0)
        app.source.lines[2] = pod("web-00002", restarts=1, age="4d3h")
        app.table.source_changed(now=101.0)
        await pilot.pause()
        assert marked_cells(app, 3) == ["1"], "the quiet AGE column is not marked"
        app.table.source_changed(now=161.0)
        assert marked_cells(app, 3) == []


async def test_marks_of_changed_cells_end_without_another_change() -> None:
    app = TableApp(ListSource(pods(10)), LiveTable(highlight=0.01))
    async with app.run_test(size=(120, 40)) as pilot:
        app.source.lines[2] = pod("web-00002", restarts=1)
        app.table.source_changed(now=101.0)
        assert marked_cells(app, 3) == ["1"]
        await pilot.pause(0.1)
        assert marked_cells(app, 3) == []


async def test_tree_rows_are_indented_and_ask_to_be_expanded() -> None:
    lines = [
        pod("general")._replace(expanded=True, style="total"),
        pod("aks-general-00000v")._replace(depth=1, expanded=False),
        pod("aks-general-00001a")._replace(depth=1),
        pod("spot")._replace(expanded=False),
    ]
    app = TableApp(ListSource(lines))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert_screen(app, "live_table_tree")
        await pilot.click(LiveTable, offset=(3, 2))
        assert app.told[-1] == ("toggled", "aks-general-00000v")
        app.table.cursor_to(2)
        await pilot.pause()
        app.told.clear()
        app.table.action_toggle_row()
        await pilot.pause()
        assert app.told == [], "a row without children has nothing to expand"


async def test_marks_stand_below_each_other_also_before_a_column_of_ages() -> None:
    ages = ((None, "3s"), (False, "40s"), (True, "4d2h"))
    lines = [Line(age, (Cell(age), Cell("Failed")), expanded=expanded) for expanded, age in ages]
    specs = (ColumnSpec("last", "LAST", right=True), ColumnSpec("reason", "REASON"))
    app = TableApp(ListSource(lines))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_columns(specs)
        await pilot.pause()
        assert [line.rstrip() for line in rows_on_screen(app)[:3]] == [
            "▌    3s   Failed",
            " ▸  40s   Failed",
            " ▾ 4d2h   Failed",
        ]
        await pilot.click(LiveTable, offset=(1, 2))
        assert app.told[-1] == ("toggled", "40s")


async def test_narrow_columns_leave_by_priority_and_can_be_scrolled_to() -> None:
    app = TableApp(ListSource([pod("team-payments-settlement-worker-6f7c9d8b5-x2lpv")]))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        hidden = app.table.hidden_columns
        assert hidden[-2:] == ("node", "ip")
        assert screen_text(app).split("\n")[0].endswith(f"+{len(hidden)}")
        for _ in range(6):
            await pilot.press("right")
        assert "ip" not in app.table.hidden_columns
        assert screen_text(app).split("\n")[1].startswith("▌team-pay")
        for _ in range(6):
            await pilot.press("left")
        assert app.table.hidden_columns == hidden


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8, 13])
async def test_the_narrowest_terminal_does_not_break_it(width: int) -> None:
    app = TableApp(ListSource(pods(5)))
    async with app.run_test(size=(width, 2)) as pilot:
        await pilot.press("down", "right", "end", "pageup")
        assert all(len(line) <= width for line in screen_text(app).split("\n"))


async def test_wide_and_combining_characters_leave_columns_aligned() -> None:
    names = [
        "服务器-生产环境",
        "cafe\u0301-ui",
        "rocket-🚀-launch",
        "plain",
        "flag-🇩🇪",
        "family-👩\u200d👩\u200d👧",
    ]
    app = TableApp(ListSource([pod(name) for name in names]))
    async with app.run_test(size=(120, 12)) as pilot:
        await pilot.pause()
        for y in range(1, len(names) + 1):
            assert app.table.render_line(y).cell_length == 119
            before = next(s for s in app.table.render_line(y) if s.text.lstrip("▌ ").startswith(names[y - 1][:3]))
            assert before is not None
        assert_screen(app, "live_table_wide_characters")


async def test_hostile_text_reaches_no_terminal() -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J\x9b31m[/foo][red]\u202egnp.exe\u2028\r\n\ud800"
    line = Line(hostile, [Cell(hostile) for _ in COLUMNS])
    app = TableApp(ListSource([line, pod("web")]))
    async with app.run_test(size=(200, 10)) as pilot:
        app.table.set_columns([ColumnSpec("name", hostile, max_width=60), *COLUMNS[1:]])
        app.table.set_empty(hostile)
        await pilot.pause()
        shown = "".join(screen_text(app).split("\n"))
        assert shown.isprintable()
        assert "[/foo][red]" in shown
        shown.encode()


async def test_marked_rows_carry_a_mark_and_stale_ones_are_dimmed() -> None:
    app = TableApp(ListSource(pods(4)))
    async with app.run_test(size=(80, 8)) as pilot:
        app.table.marked = {"web-00001", "web-00003", "gone"}
        await pilot.pause()
        assert [line[:1] for line in rows_on_screen(app)[:4]] == ["▌", "✓", " ", "✓"]
        live = app.table.render_line(2)
        app.table.dimmed = True
        assert [s.style for s in app.table.render_line(2)] != [s.style for s in live]
        app.table.marked = set()
        await pilot.pause()
        assert [line[:1] for line in rows_on_screen(app)[:4]] == ["▌", " ", " ", " "]


async def test_where_the_terminal_cannot_draw_marks_are_ascii() -> None:
    lines = [pod("general")._replace(expanded=True), pod("a-name-that-is-far-too-long-" * 3)._replace(depth=1)]
    app = TableApp(ListSource(lines), LiveTable(marks=ASCII_MARKS))
    async with app.run_test(size=(80, 8)) as pilot:
        app.table.set_sort("age", reverse=True)
        app.table.marked = {lines[1].key}
        await pilot.pause()
        shown = screen_text(app).replace("▁", "").replace("█", "")
        assert shown.isascii()
        assert "AGE v" in shown
        assert ">- general" in shown


async def test_the_mouse_selects_opens_and_sorts_and_scrolling_leaves_the_cursor() -> None:
    app = TableApp(ListSource(pods(100)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.click(LiveTable, offset=(10, 5))
        assert app.told[-1] == ("cursor", "web-00004")
        await pilot.click(LiveTable, offset=(10, 7), times=2)
        assert app.told[-1] == ("selected", "web-00006")
        await pilot.click(LiveTable, offset=(16, 0))
        assert app.told[-1] == ("header", "ready")
        app.table.post_message(events.MouseScrollDown(app.table, 10, 10, 0, 1, 0, False, False, False, 10, 10, None))
        await pilot.pause()
        assert app.table.visible_keys[0] != "web-00000"
        assert app.table.cursor_key == "web-00006", "the wheel moves the view, not the cursor"
        app.source.lines[:0] = [pod("api-0")]
        first = app.table.visible_keys[0]
        app.table.source_changed()
        assert app.table.visible_keys[0] == first


async def test_the_terminals_cursor_stands_on_the_selected_row() -> None:
    app = TableApp(ListSource(pods(100)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down")
        assert app.cursor_position == (0, 3)


async def test_another_theme_or_focus_repaints_in_its_colours() -> None:
    app = TableApp(ListSource(pods(3)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        dark = list(app.table.render_line(1))
        app.theme = "textual-light"
        await pilot.pause()
        light = list(app.table.render_line(1))
        assert [s.style for s in light] != [s.style for s in dark]
        app.set_focus(None)
        await pilot.pause()
        assert [s.style for s in app.table.render_line(1)] != [s.style for s in light]


async def test_a_resize_keeps_the_cursor_on_the_screen() -> None:
    app = TableApp(ListSource(pods(100)))
    async with app.run_test(size=(80, 40)) as pilot:
        app.table.cursor_to(35)
        await pilot.resize_terminal(100, 12)
        await pilot.pause()
        assert "web-00035" in app.table.visible_keys
        assert len(app.table.visible_keys) == 11
