"""Kinds as their user meets them: the list, objects as the server prints them, endpoints, keys, what stays masked."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest
from textual.pilot import Pilot

from kubetui.cluster.errors import Unreachable
from kubetui.cluster.session import Lease
from kubetui.kinds.served_kind import ServedKind
from kubetui.ui.app import KubetuiApp
from kubetui.ui.open_kind import until_known
from tests.ui.cluster_in_memory import forbidden, pod
from tests.ui.kinds_in_memory import (
    COLUMNS,
    KindsInMemory,
    certificate,
    config_map,
    endpoint,
    endpoint_slice,
    meta,
    secret,
    shop,
)
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import hides, running, shows, until
from tests.ui.test_workload_panes import steady

SIZES = [(80, 24), (120, 40), (200, 60)]
SECRET = "hunter2"


def body(app: KubetuiApp) -> str:
    """The screen without the lines that all panes share, and without when discovery was read."""
    text = re.sub(r" · read \S+ ago, \S+ reads anew| · (read.*)?…$", "", steady(screen_text(app)), flags=re.MULTILINE)
    header, _, *lines = text.rstrip("\n").split("\n")
    return "\n".join((header, *lines[:-1])).rstrip("\n") + "\n"


async def jump(pilot: Pilot[None], app: KubetuiApp, name: str, then: str) -> None:
    """Through the palette, as a person types it."""
    await pilot.press("colon")
    await until(pilot, lambda: app.screen is not app.screen_stack[0])
    await pilot.press(*name)
    await pilot.press("enter")
    await until(pilot, shows(app, then))


async def open_first(pilot: Pilot[None], app: KubetuiApp, name: str, then: str) -> None:
    """Filter for a row, and open it."""
    await pilot.press("slash", *name, "enter")
    await until(pilot, shows(app, f"filter {name}"))
    await pilot.press("g", "enter")
    await until(pilot, shows(app, then))


async def test_who_types_faster_than_the_palette_searches_gets_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    told = asyncio.Event()

    async def slowly(discovery: Lease[ServedKind]) -> None:
        await told.wait()
        await until_known(discovery)

    monkeypatch.setattr("kubetui.ui.palette.until_known", slowly)
    async with running({"aks-prod": shop()}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "v1.36.3  live"))
        await pilot.press("colon", *"cert", "enter")
        await pilot.pause(0.5)  # longer than the palette gathers before it shows anything
        assert app.screen is not app.screen_stack[0], "nothing is opened that was not meant"

        told.set()
        await until(pilot, shows(app, "shop-tls"))


# --- the list of kinds


@pytest.mark.parametrize("size", SIZES)
async def test_the_kinds_at_each_size(size: tuple[int, int]) -> None:
    async with running({"aks-prod": shop()}, size, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await until(pilot, shows(app, "v1.36.3  live"))
        await assert_becomes(pilot, f"kinds_{size[0]}x{size[1]}", lambda: body(app))


async def test_a_group_that_does_not_answer_says_why_and_the_others_are_there() -> None:
    async with running({"aks-prod": shop()}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "▲ metrics.k8s.io: MissingEndpoints: no addresses for metrics-server"))
        assert "does not answer" in screen_text(app)
        assert "deployments" in screen_text(app)

        await pilot.press("exclamation_mark")
        await until(pilot, hides(app, "deployments"))
        assert "does not answer" in screen_text(app)


async def test_what_can_not_be_listed_is_shown_when_asked_for() -> None:
    async with running({"aks-prod": shop()}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "1 that can't be listed, w shows the"))
        assert "bindings" not in screen_text(app)
        await pilot.press("w")
        await until(pilot, shows(app, "bindings"))
        await pilot.press("slash", *"bindings", "enter", "g", "j", "enter")
        await until(pilot, shows(app, "bindings can't be listed, only: create"))


async def test_groups_fold() -> None:
    async with running({"aks-prod": shop()}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "deployments"))
        await pilot.press("Z")
        await until(pilot, hides(app, "deployments"))
        assert "apps" in screen_text(app)
        await pilot.press("Z")
        await until(pilot, shows(app, "deployments"))


async def test_a_kind_with_a_pane_of_its_own_opens_there() -> None:
    async with running({"aks-prod": shop()}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "configmaps"))
        await pilot.press("slash", *"nodes", "enter", "g", "j", "j", "enter")
        await until(pilot, shows(app, "aks-general-000001"))


async def test_discovery_that_fails_says_so_and_is_tried_again() -> None:
    cluster = shop()
    cluster.refuses["discovery"] = Unreachable("read what kinds there are", "connection refused", "is the VPN up?")
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "read what kinds there are: connection refused"))
        assert "is the VPN up?" in screen_text(app)
        del cluster.refuses["discovery"]
        await pilot.press("ctrl+r")
        await until(pilot, shows(app, "configmaps"))


# --- objects


@pytest.mark.parametrize("size", SIZES)
async def test_a_custom_resource_at_each_size(size: tuple[int, int]) -> None:
    async with running({"aks-prod": shop()}, size, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await jump(pilot, app, "cert", "shop-tls")
        await until(pilot, shows(app, "v1.36.3  live"))
        await assert_becomes(pilot, f"certificates_{size[0]}x{size[1]}", lambda: body(app))


async def test_rows_follow_the_server_and_esc_leads_back_to_the_kinds() -> None:
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await jump(pilot, app, "certificates.cert-manager.io", "Certificates.cert-manager.io")
        await until(pilot, shows(app, "shop-tls"))

        await cluster.put("certificates", certificate("new", "True", 30))
        await until(pilot, shows(app, "new-tls"))
        await cluster.delete("certificates", "team-04", "shop")
        await until(pilot, hides(app, "shop-tls"))

        await pilot.press("escape")
        await until(pilot, shows(app, "configmaps"))


async def test_filter_problems_sort_and_wide_work_on_the_servers_columns() -> None:
    async with running({"aks-prod": shop()}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await jump(pilot, app, "cert", "shop-tls")
        assert "ISSUER" not in screen_text(app)
        await pilot.press("w")
        await until(pilot, shows(app, "ISSUER"))

        await pilot.press("slash", *"ready:false", "enter")
        await until(pilot, shows(app, "1 of 2"))
        await pilot.press("escape", "exclamation_mark")
        await until(pilot, shows(app, "problems only"))
        assert "web-tls" not in screen_text(app)
        await pilot.press("escape")

        for _ in range(6):
            await pilot.press("greater_than_sign")
        await until(pilot, shows(app, "by DAYS ▲"))
        lines = screen_text(app).split("\n")
        assert ["shop-tls" in line for line in lines if "-tls" in line] == [True, False]


async def test_columns_that_change_are_taken_over() -> None:
    """The custom resource's definition was changed: the next watch says so, and the list is read anew."""
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await jump(pilot, app, "cert", "RENEWED")
        before = COLUMNS["certificates"]
        try:
            COLUMNS["certificates"] = (*before[:3], ("Rotated", *before[3][1:]), *before[4:])
            await cluster.put("certificates", certificate("new", "True", 30))
            await pilot.press("ctrl+r")
            await until(pilot, shows(app, "ROTATED"))
            assert "RENEWED" not in screen_text(app)
        finally:
            COLUMNS["certificates"] = before


async def test_what_waits_to_be_gone_gets_a_column() -> None:
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await jump(pilot, app, "cert", "shop-tls")
        assert "DELETING" not in screen_text(app)
        held = certificate("web", "True", 90)
        held["metadata"] = meta("web", deletionTimestamp="2026-11-21T12:04:00Z", finalizers=["example.com/hold"])
        await cluster.put("certificates", held)
        await until(pilot, shows(app, "DELETING"))


async def test_a_kind_that_may_not_be_listed_names_verb_and_resource() -> None:
    cluster = shop()
    cluster.refuses["certificates"] = forbidden("certificates")
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await jump(pilot, app, "cert", "forbidden: list certificates.cert-manager.io")
        assert 'User "me" cannot list' in screen_text(app)


async def test_a_kind_in_a_namespace_from_the_palette_leaves_other_panes_where_they_are() -> None:
    async with running({"aks-prod": shop()}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "Pods  all namespaces"))
        await jump(pilot, app, "svc team-04", "Services  team-04 · 4")
        await pilot.press("5")
        await until(pilot, shows(app, "Pods  all namespaces"))

        await jump(pilot, app, "po team-04", "Pods  team-04 · 3")
        await pilot.press("2")
        await until(pilot, shows(app, "Nodes  "))
        await pilot.press("5")
        await until(pilot, shows(app, "Pods  team-04 · 3"))
        await pilot.press("4")
        await until(pilot, shows(app, "Deployments  all namespaces"))


async def test_namespaces_that_are_chosen_count_for_all_panes_again() -> None:
    async with running({"aks-prod": shop()}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "Pods  all namespaces"))
        await jump(pilot, app, "po team-04", "Pods  team-04 · 3")
        await pilot.press("2")
        await until(pilot, shows(app, "Nodes  "))
        await pilot.press("A", "5")
        await until(pilot, shows(app, "Pods  all namespaces"))


async def test_a_namespace_is_taken_as_typed_where_none_may_be_listed() -> None:
    less = shop()
    less.refuses["namespaces"] = forbidden("namespaces")
    async with running({"aks-prod": less}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "Pods  all namespaces"))
        await jump(pilot, app, "svc team-04", "Services  team-04 · 4")


async def test_yaml_of_an_object_and_its_marks_and_copies() -> None:
    async with running({"aks-prod": shop()}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await jump(pilot, app, "cert", "shop-tls")
        await pilot.press("asterisk")
        await until(pilot, shows(app, "2 marked"))
        await pilot.press("c")
        await until(pilot, lambda: app.clipboard == "shop\nweb")
        await pilot.press("y")
        await until(pilot, shows(app, "Certificate team-04/shop  YAML"))
        await until(pilot, shows(app, "days: 9"))


# --- what Enter opens


async def test_a_workload_opens_the_pods_that_it_selects() -> None:
    cluster = shop()
    cluster.add("pods", pod("other-0", "team-04", labels={"app": "other"}))
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "statefulsets"))
        await jump(pilot, app, "sts", "3/3")
        await open_first(pilot, app, "web", "statefulset team-04/web · 3")
        assert "other-0" not in screen_text(app)
        assert "labelSelector" in dict(cluster.asked[-1].query)
        await pilot.press("escape", "escape")
        await until(pilot, hides(app, "filter web"))
        await open_first(pilot, app, "bare", "this StatefulSet selects no pods")


async def test_a_selector_that_does_not_come_says_so_and_is_asked_for_again() -> None:
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "statefulsets"))
        await jump(pilot, app, "sts", "3/3")
        cluster.refuses["statefulsets"] = forbidden("statefulsets")
        await open_first(pilot, app, "web", 'User "me" cannot list')
        del cluster.refuses["statefulsets"]
        await pilot.press("ctrl+r")
        await until(pilot, shows(app, "web-2"))


async def test_a_namespace_opens_its_pods_and_a_definition_its_objects() -> None:
    async with running({"aks-prod": shop()}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "namespaces"))
        await pilot.press("slash", *"namespaces", "enter", "g", "j", "j", "enter")
        await until(pilot, shows(app, "Active"))
        await open_first(pilot, app, "team-04", "Pods  team-04 · 3")
        await jump(pilot, app, "crd", "certificates.cert-manager.io")
        await pilot.press("enter")
        await until(pilot, shows(app, "shop-tls"))


# --- Services


@pytest.mark.parametrize("size", SIZES)
async def test_a_services_endpoints_at_each_size(size: tuple[int, int]) -> None:
    async with running({"aks-prod": shop()}, size, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await jump(pilot, app, "svc", "nobody")
        await open_first(pilot, app, "web", "10.244.1.8")
        await until(pilot, shows(app, "v1.36.3  live"))
        await assert_becomes(pilot, f"endpoints_{size[0]}x{size[1]}", lambda: body(app))


async def test_endpoints_follow_their_slices_and_lead_to_their_pods() -> None:
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "certificates"))
        await jump(pilot, app, "svc", "nobody")
        await open_first(pilot, app, "web", "10.244.1.8")

        healed = endpoint("10.244.1.8", "web-1", "aks-general-000001", ready=True, serving=True)
        await cluster.put("endpointslices", endpoint_slice("web-x7k2p", "web", healed))
        await until(pilot, hides(app, "10.244.0.9"))
        await until(pilot, shows(app, "1 ready"))
        assert "not ready" not in screen_text(app)

        second = endpoint("10.244.0.20", "web-0", "aks-general-000000", ready=True)
        await cluster.put("endpointslices", endpoint_slice("web-second", "web", second))
        await until(pilot, shows(app, "2 ready"))
        await cluster.delete("endpointslices", "team-04", "web-second")
        await until(pilot, shows(app, "1 ready"))

        await pilot.press("enter")
        await until(pilot, shows(app, "pod team-04/web-1"))
        await pilot.press("escape")
        await cluster.delete("services", "team-04", "web")
        await until(pilot, shows(app, "the Service is gone"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nobody", "app=nobody,track=canary"),
        ("partner", "pay.example.com"),
        ("by-hand", "somebody else has to make its EndpointSlices"),
    ],
)
async def test_a_service_without_endpoints_says_why(name: str, words: str) -> None:
    async with running({"aks-prod": shop()}, (80, 24), pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "configmaps"))
        await jump(pilot, app, "svc", "nobody")
        await open_first(pilot, app, name, "no endpoints")
        assert words in screen_text(app)


# --- ConfigMaps and Secrets


@pytest.mark.parametrize("size", SIZES)
async def test_a_config_maps_keys_at_each_size(size: tuple[int, int]) -> None:
    async with running({"aks-prod": shop()}, size, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "configmaps"))
        await jump(pilot, app, "cm", "settings")
        await open_first(pilot, app, "settings", "app.yaml")
        await until(pilot, shows(app, "v1.36.3  live"))
        await assert_becomes(pilot, f"keys_{size[0]}x{size[1]}", lambda: body(app))


async def test_a_value_is_text_or_bytes_and_keys_follow_their_object() -> None:
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "configmaps"))
        await jump(pilot, app, "cm", "settings")
        await open_first(pilot, app, "settings", "app.yaml")
        await pilot.press("enter")
        await until(pilot, shows(app, "listen: :8080"))
        await pilot.press("c")
        await until(pilot, lambda: app.clipboard == "listen: :8080\ndebug: false\n")
        await pilot.press("escape", "j", "j", "enter")
        await until(pilot, shows(app, "89 50 4e 47 0d 0a 00 01"))
        await until(pilot, shows(app, "binary · c copies base64"))
        await pilot.press("c")
        await until(pilot, lambda: app.clipboard == "iVBORw0KAAE=")
        await pilot.press("escape")

        await cluster.put("configmaps", config_map("settings", {"other.yaml": "x"}))
        await until(pilot, shows(app, "other.yaml"))
        assert "app.yaml" not in screen_text(app)
        await cluster.put("configmaps", config_map("settings", {}))
        await until(pilot, shows(app, "no keys: this ConfigMap holds nothing"))
        await cluster.delete("configmaps", "team-04", "settings")
        await until(pilot, shows(app, "the ConfigMap is gone"))


async def test_keys_that_can_not_be_had_say_so_and_are_asked_for_again() -> None:
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await until(pilot, shows(app, "configmaps"))
        await jump(pilot, app, "cm", "settings")
        cluster.refuses_objects = forbidden("configmaps")
        await open_first(pilot, app, "settings", 'User "me" cannot')
        assert "^r tries now" in screen_text(app)
        cluster.refuses_objects = None
        await pilot.press("ctrl+r")
        await until(pilot, shows(app, "app.yaml"))


async def opened_secret(pilot: Pilot[None], app: KubetuiApp) -> None:
    """The keys of the Secret."""
    await until(pilot, shows(app, "secrets"))
    await jump(pilot, app, "secrets", "Opaque")
    await pilot.press("enter")
    await until(pilot, shows(app, "password"))


async def test_a_secrets_value_is_fetched_and_shown_when_asked_for_and_forgotten_after() -> None:
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await opened_secret(pilot, app)
        await pilot.press("slash", *"password", "enter", "enter")
        await until(pilot, shows(app, "masked, x shows it"))
        asked = len(cluster.asked)
        await pilot.press("c")
        assert SECRET not in screen_text(app)
        assert SECRET not in app.clipboard
        assert len(cluster.asked) == asked, "a value that is masked is not even fetched"

        await pilot.press("x")
        await until(pilot, shows(app, SECRET))
        await pilot.press("x")
        await until(pilot, hides(app, SECRET))
        await pilot.press("x")
        await until(pilot, shows(app, SECRET))
        await pilot.press("escape", "enter")
        await until(pilot, shows(app, "masked, x shows it"))
        assert SECRET not in screen_text(app)


async def test_the_yaml_of_a_secret_masks_its_values_until_asked_for() -> None:
    encoded = "aHVudGVyMiBodW50ZXIy"
    async with running({"aks-prod": shop()}, pane="kinds") as (app, pilot):
        await opened_secret(pilot, app)
        await pilot.press("y")
        await until(pilot, shows(app, "password: ••••••••"))
        assert "last-applied-configuration: ••••••••" in screen_text(app)
        assert encoded not in screen_text(app)
        await pilot.press("c")
        assert encoded not in app.clipboard

        await pilot.press("x")
        await until(pilot, shows(app, f"password: {encoded}"))
        await pilot.press("x")
        await until(pilot, hides(app, encoded))


async def test_values_of_a_secret_enter_no_store_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await opened_secret(pilot, app)
        await cluster.put("secrets", secret("db", password=b"hunter2 again"))
        await until(pilot, shows(app, " 13 "))
        assert app.connected is not None
        held = [repr(row) for kept in app.connected.session._kept.values() for row in kept.store]
        assert held
        assert not [row for row in held if SECRET in row or "aHVudGVyMi" in row]
    assert SECRET not in caplog.text
    assert "aHVudGVyMi" not in caplog.text


async def test_only_metadata_of_secrets_is_watched() -> None:
    cluster = shop()
    async with running({"aks-prod": cluster}, pane="kinds") as (app, pilot):
        await opened_secret(pilot, app)
    lists = [request for request in cluster.asked if request.path.endswith("/secrets")]
    assert lists
    assert all("as=Table" in request.accept for request in lists)


def test_the_cluster_in_memory_prints_what_it_says() -> None:
    assert isinstance(shop(), KindsInMemory)
