"""Machines without a scale set: Karpenter's and those of pools of single VMs. Their power state is a call for each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from kubetui.azure.machine_wire import VmWire, instance
from kubetui.azure.machines import OF_VIEW, Instance, Machines
from kubetui.azure.resource_manager import ResourceManager
from kubetui.azure.scale_sets import read_machines
from kubetui.azure.single_machines import FORGOTTEN_S, MOST_VIEWS, as_known
from kubetui.cluster.errors import Overloaded
from tests.unit.azure.resource_manager_double import (
    COMPUTE,
    LOUD,
    PLACE,
    ResourceManagerDouble,
    Tokens,
    failure,
    served,
)

VMS = f"{COMPUTE}/virtualMachines"
NOW = 1_795_266_240.0


def machine(name: str, *, tags: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    """As a list without views has it."""
    return {
        "id": f"{LOUD}/providers/Microsoft.Compute/virtualMachines/{name}",
        "name": name,
        "tags": {"karpenter.sh_nodepool": "default"} if tags is None else tags,
        "properties": {"provisioningState": "Succeeded", "osProfile": {"computerName": name}, **properties},
    }


def view(power: str, **more: Any) -> dict[str, Any]:
    """An instance view."""
    return {"statuses": [{"code": "ProvisioningState/succeeded"}, {"code": f"PowerState/{power}"}], **more}


class Fleet:
    """So many machines that nodes run on, all running."""

    def __init__(self, azure: ResourceManagerDouble, number: int) -> None:
        self.azure = azure
        self.names = [f"aks-default-{place:05d}" for place in range(number)]
        azure.answers[VMS] = {"value": [machine(name) for name in self.names]}
        for name in self.names:
            azure.answers[f"{VMS}/{name}/instanceView"] = view("running")
        self.machines: Machines | None = None

    async def look(self, now: float = NOW, *, asking: frozenset[str] = frozenset()) -> list[str]:
        """Names of machines whose view this look asked for."""
        begun = len(self.azure.asked)
        wanted = {PLACE: frozenset(self.names)}
        async with ResourceManager(self.azure.url, Tokens()) as azure:
            self.machines = await read_machines(azure, wanted, now, self.machines, asking)
        paths = [path.partition("?")[0] for _, path in self.azure.asked[begun:]]
        return [path.split("/")[-2] for path in paths if path.endswith("/instanceView")]

    def power(self) -> dict[str, str]:
        assert self.machines is not None
        return {one.number: one.power for one in self.machines.singles}


@pytest.fixture
async def azure() -> AsyncIterator[ResourceManagerDouble]:
    async with served(ResourceManagerDouble()) as double:
        yield double


async def test_the_machines_of_a_small_pool_are_known_whole_by_each_look(azure: ResourceManagerDouble) -> None:
    fleet = Fleet(azure, 3)
    azure.answers[f"{VMS}/aks-default-00001/instanceView"] = view("deallocated")

    assert sorted(await fleet.look()) == fleet.names
    assert fleet.power() == {
        "aks-default-00000": "running", "aks-default-00001": "deallocated", "aks-default-00002": "running",
    }  # fmt: skip
    assert sorted(await fleet.look(NOW + 60)) == fleet.names


async def test_of_many_machines_few_are_asked_for_in_turn_and_what_was_read_stays(
    azure: ResourceManagerDouble,
) -> None:
    fleet = Fleet(azure, 2 * MOST_VIEWS + 5)

    first = await fleet.look()
    assert len(first) == MOST_VIEWS
    second = await fleet.look(NOW + 60)
    assert len(second) == MOST_VIEWS
    assert not set(first) & set(second)
    assert sum(power == "running" for power in fleet.power().values()) == 2 * MOST_VIEWS
    third = await fleet.look(NOW + 120)
    assert set(third) >= set(fleet.names) - set(first) - set(second)


async def test_machines_of_nodes_that_are_not_ready_come_first_each_time(azure: ResourceManagerDouble) -> None:
    fleet = Fleet(azure, 3 * MOST_VIEWS)
    last = fleet.names[-1]

    for minute in range(3):
        assert last in await fleet.look(NOW + 60 * minute, asking=frozenset({last}))


async def test_one_that_was_not_running_is_looked_at_again_at_once(azure: ResourceManagerDouble) -> None:
    fleet = Fleet(azure, 2 * MOST_VIEWS)
    azure.answers[f"{VMS}/aks-default-00004/instanceView"] = view("deallocating")
    assert "aks-default-00004" in await fleet.look()

    assert "aks-default-00004" in await fleet.look(NOW + 60)


async def test_an_old_view_says_nothing_any_more(azure: ResourceManagerDouble) -> None:
    fleet = Fleet(azure, 1)
    await fleet.look()
    azure.answers[f"{VMS}/aks-default-00000/instanceView"] = failure(500, "InternalServerError")

    await fleet.look(NOW + 60)
    assert fleet.power() == {"aks-default-00000": "running"}
    await fleet.look(NOW + FORGOTTEN_S)
    assert fleet.power() == {"aks-default-00000": ""}


async def test_what_azure_changes_meanwhile_is_not_told_with_an_old_view(azure: ResourceManagerDouble) -> None:
    fleet = Fleet(azure, 1)
    await fleet.look()
    azure.answers[VMS] = {"value": [machine("aks-default-00000", provisioningState="Deleting")]}
    del azure.answers[f"{VMS}/aks-default-00000/instanceView"]

    await fleet.look(NOW + 60)

    assert fleet.power() == {"aks-default-00000": ""}


async def test_a_missing_right_is_a_gap_and_ends_the_asking(azure: ResourceManagerDouble) -> None:
    fleet = Fleet(azure, MOST_VIEWS)
    for name in fleet.names:
        azure.answers[f"{VMS}/{name}/instanceView"] = failure(403, "AuthorizationFailed")

    assert len(await fleet.look()) <= 4, "those that were under way"
    assert fleet.machines is not None
    assert len(fleet.machines.singles) == MOST_VIEWS
    assert any("read the state of aks-default-" in gap for gap in fleet.machines.gaps)


async def test_azures_wish_to_be_left_alone_concerns_all(azure: ResourceManagerDouble) -> None:
    fleet = Fleet(azure, 1)
    azure.answers[f"{VMS}/aks-default-00000/instanceView"] = failure(429, "TooManyRequests", **{"Retry-After": "30"})

    with pytest.raises(Overloaded):
        await fleet.look()


async def test_machines_that_are_not_of_the_cluster_are_left_alone(azure: ResourceManagerDouble) -> None:
    fleet = Fleet(azure, 1)
    azure.answers[VMS]["value"] += [machine("jump-host", tags={}), machine("odd", tags={"number": 5})]

    assert await fleet.look() == ["aks-default-00000"]


async def test_tags_name_the_pool_of_a_machine_that_has_no_node_yet(azure: ResourceManagerDouble) -> None:
    fleet = Fleet(azure, 1)
    spot = machine("aks-batch-16180339-vms4", tags={"aks-managed-poolName": "batch"}, priority="Spot")
    failed = "Enable failed: command terminated with exit status=50"
    azure.answers[VMS]["value"].append(spot)
    azure.answers[f"{VMS}/aks-batch-16180339-vms4/instanceView"] = view("running", extensions=[
        {"name": "cse-agent-karpenter", "statuses": [{"code": "ProvisioningState/failed/50", "message": failed}]}
    ])  # fmt: skip
    await fleet.look()

    assert fleet.machines is not None
    (found,) = (one for one in fleet.machines.singles if one.pool == "batch")
    assert (found.spot, found.power, found.bootstrap) == (True, "running", failed)
    assert fleet.machines.listed == {PLACE}


def test_all_that_a_view_told_is_kept_until_it_is_read_again() -> None:
    window = {
        "maintenanceWindowStartTime": "2026-11-22T01:00:00Z",
        "maintenanceWindowEndTime": "2026-11-24T01:00:00Z",
    }
    told = view("running", maintenanceRedeployStatus=window, vmHealth={"status": {"code": "HealthState/healthy"}})
    listed = _instance(machine("aks-default-00001"))
    viewed = _instance(machine("aks-default-00001", instanceView=told))._replace(viewed=NOW)

    (kept,) = as_known([listed], [viewed], NOW + FORGOTTEN_S / 2)

    assert viewed.maintenance_ends > viewed.maintenance > 0
    assert {name for name in Instance._fields if getattr(listed, name) != getattr(viewed, name)} <= set(OF_VIEW)
    assert kept == viewed


def _instance(body: dict[str, Any]) -> Instance:
    return instance(msgspec.json.decode(msgspec.json.encode(body), type=VmWire), "")
