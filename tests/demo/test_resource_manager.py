"""The demo's Azure Resource Manager tells of the machines under its own nodes, to the program's own pipeline."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import msgspec
import pytest

from kubetui.azure.maintenance import DEFAULT, KUBERNETES, NODE_IMAGES
from kubetui.azure.own_resource_manager import StaticToken
from kubetui.azure.resource_manager import NotResourceManager
from kubetui.azure.resource_manager import ResourceManager as Client
from kubetui.azure.scale_sets import read_machines
from kubetui.cluster.errors import Forbidden, Unauthorized
from kubetui.demo import resource_documents as documents
from kubetui.demo.child import DemoChild
from kubetui.demo.command_line import ServeOptions
from kubetui.demo.handlers.azure_control import ArmAzureFault, AzureControl, ClearAzureFaults
from kubetui.demo.machine_fates import MachineFate
from kubetui.demo.options import WorldOptions
from kubetui.demo.resource_manager import ResourceManager
from kubetui.demo.resources import NODES
from kubetui.insight.instances import Joined, join, places_of
from kubetui.insight.maintenance import under_maintenance
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_row import NodeRow, decode_item, node_row
from tests.demo.worlds import Lived


@asynccontextmanager
async def served(lived: Lived) -> AsyncIterator[ResourceManager]:
    azure = ResourceManager(lived.world)
    await azure.start()
    try:
        yield azure
    finally:
        await azure.stop()


def rows(lived: Lived) -> list[NodeRow]:
    return [node_row(decode_item(json.dumps(body).encode())) for body in lived.all(NODES)]


async def looked(lived: Lived) -> Joined:
    """Nodes and machines as the Nodes pane joins them."""
    nodes = rows(lived)
    async with served(lived) as azure, Client(azure.url, StaticToken(azure.token)) as client:
        machines = await read_machines(client, places_of(nodes), lived.clock.time)
    return join(nodes, machines, lived.clock.time)


async def test_each_node_has_its_machine_and_nothing_is_left_over() -> None:
    lived = Lived(windows=True)

    found = await looked(lived)

    assert found.of_node.keys() == lived.world.fleet.nodes.keys()
    assert found.troubles == {}
    assert found.lone == {}
    assert found.pools.keys() == {"system", "general", "spot", "win"}
    assert all(pool.machines == pool.capacity == pool.nodes for pool in found.pools.values())
    assert found.pools["general"].limits == "3–10 auto"


async def test_600_nodes_come_in_pages() -> None:
    lived = Lived(nodes=600, pods=0)

    found = await looked(lived)

    assert len(found.of_node) == 600


async def test_an_upgrade_leaves_only_what_is_planned() -> None:
    lived = Lived(incidents=("pool-upgrade",))
    for _ in range(8):
        lived.pass_time(25)
        found = await looked(lived)
        meant = {one.trouble.meaning for lone in found.lone.values() for one in lone}
        meant |= {trouble.meaning for trouble in found.troubles.values()}
        assert meant <= {Meaning.PLANNED}
        assert found.pools["general"].changing == "Upgrading"


async def test_an_upgrade_ends() -> None:
    lived = Lived(nodes=4, pods=0, incidents=("pool-upgrade",))
    lived.pass_time(3000, step=2)

    found = await looked(lived)

    assert found.pools["general"].changing == ""
    assert found.pools["general"].updated == found.pools["general"].machines


async def test_an_evicted_spot_machine_is_being_deleted_then_gone() -> None:
    lived = Lived()
    lived.world.incidents.start("spot-eviction")
    lived.pass_time(70)

    assert [trouble.words for trouble in (await looked(lived)).troubles.values()] == ["VM being deleted"]

    lived.pass_time(40)
    found = await looked(lived)
    assert found.troubles == {}
    assert found.lone == {}


async def test_an_instance_that_never_joins_says_why_and_goes_when_healed() -> None:
    lived = Lived()
    lived.world.incidents.start("instance-never-joins")
    lived.pass_time(60)
    (lone,) = (await looked(lived)).lone["general"]
    assert lone.trouble.meaning is Meaning.PLANNED

    lived.pass_time(300)
    (lone,) = (await looked(lived)).lone["general"]
    assert lone.trouble.words == "never joined 6m: CSE exit 50 (no outbound)"

    lived.world.incidents.stop("instance-never-joins")
    assert (await looked(lived)).lone == {}


async def test_a_deallocated_machine_explains_its_node() -> None:
    lived = Lived()
    lived.world.incidents.start("vm-deallocated")
    assert [trouble.words for trouble in (await looked(lived)).troubles.values()] == ["VM deallocating"]

    lived.pass_time(90)
    assert [trouble.words for trouble in (await looked(lived)).troubles.values()] == ["VM deallocated"]

    lived.world.incidents.stop("vm-deallocated")
    assert (await looked(lived)).troubles == {}


async def test_a_scale_out_is_planned_from_the_first_vm_to_the_last_node_and_goes_back() -> None:
    lived = Lived()
    before = len(lived.world.fleet.nodes)
    lived.world.incidents.start("scale-out")
    lived.pass_time(10)
    first = await looked(lived)
    assert [one.trouble.words for one in first.lone["general"]] == ["joining 10s, pool updating"] * 3
    assert (first.pools["general"].machines, first.pools["general"].nodes) == (before - 2, before - 5)

    for _ in range(6):
        lived.pass_time(20)
        found = await looked(lived)
        meant = {one.trouble.meaning for lone in found.lone.values() for one in lone}
        assert meant | {one.meaning for one in found.troubles.values()} <= {Meaning.PLANNED}
    assert found.lone == {}
    assert found.troubles == {}
    assert found.pools["general"].changing == ""
    assert len(lived.world.fleet.nodes) == before + 3

    lived.world.incidents.stop("scale-out")
    lived.pass_time(400, step=2)
    assert len(lived.world.fleet.nodes) == before
    assert (await looked(lived)).lone == {}


async def test_karpenters_machines_single_ones_and_those_of_a_flexible_set_tell_their_power() -> None:
    lived = Lived(every_kind=True)
    names = {pool: [node.name for node in lived.world.fleet.of_pool(pool)] for pool in ("default", "batch", "flex")}

    found = await looked(lived)

    assert found.of_node.keys() == lived.world.fleet.nodes.keys()
    assert {one.power for one in found.of_node.values()} == {"running"}
    assert found.troubles == {}
    assert found.lone == {}
    assert [found.pools[pool].machines for pool in names] == [2, 2, 2]
    assert [bool(found.pools[pool].sets) for pool in names] == [False, False, True]

    for pool in names:
        lived.world.machines.befall(names[pool][0], MachineFate(power="deallocated"))
    troubled = (await looked(lived)).troubles
    assert {name: trouble.words for name, trouble in troubled.items()} == {
        each[0]: "VM deallocated" for each in names.values()
    }


async def test_azure_gives_no_views_of_all_machines_without_a_filter() -> None:
    lived = Lived(every_kind=True)
    path = f"{documents.GROUP_ID}/providers/Microsoft.Compute/virtualMachines"
    async with served(lived) as azure, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {azure.token}"}
        query = "api-version=2024-07-01"
        async with session.get(f"{azure.url}{path}?{query}&$expand=instanceView", headers=headers) as answer:
            assert answer.status == 400
        async with session.get(f"{azure.url}{path}?{query}", headers=headers) as answer:
            machines = (await answer.json())["value"]
        assert len(machines) == 6
        assert not any("instanceView" in one["properties"] for one in machines)
        async with session.get(f"{azure.url}{path}/nobody/instanceView?{query}", headers=headers) as answer:
            assert answer.status == 404


async def test_a_kubelet_that_falls_silent_has_a_machine_that_runs() -> None:
    lived = Lived()
    lived.world.incidents.start("node-not-ready")
    lived.pass_time(60)

    found = await looked(lived)

    assert found.troubles == {}
    assert {one.power for one in found.of_node.values()} == {"running"}


async def test_another_token_is_refused() -> None:
    lived = Lived()
    async with served(lived) as azure, Client(azure.url, StaticToken("wrong")) as client:
        with pytest.raises(Unauthorized, match="az login"):
            await read_machines(client, places_of(rows(lived)), 0.0)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_it_can_only_be_read(method: str) -> None:
    async with served(Lived()) as azure, aiohttp.ClientSession() as client:
        headers = {"Authorization": f"Bearer {azure.token}"}
        async with client.request(method, f"{azure.url}/subscriptions/x", headers=headers) as answer:
            assert answer.status == 405


async def test_control_calls_spoil_its_answers_and_mend_them() -> None:
    lived = Lived()
    async with served(lived) as azure, Client(azure.url, StaticToken(azure.token)) as client:
        commands = AzureControl(azure.faults).commands()

        def tell(**command: Any) -> None:
            asked = msgspec.json.decode(msgspec.json.encode(command), type=ArmAzureFault | ClearAzureFaults)
            commands[type(asked)](asked)

        places = places_of(rows(lived))
        tell(do="azure-fault", fault={"effect": {"kind": "reject", "status": 403}, "path": "*/VIRTUALmachineScaleSets"})
        with pytest.raises(Forbidden):
            await read_machines(client, places, 0.0)
        assert len((await read_machines(client, places, 0.0)).sets) == 3, "it was armed once"
        tell(do="azure-fault", fault={"effect": {"kind": "sign-in-page"}, "count": 100})
        with pytest.raises(NotResourceManager):
            await read_machines(client, places, 0.0)
        tell(do="clear-azure-faults")
        assert len((await read_machines(client, places, 0.0)).sets) == 3


async def test_every_demo_takes_these_control_calls() -> None:
    async with DemoChild(ServeOptions(WorldOptions(nodes=3, pods=20))) as ready:
        headers = {"Authorization": f"Bearer {ready.control_token}"}
        fault = {"do": "azure-fault", "fault": {"effect": {"kind": "endless", "from_page": "same"}}}
        async with aiohttp.ClientSession(headers=headers) as client:
            async with client.post(ready.control, json=fault, ssl=False) as answer:
                assert answer.status == 200, await answer.text()
            fault["fault"] = {"effect": {"kind": "meteor"}}
            async with client.post(ready.control, json=fault, ssl=False) as answer:
                assert answer.status == 400
                assert "Invalid value 'meteor'" in await answer.text()


async def test_its_maintenance_windows_are_read_with_the_managed_cluster() -> None:
    lived = Lived()

    async with served(lived) as azure, Client(azure.url, StaticToken(azure.token)) as client:
        (cluster,) = (await read_machines(client, places_of(rows(lived)), lived.clock.time)).clusters

    known = cluster.maintenance
    assert {one.name for one in known.windows} == {DEFAULT, KUBERNETES, NODE_IMAGES}
    assert all(one.understood for one in known.windows)
    assert [len(one.blocked) for one in known.windows if one.name == KUBERNETES] == [1]
    sunday = datetime(2026, 11, 22, 2, tzinfo=UTC).timestamp()
    assert under_maintenance([cluster], sunday).keys() >= {"system", "general", "spot"}
    assert under_maintenance([cluster], sunday + 86_400) == {}
