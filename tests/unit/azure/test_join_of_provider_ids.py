"""Each shape of ``spec.providerID`` that is published leads from the node to its machine; every other one to none.

Shapes: cloud-provider-azure (``azure_vmss.go``, ``azure_vmssflex.go``, ``azure_standard.go``), Karpenter's provider for
Azure, cluster-autoscaler's tests, public dumps of clusters. Azure spells resource groups and segments in any case.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import web

from kubetui.azure.machines import Place
from kubetui.azure.resource_manager import ResourceManager
from kubetui.azure.scale_sets import read_machines
from kubetui.cluster.errors import ClusterError
from kubetui.insight.instances import Joined, join, places_of
from kubetui.kinds.node_row import NodeRow, decode_item, node_row
from tests.unit.azure.resource_manager_double import ResourceManagerDouble, Tokens, served

SUB = "00000000-0000-0000-0000-000000000001"
RG = "MC_rg-shop_shop-aks_westeurope"
GROUP = f"/subscriptions/{SUB}/resourceGroups/{RG}"
ID = f"azure:///subscriptions/{SUB}/resourceGroups/{RG.lower()}/providers/Microsoft.Compute"
PLACE = Place(SUB, RG.lower())
NOW = 1_800_000_000.0


def node(name: str, provider_id: str, pool: str = "apps", **labels: str) -> NodeRow:
    """As the API server has it."""
    body = {
        "metadata": {
            "name": name,
            "uid": name,
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"kubernetes.azure.com/agentpool": pool} | labels,
        },
        "spec": {"providerID": provider_id} if provider_id else {},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }
    return node_row(decode_item(json.dumps(body).encode()))


@dataclass(frozen=True)
class Shape:
    """A node, and the machine that Azure lists."""

    node: NodeRow
    resource: str
    """The machine's id below its provider: ``virtualMachineScaleSets/…/virtualMachines/5``."""
    computer: str = ""
    scale_set: str = ""
    flexible: bool = False
    group: str = GROUP

    @property
    def id(self) -> str:
        return f"{self.group}/providers/Microsoft.Compute/{self.resource}"

    def document(self) -> dict[str, Any]:
        """The machine, listed."""
        last = self.resource.rpartition("/")[2]
        number = {"instanceId": last} if self.resource.count("/") > 1 else {"name": last}
        return {
            "id": self.id,
            **number,
            "properties": {"provisioningState": "Succeeded", "osProfile": {"computerName": self.computer}},
        }


UNIFORM = "aks-system-10377240-vmss"
FLEXIBLE = "aks-flex-20377241-vmss"
WINDOWS = "akswin"
LOUD = f"/subscriptions/{SUB}/resourceGroups/{RG.upper()}"
LOW = f"/subscriptions/{SUB}/resourcegroups/{RG.lower()}"


def uniform(name: str, number: int, provider_id: str = "", **more: Any) -> Shape:
    of = more.pop("scale_set", UNIFORM)
    machine = f"virtualMachineScaleSets/{of}/virtualMachines/{number}"
    return Shape(node(name, provider_id or f"{ID}/{machine}"), machine, name, of, **more)


def alone(name: str, machine: str = "", **more: Any) -> Shape:
    resource = f"virtualMachines/{machine or name}"
    return Shape(node(name, f"{ID}/{resource}"), resource, name, **more)


SHAPES = {
    "uniform": uniform(f"{UNIFORM}000005", 5),
    "uniform, Azure's group in capitals": uniform(f"{UNIFORM}000005", 5, group=LOUD),
    "uniform, Azure's group and segment in lower case": uniform(f"{UNIFORM}000005", 5, group=LOW),
    "uniform, an id beyond base 36's first digit": uniform(f"{UNIFORM}0000el", 525),
    "uniform, the providerID in capitals": uniform(
        f"{UNIFORM}000005", 5, f"{ID}/virtualMachineScaleSets/{UNIFORM}/virtualMachines/5".upper()
    ),
    "uniform, the group as the portal spells it": uniform(
        f"{UNIFORM}000005", 5, f"azure://{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/{UNIFORM}/"
        "virtualMachines/5"
    ),
    "uniform, a name that says another id than the providerID": uniform("renamed", 7),
    "uniform, not initialised yet": Shape(
        node(f"{UNIFORM}0000el", ""), f"virtualMachineScaleSets/{UNIFORM}/virtualMachines/525", "", UNIFORM
    ),
    "flexible": alone("aks-flex-20377241-vmss00000a", f"{FLEXIBLE}_1a2b3c4d", scale_set=FLEXIBLE, flexible=True),
    "flexible, Azure's group in capitals": alone(
        "aks-flex-20377241-vmss00000a", f"{FLEXIBLE}_1a2b3c4d", scale_set=FLEXIBLE, flexible=True, group=LOUD
    ),
    "flexible, not initialised yet": Shape(
        node("aks-flex-one", ""), f"virtualMachines/{FLEXIBLE}_1a2b3c4d", "AKS-Flex-One", FLEXIBLE, flexible=True
    ),
    "a pool of virtual machines": alone("aks-pool1-13222729-vms0"),
    "node auto-provisioning": alone("aks-default-cfc7h"),
    "node auto-provisioning, Azure's group in capitals": alone("aks-default-cfc7h", group=LOUD),
    "an availability set": alone("aks-nodepool1-12345678-0"),
    "Windows": uniform("akswin000001", 1, scale_set=WINDOWS),
    "Windows, Azure's name in capitals": Shape(
        node("akswin00000h", f"{ID}/virtualMachineScaleSets/{WINDOWS}/virtualMachines/17"),
        f"virtualMachineScaleSets/{WINDOWS}/virtualMachines/17", "AKSWIN00000H", WINDOWS,
    ),
    "Windows, not initialised yet": Shape(
        node("akswin00000h", "", pool="win"), f"virtualMachineScaleSets/{WINDOWS}/virtualMachines/17", "", WINDOWS
    ),
}  # fmt: skip


class Azure(ResourceManagerDouble):
    """It lists some machines, in their scale sets and beside them."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        super().__init__()
        self._shapes = shapes
        compute = f"/subscriptions/{SUB}/resourceGroups/{RG.lower()}/providers/Microsoft.Compute"
        sets = {shape.scale_set: self._set(shape) for shape in shapes if shape.scale_set}
        self.answers = {
            f"{compute}/virtualMachineScaleSets": {"value": [*sets.values()]},
            f"{compute}/virtualMachines": self._beside,
        }  # fmt: skip
        for one in {s.scale_set for s in shapes if s.scale_set and not s.flexible}:
            inside = [s.document() for s in shapes if s.scale_set == one]
            self.answers[f"{compute}/virtualMachineScaleSets/{one}/virtualMachines"] = {"value": inside}

    @staticmethod
    def _set(shape: Shape) -> dict[str, Any]:
        return {
            "id": f"{shape.group}/providers/Microsoft.Compute/virtualMachineScaleSets/{shape.scale_set}",
            "name": shape.scale_set,
            "sku": {"name": "Standard_D4s_v5", "capacity": 1},
            "properties": {"orchestrationMode": "Flexible" if shape.flexible else "Uniform"},
        }

    async def _beside(self, request: web.Request) -> Any:
        wanted = request.query.get("$filter", "")
        found = [s for s in self._shapes if s.flexible or not s.scale_set]
        if wanted:
            found = [s for s in found if s.scale_set and f"/virtualMachineScaleSets/{s.scale_set}'" in wanted]
        return {"value": [s.document() for s in found]}


async def joined(nodes: Sequence[NodeRow], azure: ResourceManagerDouble) -> Joined:
    async with ResourceManager(azure.url, Tokens()) as client:
        # A node that is not initialised yet names no place: others of the cluster do.
        machines = await read_machines(client, places_of(nodes) or {PLACE: frozenset()}, NOW)
    return join(nodes, machines, NOW)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
async def test_each_published_shape_leads_to_its_machine(shape: Shape) -> None:
    async with served(Azure([shape])) as azure:
        found = await joined([shape.node], azure)

    assert found.of_node[shape.node.name].id == shape.id
    assert found.troubles == {}
    assert found.lone == {}
    if shape.node.provider_id:
        assert places_of([shape.node]).keys() == {PLACE}


async def test_all_kinds_of_pools_in_one_cluster_are_told_apart() -> None:
    mixed = [SHAPES[name] for name in ("uniform", "flexible", "a pool of virtual machines", "node auto-provisioning",
             "an availability set", "Windows")]  # fmt: skip
    async with served(Azure(mixed)) as azure:
        found = await joined([shape.node for shape in mixed], azure)

        assert {name: one.id for name, one in found.of_node.items()} == {s.node.name: s.id for s in mixed}
        assert found.lone == {}
        lists = [path for path in azure.paths() if path.endswith("/virtualMachines") and "ScaleSets" not in path]
        assert len(lists) == 2, "one for the Flexible set, one for all that stand alone"


OTHERS = [
    "kwok://kwok-node-0",
    "aws:///eu-west-1a/i-0123456789abcdef0",
    "gce://project/europe-west1-b/gke-node-1",
    "kind://docker/kind/kind-worker",
    "k3s://node-1",
    "openstack:///0123",
    "azure://",
    "azure:///",
    f"azure:///subscriptions/{SUB}",
    f"{ID}/virtualMachineScaleSets/{UNIFORM}",
    f"{ID}/virtualMachineScaleSets/{UNIFORM}/virtualMachines/",
    f"{ID}/virtualMachineScaleSets/{UNIFORM}/virtualMachines/5/",
    f"{ID}/virtualMachineScaleSets/{UNIFORM}/virtualMachines/5/extensions/x",
    f"{ID}/virtualMachineScaleSets//virtualMachines/5",
    f" {ID}/virtualMachineScaleSets/{UNIFORM}/virtualMachines/5",
    f"{ID}/virtualMachineScaleSets/{UNIFORM}/virtualMachines/5\n",
    f"{ID}/disks/x",
    f"{ID}x/virtualMachines/y",
    "azure:///subscriptions//resourceGroups/x/providers/Microsoft.Compute/virtualMachines/y",
    "azure://" + "/subscriptions" * 20_000,
    "azure:///subscriptions/s/resourceGroups/a b/providers/Microsoft.Compute/virtualMachines/y",
    "\x1b[31mazure",
]


@pytest.mark.parametrize("provider_id", OTHERS, ids=lambda text: repr(text)[:60])
async def test_every_other_providerid_leads_to_no_machine_and_asks_azure_nothing(provider_id: str) -> None:
    row = node(f"{UNIFORM}000005", provider_id)

    assert places_of([row]) == {}
    async with served(Azure([SHAPES["uniform"]])) as azure:
        found = await joined([row], azure)
    assert found.of_node == {}
    assert found.troubles == {}


@pytest.mark.parametrize("group", ["..", "x%2F..%2Fy", "a?b", "a#b", "größe"])
async def test_a_group_whose_name_azure_would_not_allow_is_refused_or_asked_for_by_its_name(group: str) -> None:
    row = node(
        "n", f"azure:///subscriptions/{SUB}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/n"
    )
    async with served(ResourceManagerDouble()) as azure:
        with pytest.raises(ClusterError, match=r"not one that kubetui reads|there is no such resource"):
            await joined([row], azure)

        assert all(unquote(path).startswith(f"/subscriptions/{SUB}/resourceGroups/{group}") for path in azure.paths())


def test_the_example_of_a_live_cluster_is_read_whole() -> None:
    given = (
        "azure:///subscriptions/0b0b0b0b-0000-0000-0000-000000000000/resourceGroups/mc_ameide_ameide_westeurope/providers/"
        "Microsoft.Compute/virtualMachineScaleSets/aks-system-10377240-vmss/virtualMachines/5"
    )
    machine = node("aks-system-10377240-vmss000005", given).machine

    assert (machine.resource_group, machine.vmss, machine.instance, machine.vm) == (
        "mc_ameide_ameide_westeurope", "aks-system-10377240-vmss", "5", "",
    )  # fmt: skip
