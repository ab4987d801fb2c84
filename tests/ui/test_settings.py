"""The settings as their author meets them on the screen."""

from __future__ import annotations

from typing import Any

import pytest
from rich.color import Color
from rich.segment import Segment
from textual.pilot import Pilot

from kubetui.settings.reading import parse
from kubetui.ui.app import KubetuiApp
from tests.ui.cluster_in_memory import ClusterInMemory, pod
from tests.ui.snapshot import screen_text
from tests.ui.test_app import cluster, hides, running, shows, until


def settings(text: str) -> dict[str, Any]:
    return {"settings": parse(text, "config.toml")}


def header_line(app: KubetuiApp) -> str:
    """The columns' titles, which stand below what is said of the settings."""
    _, _, below = screen_text(app).rpartition("Esc hides this")
    return next(line for line in below.splitlines() if "NAME" in line)


async def test_a_remapped_key_does_what_the_old_one_did_and_the_old_one_nothing() -> None:
    keys = settings('[keys]\nproblems = "f5"\nyaml = "Y"\n')
    async with running({"aks-prod": cluster()}, **keys) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("exclamation_mark")
        await pilot.pause(0.1)
        assert "checkout-3" in screen_text(app)
        await pilot.press("f5")
        await until(pilot, hides(app, "checkout-3"))
        assert "F5 problems" in screen_text(app)


async def test_help_and_palette_name_the_remapped_key() -> None:
    async with running({"aks-prod": cluster()}, (120, 60), **settings('[keys]\nproblems = "f5"')) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("question_mark")
        await until(pilot, shows(app, "F5                only what needs a look"))
        await pilot.press("escape", "colon")
        await pilot.press(*"problems")
        await until(pilot, shows(app, "only what needs a look · F5"))


async def test_columns_in_the_order_that_was_asked_for_with_one_of_a_label() -> None:
    wanted = settings('[panes.pods]\ncolumns = ["NAME", "label:app", "NODE"]\nhidden = ["RESTARTS"]\n')
    async with running({"aks-prod": cluster()}, **wanted) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        titles = header_line(app).split()
        assert titles[:3] == ["NAME", "APP", "NODE"]
        assert "RESTARTS" not in titles
        row = next(line for line in screen_text(app).splitlines() if "checkout-3" in line).split()
        assert row[1] == "checkout"


async def test_a_label_column_sorts_and_filters() -> None:
    pods = [pod("a", labels={"zone": "2"}), pod("b", labels={"zone": "1"})]
    wanted = settings('[panes.pods]\ncolumns = ["label:zone", "NAME"]\n')
    async with running({"aks-prod": ClusterInMemory(pods)}, **wanted) as (app, pilot):
        await until(pilot, shows(app, "ZONE"))
        await pilot.press("greater_than_sign")
        await until(pilot, shows(app, "by ZONE ▲"))
        text = screen_text(app)
        assert text.index(" b ") < text.index(" a ")
        await pilot.press("slash", *"zone:2", "enter")
        await until(pilot, shows(app, "1 of 2"))


async def test_a_fixed_width_cuts() -> None:
    wanted = settings("[panes.pods]\nwidths = { NAME = 7 }\n")
    async with running({"aks-prod": cluster()}, (200, 60), **wanted) as (app, pilot):
        await until(pilot, shows(app, "checko…"))


async def test_the_nodes_tree_takes_columns_too() -> None:
    wanted = settings('[panes.nodes]\ncolumns = ["NAME", "label:kubernetes.azure.com/mode"]\nhidden = ["IMAGE"]\n')
    async with running({"aks-prod": cluster()}, pane="nodes", **wanted) as (app, pilot):
        await until(pilot, shows(app, "6 pods"))
        assert header_line(app).split()[:2] == ["NAME", "MODE"]
        assert "IMAGE" not in header_line(app)


async def test_namespaces_of_a_context() -> None:
    wanted = settings('[contexts.aks-prod]\nnamespaces = "team-01"\n')
    async with running({"aks-prod": cluster()}, **wanted) as (app, pilot):
        await until(pilot, shows(app, "Pods  team-01 · 2"))


async def test_the_command_line_wins_over_them() -> None:
    wanted = settings('[contexts.aks-prod]\nnamespaces = "team-01"\n')
    async with running({"aks-prod": cluster()}, namespaces=("team-00",), **wanted) as (app, pilot):
        await until(pilot, shows(app, "Pods  team-00 · 4"))


async def test_all_namespaces_of_a_context() -> None:
    wanted = settings('[contexts.aks-prod]\nnamespaces = "*"\n')
    async with running({"aks-prod": cluster()}, **wanted) as (app, pilot):
        await until(pilot, shows(app, "all namespaces · 6"))


async def test_mistakes_are_told_and_the_rest_holds() -> None:
    wanted = settings('tehme = "x"\n[keys]\nproblems = "f5"\nfilter = "q"\n')
    async with running({"aks-prod": cluster()}, **wanted) as (app, pilot):
        await until(pilot, shows(app, "config.toml:1: unknown key tehme; meant perhaps"))
        assert "config.toml:4: keys: q of filter is the key of quit" in screen_text(app)
        assert "F5 problems" in screen_text(app)


async def test_a_column_that_is_none_is_told_when_its_pane_comes() -> None:
    wanted = settings('[panes.pods]\ncolumns = ["NAEM", "STATUS"]\n')
    async with running({"aks-prod": cluster()}, (200, 60), **wanted) as (app, pilot):
        await until(pilot, shows(app, "'NAEM'; meant perhaps: NAME"))
        await until(pilot, shows(app, "checkout-3"))
        assert header_line(app).split()[0] == "STATUS"


async def choose(pilot: Pilot[None], name: str) -> None:
    await pilot.press("colon", *f"theme {name}")
    await until(pilot, shows(pilot.app, "colours, until the program ends"))  # type: ignore[arg-type]  # the running app
    await pilot.press("enter")


@pytest.mark.parametrize(("name", "theme"), [("light", "textual-light"), ("high-contrast", "kubetui-high-contrast")])
async def test_another_theme_at_run_time(name: str, theme: str) -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await choose(pilot, name)
        await until(pilot, lambda: app.theme == theme)
        await until(pilot, shows(app, f'theme = "{name}"'))


def colors_of(segment: Segment) -> set[Color]:
    style = segment.style
    return {color for color in (style.color, style.bgcolor) if color is not None} if style is not None else set()


async def test_without_colour_nothing_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "CrashLoopBackOff"))
        strips = app.screen._compositor.render_strips()
        filters = app.get_line_filters()
        for strip in strips:
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, app.screen.background_colors[1])
            for segment in strip:
                assert colors_of(segment) <= {Color.default()}, segment
        assert "✖ CrashLoopBackOff" in screen_text(app)


async def test_without_colour_the_palettes_choice_is_underlined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("colon", *"theme")
        await until(pilot, shows(app, "Theme light"))
        await pilot.press("down")
        await until(pilot, lambda: underlined(app) == ["Theme light"])


def underlined(app: KubetuiApp) -> list[str]:
    segments = [segment for strip in app.screen._compositor.render_strips() for segment in strip]
    found = ("".join(one.text for one in segments if one.style and one.style.underline)).split("  ")
    return [text for text in map(str.strip, found) if text.startswith("Theme")]


async def test_in_ascii_there_is_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBETUI_MARKS", "ascii")
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "CrashLoopBackOff"))
        for strip in app.screen._compositor.render_strips():
            for line_filter in app.get_line_filters():
                strip = strip.apply_filter(line_filter, app.screen.background_colors[1])
            assert strip.text.isascii(), strip.text
