"""FilterBar: what it posts and what it shows."""

from __future__ import annotations

from textual.app import App, ComposeResult

from kubetui.ui.widgets.filter_bar import FilterBar
from tests.ui.snapshot import screen_text


class BarApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield FilterBar(placeholder="substring, /regex/, key=value")

    @property
    def bar(self) -> FilterBar:
        return self.query_one(FilterBar)

    def on_filter_bar_changed(self, message: FilterBar.Changed) -> None:
        self.told.append(("changed", message.text))

    def on_filter_bar_kept(self, message: FilterBar.Kept) -> None:
        self.told.append(("kept", message.text))

    def on_filter_bar_cleared(self, message: FilterBar.Cleared) -> None:
        self.told.append(("cleared", message.text))


async def test_typing_tells_and_enter_keeps() -> None:
    app = BarApp()
    async with app.run_test(size=(80, 5)) as pilot:
        assert not app.bar.is_open
        app.bar.open()
        await pilot.press(*"web")
        await pilot.pause()
        assert app.told[-1] == ("changed", "web")
        app.bar.set_status("218 of 41,210")
        await pilot.pause()
        last = screen_text(app).rstrip("\n").split("\n")[-1]
        assert last.startswith("/web")
        assert last.endswith("218 of 41,210")
        await pilot.press("enter")
        await pilot.pause()
        assert app.told[-1] == ("kept", "web")
        assert not app.bar.is_open
        assert app.bar.text == "web"


async def test_esc_clears_and_an_opened_text_is_not_told_again() -> None:
    app = BarApp()
    async with app.run_test(size=(80, 5)) as pilot:
        app.bar.open("kept")
        await pilot.pause()
        assert app.told == []
        await pilot.press("escape")
        await pilot.pause()
        assert app.told == [("cleared", "")]
        assert app.bar.text == ""
        assert not app.bar.is_open


async def test_a_bad_expression_is_told_in_words_and_hostile_text_is_harmless() -> None:
    app = BarApp()
    async with app.run_test(size=(80, 5)) as pilot:
        app.bar.open()
        app.bar.set_error("unterminated [ \x1b[2J[/nope]")
        await pilot.pause()
        shown = screen_text(app)
        assert "✖ unterminated [ ␛[2J[/nope]" in shown
        app.bar.set_status("3 of 5")
        await pilot.pause()
        assert "✖" not in screen_text(app)


async def test_a_pasted_burst_is_told_once() -> None:
    app = BarApp()
    async with app.run_test(size=(80, 5)) as pilot:
        app.bar.open()
        await pilot.pause()
        for index in range(5):
            app.bar.query_one("Input").insert_text_at_cursor(str(index))  # type: ignore[attr-defined]  # an Input
        await pilot.pause()
        assert app.told == [("changed", "01234")]
