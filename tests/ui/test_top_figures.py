"""Top sorted out by its figures, beside what was asked for, at any width."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from kubetui.ui.app import KubetuiApp
from tests.ui.snapshot import screen_text
from tests.ui.test_app import hides, shows, until
from tests.ui.test_top_pane import cluster, line_of, top


async def _pods(app: KubetuiApp, pilot: Pilot[None]) -> None:
    await pilot.press("t")
    await until(pilot, shows(app, "Top  pods"))
    await until(pilot, shows(app, "990m"))


async def _filter(pilot: Pilot[None], text: str) -> None:
    await pilot.press("slash", *text, "enter")


@pytest.mark.parametrize(
    ("text", "kept", "hidden"),
    [
        ("cpu>500m", "web-abc-2", "web-abc-1"),
        ("memory<=100Mi", "web-abc-2", "web-abc-1"),
        ("mem%lim>=90", "web-abc-1", "web-abc-2"),
        ("cpu%req>100", "web-abc-2", "web-abc-1"),
        ("throttled", "web-abc-2", "web-abc-1"),
        ("look:near", "web-abc-1", "web-abc-2"),
        ("cpu>=0", "web-abc-2", "web-abc-3"),  # what was not sampled is neither more nor less
    ],
)
async def test_rows_are_filtered_by_any_figure(text: str, kept: str, hidden: str) -> None:
    async with top(cluster()) as (app, pilot):
        await _pods(app, pilot)
        await _filter(pilot, text)
        await until(pilot, hides(app, hidden))
        assert kept in screen_text(app)


async def test_a_figure_that_is_none_is_said() -> None:
    async with top(cluster()) as (app, pilot):
        await _pods(app, pilot)
        await _filter(pilot, "cpu>lots")
        await until(pilot, shows(app, "✖ CPU>lots: not a Kubernetes quantity"))
        # Enter does not take it: the line stays, to be mended
        await pilot.press(*["backspace"] * 4, *"500m", "enter")
        await until(pilot, hides(app, "web-abc-1"))
        assert "cpu>500m" in screen_text(app)


async def test_pods_against_their_requests_too() -> None:
    async with top(cluster(), (200, 40)) as (app, pilot):
        await _pods(app, pilot)
        # 990m of 500m asked for and 1000m allowed: the bar is full, its line in the middle.
        line = line_of(app, "web-abc-2")
        assert "198 %" in line
        assert "████│███" in line


async def test_marks_stay_on_a_narrow_screen() -> None:
    async with top(cluster(), (80, 24)) as (app, pilot):
        await _pods(app, pilot)
        assert "✖ memory 97 %" in line_of(app, "web-abc-1")
        assert "▲ at CPU limit (1000m)" in line_of(app, "web-abc-2")
