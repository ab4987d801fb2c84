"""Saving as its user meets it: asked where, told what went wrong, nothing replaced unasked, true bytes in the file."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubetui.cluster.object_at import ObjectAt
from kubetui.settings.settings import Read, Settings
from kubetui.ui.object_facts import kind_at
from kubetui.ui.panes.yaml import YamlPane
from tests.ui.cluster_in_memory import ClusterInMemory, pod
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import hides, running, shows, until
from tests.ui.test_workload_panes import steady

HOSTILE = "\x1b[31mred\x07"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where saved files go, and the current folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "kubetui"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def cluster() -> ClusterInMemory:
    found = pod("checkout-0", "team-04")
    found["metadata"]["annotations"] = {"note": HOSTILE}
    found["metadata"]["managedFields"] = [{"manager": "kubectl"}]
    return ClusterInMemory([found, pod("cart-0", "team-01", waiting="CrashLoopBackOff", restarts=41)])


async def typed_over(pilot: Any, text: str) -> None:
    await pilot.press("ctrl+u", *(_KEYS.get(letter, letter) for letter in text))


def texts(folder: Path) -> set[str]:
    """What stands in the folder's files."""
    return {path.read_text() for path in folder.iterdir()}


_KEYS = {"/": "slash", ".": "full_stop", "~": "tilde", "-": "minus"}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_asks_where(size: tuple[int, int]) -> None:
    async with running({"aks-prod": cluster()}, size) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        await until(pilot, shows(app, "v1.36.3  live"))
        await pilot.press("ctrl+s")
        await until(pilot, shows(app, "~/kubetui/aks-prod/Pods/all-namespaces.txt"))
        await assert_becomes(pilot, f"save_{size[0]}x{size[1]}", lambda: steady(screen_text(app)))


async def test_a_table_is_saved_with_all_rows_and_the_columns_shown(folder: Path) -> None:
    async with running({"aks-prod": cluster()}, (80, 24)) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        await pilot.press("S", "enter")
        await until(pilot, shows(app, "saved ~/kubetui/aks-prod/Pods/all-namespaces.txt"))

        path = folder / "aks-prod/Pods/all-namespaces.txt"
        lines = path.read_text().splitlines()
        assert lines[0].startswith("# Pods  all namespaces · 2")
        assert lines[1].split()[:4] == ["NAMESPACE", "NAME", "READY", "STATUS"]
        assert "OWNER" in lines[1], "columns that this narrow screen has no room for are shown too"
        assert [line.split()[1] for line in lines[2:]] == ["cart-0", "checkout-0"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_settings_name_another_folder(folder: Path) -> None:
    here = Read(Settings(save_folder="."))
    async with running({"aks-prod": cluster()}, (80, 24), settings=here) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        await pilot.press("S", "enter")
        await until(pilot, shows(app, "saved aks-prod/Pods/all-namespaces.txt"))
    assert (folder / "aks-prod/Pods/all-namespaces.txt").is_file()


async def test_yaml_is_saved_as_it_is_and_can_be_read_back(folder: Path) -> None:

    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        await pilot.press("j", "y")
        await until(pilot, shows(app, "Pod team-04/checkout-0  YAML"))
        await until(pilot, shows(app, "managers, folded"))
        await pilot.press("ctrl+s", "enter")
        await until(pilot, shows(app, "saved ~/kubetui/aks-prod/Pod/team-04/checkout-0.yaml"))

    found = yaml.safe_load((folder / "aks-prod/Pod/team-04/checkout-0.yaml").read_bytes())
    assert found["metadata"]["annotations"] == {"note": HOSTILE}
    assert "managedFields" not in found["metadata"], "folded ones are left out, not written as a mark"


async def test_a_description_is_saved(folder: Path) -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        await pilot.press("j", "d")
        await until(pilot, shows(app, "Namespace:"))
        await pilot.press("ctrl+s", "enter")
        await until(pilot, shows(app, "saved ~/kubetui/aks-prod/Pod/team-04/checkout-0.txt"))

    assert HOSTILE in (folder / "aks-prod/Pod/team-04/checkout-0.txt").read_text()


async def test_a_secrets_values_are_saved_only_once_they_are_shown(folder: Path) -> None:
    here = cluster()
    here.add(
        "secrets", {"kind": "Secret", "metadata": {"name": "s", "namespace": "team-04"}, "data": {"k": "czNjcjN0"}}
    )
    path = folder / "aks-prod/Secret/team-04/s.yaml"
    async with running({"aks-prod": here}) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        assert app.connected is not None
        kind = kind_at(ObjectAt("Secret", "/api/v1/secrets", "team-04", "s"))
        app.open_pane(YamlPane(app, app.connected.session, kind, ("team-04", "s")))
        await until(pilot, shows(app, "k: ••••••••"))
        await pilot.press("S", "enter")
        await until(pilot, shows(app, "saved ~/kubetui/aks-prod/Secret/team-04/s.yaml"))
        assert "czNjcjN0" not in path.read_text()

        await pilot.press("x")
        await until(pilot, shows(app, "k: czNjcjN0"))
        await pilot.press("S", "enter")
        await until(pilot, shows(app, "exists already"))
        await pilot.press("enter")
        await until(pilot, hides(app, "exists already"))
        assert "czNjcjN0" in path.read_text()


async def test_no_file_is_replaced_without_a_second_enter(folder: Path) -> None:
    (folder / "mine.txt").write_text("precious")
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        await pilot.press("S")
        await until(pilot, shows(app, "⏎ save"))
        await typed_over(pilot, "mine.txt")
        await pilot.press("enter")
        await until(pilot, shows(app, "✖ mine.txt exists already (8 bytes): ⏎ again replaces it"))
        assert (folder / "mine.txt").read_text() == "precious"

        await pilot.press("2", "backspace", "enter")
        await until(pilot, shows(app, "saved mine.txt"))
        assert "checkout-0" in (folder / "mine.txt").read_text()


async def test_another_name_is_asked_about_anew(folder: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("precious")
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        await pilot.press("S")
        await until(pilot, shows(app, "⏎ save"))
        for name in ("a.txt", "b.txt"):
            await typed_over(pilot, name)
            await pilot.press("enter")
            await until(pilot, shows(app, f"✖ {name} exists already"))
        await pilot.press("escape")
        await until(pilot, shows(app, " Pods  all namespaces"))
    assert texts(folder) == {"precious"}


async def test_what_goes_wrong_is_said_and_another_place_can_be_typed(folder: Path) -> None:
    (folder / "file").write_text("")
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        await pilot.press("S")
        await until(pilot, shows(app, "⏎ save"))
        await typed_over(pilot, "file/below.txt")
        await pilot.press("enter")
        await until(pilot, shows(app, "✖ file is a file, not a folder"))
        await typed_over(pilot, "")
        await pilot.press("enter")
        await until(pilot, shows(app, "✖ type a name"))
        await typed_over(pilot, "right.txt")
        await pilot.press("enter")
        await until(pilot, shows(app, "saved right.txt"))
