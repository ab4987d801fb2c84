"""Short messages stand in the place of the keys: no row is hidden, and the newest is the one to read."""

from __future__ import annotations

import pytest

from tests.ui.snapshot import screen_text
from tests.ui.test_app import SIZES, cluster, hides, running, shows, until


@pytest.mark.parametrize("size", SIZES)
async def test_a_message_hides_the_keys_for_a_moment_and_no_row(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kubetui.ui.app.SAID", 0.3)
    async with running({"aks-prod": cluster()}, size) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await until(pilot, shows(app, "v1.36.3  live"))
        await pilot.pause(0.3)
        *before, keys = screen_text(app).rstrip("\n").split("\n")
        assert "? help" in keys

        app.say("saved ~/kubetui/aks-prod/Pods.txt")
        await until(pilot, shows(app, "saved ~/kubetui"))
        *rows, last = screen_text(app).rstrip("\n").split("\n")
        assert rows[1:] == before[1:]
        assert last.strip() == "saved ~/kubetui/aks-prod/Pods.txt"

        await until(pilot, shows(app, "? help"))


async def test_the_next_message_takes_the_place_of_the_one_before() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        app.say("first")
        await until(pilot, shows(app, " first"))
        app.say("second")
        await until(pilot, shows(app, " second"))
        await until(pilot, hides(app, " first"))


async def test_what_is_wrong_with_the_settings_stays_until_it_is_hidden() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        app.warn("config.toml:3: no such key", "settings")
        app.warn("the kubeconfig changed", "kubeconfig")
        await until(pilot, shows(app, "▲ config.toml:3: no such key · the kubeconfig changed · Esc hides this"))
        app.connect(None)
        await until(pilot, shows(app, "▲ config.toml:3: no such key · Esc hides this"))
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("escape")
        await until(pilot, hides(app, "no such key"))
