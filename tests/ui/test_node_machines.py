"""The Nodes pane with what Azure says of the machines: read over HTTP, joined, marked, aged, refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from kubetui.azure.machine_feed import MachineFeed, SignIn
from kubetui.ui.app import KubetuiApp
from kubetui.ui.connector import Connected
from kubetui.ui.options import Options
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import NOW, ClusterInMemory, ConnectorInMemory, node, pod
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, shows, until
from tests.unit.azure.resource_manager_double import (
    APPS,
    CLUSTER,
    GROUP,
    PLACE,
    SETS,
    ResourceManagerDouble,
    Tokens,
    failure,
    scale_set,
    served,
    vm,
)

CSE = "Enable failed: failed to execute command: command terminated with exit status=50"


def cluster() -> ClusterInMemory:
    """A pool of three, of which one has no VM any more and one is not ready."""
    nodes = []
    for number in (3, 4, 5):
        one = node(f"{APPS}00000{number}", "apps", ready=number != 4)
        one["spec"]["providerID"] = (
            f"azure:///subscriptions/{PLACE.subscription}/resourceGroups/{PLACE.resource_group}/providers/"
            f"Microsoft.Compute/virtualMachineScaleSets/{APPS}/virtualMachines/{number}"
        )
        nodes.append(one)
    return ClusterInMemory([pod("checkout-0", node=f"{APPS}000003")], nodes)


def azure() -> ResourceManagerDouble:
    """The pool's scale set: a healthy instance, a deallocated one, and one that never joined."""
    double = ResourceManagerDouble()
    lost = vm(74, provisioningState="Failed", timeCreated="2026-11-21T12:42:00Z")
    lost["properties"]["instanceView"]["extensions"] = [
        {"name": "vmssCSE", "statuses": [{"code": "ProvisioningState/failed/50", "level": "Error", "message": CSE}]}
    ]
    double.answers[SETS] = {"value": [scale_set(capacity=4)]}
    double.answers[f"{SETS}/{APPS}/virtualMachines"] = {"value": [vm(3), vm(4, power="deallocated"), lost]}
    return double


class WithAzure(ConnectorInMemory):
    """Sessions whose machines a resource manager on the loopback tells of."""

    def __init__(self, here: ClusterInMemory, feed: MachineFeed) -> None:
        super().__init__({"aks-prod": here})
        self._feed = feed

    async def connect(self, context: str | None) -> Connected:
        return replace(await super().connect(context), azure=self._feed)


@asynccontextmanager
async def running(
    double: ResourceManagerDouble,
    size: tuple[int, int] = (200, 60),
    *,
    signed_in: bool = True,
    here: ClusterInMemory | None = None,
    **options: Any,
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None], FakeClock]]:
    async with served(double):
        clock = FakeClock(NOW)
        feed = MachineFeed(lambda: SignIn(double.url, Tokens()) if signed_in else None, clock)
        app = KubetuiApp(
            WithAzure(here or cluster(), feed),
            Options(log_file="~/kubetui.log", **{"pane": "nodes"} | options),
            clock.now,
        )
        async with app.run_test(size=size, notifications=True) as pilot:
            yield app, pilot, clock


@pytest.mark.parametrize("size", SIZES)
async def test_nodes_and_machines_at_each_size(size: tuple[int, int]) -> None:
    async with running(azure(), size) as (app, pilot, _):
        await until(pilot, shows(app, "never joined"))
        await until(pilot, shows(app, "1 pods"))
        await assert_becomes(pilot, f"node_machines_{size[0]}x{size[1]}")


async def test_mismatches_are_named_on_their_rows() -> None:
    async with running(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))

        text = screen_text(app)
        assert "never joined 22m: CSE exit 50 (no outbound)" in text
        assert "VM deallocated" in text
        assert "its VM is gone" in text
        assert "1 not ready, 1 never joined, 1 without" in text
        assert "2–9 auto" in text
        assert "1 without a node" in text


async def test_columns_that_move_when_vm_appears_keep_their_own_widths() -> None:
    here = cluster()
    for one in here.objects["nodes"].values():
        one["spec"]["taints"] = [
            {"key": "kubernetes.azure.com/scalesetpriority", "value": "spot", "effect": "NoSchedule"}
        ]
    held = azure()
    async with running(held, (200, 60), here=here) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))

        (heads,) = [line for line in screen_text(app).splitlines() if " NAME " in line]
        assert len(heads.partition("ZONE")[2].partition("AGE")[0]) < 20


async def test_the_age_of_azures_data_is_said() -> None:
    async with running(azure()) as (app, pilot, clock):
        await until(pilot, shows(app, "Azure just now"))
        await clock.advance(31)
        app.request_tick()
        await until(pilot, shows(app, "Azure 30s ago"))


async def test_problems_only_keeps_nodes_and_instances_that_ask_for_a_look() -> None:
    async with running(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("!")
        await until(pilot, hides(app, f"{APPS}000003"))

        text = screen_text(app)
        assert f"{APPS}000005" in text, "its VM is gone"
        assert "· instance 74" in text


async def test_c_copies_the_resource_id_of_an_instance_without_a_node() -> None:
    async with running(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("G", "c")

        assert app.clipboard.endswith(f"virtualMachineScaleSets/{APPS}/virtualMachines/74")


@pytest.mark.parametrize("key", ["enter", "d"])
async def test_an_instance_without_a_node_opens_with_all_that_azure_says(key: str) -> None:
    async with running(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("G", key)
        await until(pilot, shows(app, "exit status=50"))

        text = screen_text(app)
        assert f"Instance 74  {APPS}" in text
        assert "az vmss get-instance-view" in text
        assert "Uniform, Standard_D8ds_v5, capacity 4" in text
        await pilot.press("escape")
        await until(pilot, shows(app, "· instance 74"))


async def test_nothing_is_asked_of_azure_on_other_panes() -> None:
    double = azure()
    async with running(double, pane="pods") as (app, pilot, clock):
        await until(pilot, shows(app, "checkout-0"))
        await clock.advance(600)
        assert double.asked == []
        await pilot.press("2")
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("5")
        await until(pilot, shows(app, "checkout-0"))
        asked = len(double.asked)
        await clock.advance(600)
        assert len(double.asked) == asked


async def test_without_a_credential_the_pane_is_as_it_was_and_says_what_one_would_add() -> None:
    double = azure()
    async with running(double, signed_in=False) as (app, pilot, _):
        await until(pilot, shows(app, "az login adds VM states"))

        assert f"{APPS}000003" in screen_text(app)
        assert " VM " not in screen_text(app).splitlines()[3]
        assert double.asked == []


async def test_without_rights_the_missing_role_is_named() -> None:
    double = azure()
    double.answers[SETS] = failure(403, "AuthorizationFailed", "no authorization")
    async with running(double) as (app, pilot, _):
        await until(pilot, shows(app, f"ask for the role Reader on the resource group {PLACE.resource_group}"))

        assert f"{APPS}000003" in screen_text(app)


async def test_where_azure_asks_to_wait_the_old_data_stay_with_their_age() -> None:
    double = azure()
    async with running(double) as (app, pilot, clock):
        await until(pilot, shows(app, "· instance 74"))
        double.answers[SETS] = failure(429, "OperationNotAllowed", "too many", **{"Retry-After": "300"})
        await clock.advance(60)
        await until(pilot, shows(app, "Azure asks to wait, again in 5m"))

        assert "· instance 74" in screen_text(app)
        assert "Azure 60s ago" in screen_text(app)


async def test_a_set_that_vanishes_takes_its_rows_with_it() -> None:
    double = azure()
    async with running(double) as (app, pilot, clock):
        await until(pilot, shows(app, "· instance 74"))
        double.answers |= {SETS: {"value": []}, GROUP: {}, CLUSTER: {}}
        await clock.advance(60)
        await until(pilot, hides(app, "· instance 74"))
        await until(pilot, shows(app, "its VM is gone"))
