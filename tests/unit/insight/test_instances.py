"""Nodes and the machines under them: joined in every published shape, and named where they don't fit."""

from __future__ import annotations

from typing import Any

import pytest

from kubetui.azure.machines import AgentPool, Instance, Machines, ManagedCluster, Place, ScaleSet
from kubetui.insight.instances import Joined, Mismatch, Trouble, asking_of, join, joined_meaning, places_of, vm_words
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_row import NodeRow, Taint
from kubetui.kinds.provider_id import machine_of

NOW = 1_800_000_000.0
OLD = int(NOW) - 40 * 86_400
SUB = "00000000-0000-0000-0000-0000000000Ab"
RG = "mc_shop_shop_westeurope"
VMSS = "aks-apps-23184551-vmss"
COMPUTE = f"/subscriptions/{SUB}/resourceGroups/{RG}/providers/Microsoft.Compute"
PLACE = Place(SUB.casefold(), RG)


def node(number: int = 17, provider_id: str | None = None, **more: Any) -> NodeRow:
    """A Ready node of the pool apps, 40 days old; ``provider_id`` as cloud-provider-azure writes it."""
    name = more.pop("name", f"{VMSS}0000{'0h' if number == 17 else f'{number:02d}'}")
    given = f"azure://{COMPUTE}/virtualMachineScaleSets/{VMSS}/virtualMachines/{number}"
    found = given if provider_id is None else provider_id
    usual: dict[str, Any] = {"status": "Ready", "ready": "True", "created": OLD, "pool": "apps"}
    return NodeRow(name=name, version=1, provider_id=found, machine=machine_of(found, name, "apps"), **(usual | more))


def instance(number: int | str = 17, **more: Any) -> Instance:
    """A running instance; its id with the group in capitals, as Azure has it."""
    loud = f"/subscriptions/{SUB}/resourceGroups/{RG.upper()}/providers/Microsoft.Compute"
    usual: dict[str, Any] = {
        "id": f"{loud}/virtualMachineScaleSets/{VMSS}/virtualMachines/{number}",
        "scale_set": VMSS,
        "number": str(number),
        "provisioning": "Succeeded",
        "power": "running",
        "created": OLD,
        "image": "202610.12.0",
        "latest_model": False,
    }
    return Instance(**(usual | more))


def machines(*instances: Instance, agent: AgentPool | None = None, **more: Any) -> Machines:
    usual: dict[str, Any] = {"pool": "apps", "capacity": len(instances), "instances": instances}
    one = ScaleSet(f"{COMPUTE}/virtualMachineScaleSets/{VMSS}", VMSS, **(usual | more))
    clusters = (ManagedCluster("id", "shop", pools=(agent,)),) if agent else ()
    return Machines(NOW, (one,), clusters=clusters, places=frozenset({PLACE}))


def joined(*nodes: NodeRow, given: Machines) -> Joined:
    return join(nodes, given, NOW)


def only_trouble(node: NodeRow, one: Instance, **more: Any) -> Trouble | None:
    return joined(node, given=machines(one, **more)).troubles.get(node.name)


# --- the join ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "provider_id",
    [
        f"azure://{COMPUTE}/virtualMachineScaleSets/{VMSS}/virtualMachines/17",
        f"azure://{COMPUTE.upper()}/virtualMachineScaleSets/{VMSS.upper()}/virtualMachines/17",
        f"azure://{COMPUTE.lower()}/virtualmachinescalesets/{VMSS}/virtualmachines/17",
        "",  # not written yet: the name gives the instance away
    ],
)
def test_an_instance_is_found_however_its_id_is_spelled(provider_id: str) -> None:
    found = joined(node(17, provider_id), given=machines(instance(17), instance(18)))

    assert [one.number for one in found.of_node.values()] == ["17"]
    assert [one.instance.number for one in found.lone["apps"]] == ["18"]


def test_a_machine_of_a_flexible_set_is_found_by_its_id() -> None:
    machine = instance(id=f"{COMPUTE.upper()}/virtualMachines/apps_1A2B", number="apps_1A2B")

    found = joined(node(provider_id=f"azure://{COMPUTE}/virtualMachines/apps_1a2b"), given=machines(machine))

    assert list(found.of_node.values()) == [machine]
    assert found.lone == {}


def test_a_machine_by_itself_is_found_by_its_id() -> None:
    machine = instance(id=f"{COMPUTE}/virtualMachines/aks-default-cfc7h", scale_set="", number="aks-default-cfc7h")
    row = node(name="aks-default-cfc7h", provider_id=f"azure://{COMPUTE}/virtualMachines/aks-default-cfc7h")

    found = join([row], Machines(NOW, singles=(machine,), places=frozenset({PLACE})), NOW)

    assert list(found.of_node.values()) == [machine]


@pytest.mark.parametrize("provider_id", ["kind://docker/kind/kind-control-plane", "azure://nonsense", "aws:///x/i-1"])
def test_other_clouds_nodes_have_no_machine_and_no_place(provider_id: str) -> None:
    row = node(provider_id=provider_id)

    assert joined(row, given=machines(instance())).of_node == {}
    assert joined(row, given=machines(instance())).troubles == {}
    assert places_of([row]) == {}


def test_places_and_single_machines_come_from_the_nodes_alone() -> None:
    single = node(name="x", provider_id=f"azure://{COMPUTE.replace(RG, RG.upper())}/virtualMachines/NAP-1")

    assert places_of([node(), node(18), single]) == {PLACE: frozenset({"nap-1"})}


# --- what fits -----------------------------------------------------------------------------------------------------


def test_a_model_that_is_not_the_latest_is_no_mismatch() -> None:
    found = joined(node(), given=machines(instance(latest_model=False)))

    assert found.troubles == {}
    assert found.lone == {}
    assert found.pools["apps"].troubles == ()


# --- nodes ---------------------------------------------------------------------------------------------------------

OFF: dict[str, Any] = {"ready": "Unknown", "status": "NotReady"}
SHUT = (Taint("ToBeDeletedByClusterAutoscaler", "1", "NoSchedule"),)


@pytest.mark.parametrize(
    ("row", "machine", "expected"),
    [
        (node(), instance(power="deallocating"), Trouble(Meaning.ACT, "VM deallocating", Mismatch.OFF)),
        (node(**OFF), instance(power="deallocated"), Trouble(Meaning.ACT, "VM deallocated", Mismatch.OFF)),
        (
            node(**OFF, taints=SHUT),
            instance(power="deallocated"),
            Trouble(Meaning.PLANNED, "VM deallocated", Mismatch.OFF),
        ),
        (
            node(**OFF),
            instance(provisioning="Deleting", power=""),
            Trouble(Meaning.PLANNED, "VM being deleted", Mismatch.DELETING),
        ),
        (
            node(),
            instance(provisioning="Failed", message="no room"),
            Trouble(Meaning.LOOK, "VM failed: no room", Mismatch.FAILED),
        ),
        (node(), instance(health="unhealthy"), Trouble(Meaning.LOOK, "VM unhealthy", Mismatch.UNHEALTHY)),
        (
            node(),
            instance(maintenance=int(NOW) + 7200),
            Trouble(Meaning.PLANNED, "Azure maintenance in 120m", Mismatch.MAINTENANCE),
        ),
        (
            node(),
            instance(maintenance=int(NOW) - 60, maintenance_ends=int(NOW) + 5 * 86_400),
            Trouble(Meaning.PLANNED, "Azure maintenance may come within 5d", Mismatch.MAINTENANCE),
        ),
        (node(), instance(maintenance=int(NOW) - 7200, maintenance_ends=int(NOW) - 60), None),
        (node(**OFF), instance(), None),
    ],
)
def test_a_node_and_its_machine_that_do_not_fit(row: NodeRow, machine: Instance, expected: Trouble | None) -> None:
    assert only_trouble(row, machine) == expected


def test_a_node_whose_machine_is_gone_is_named() -> None:
    row = node(18)

    assert only_trouble(row, instance(17)) == Trouble(Meaning.LOOK, "its VM is gone", Mismatch.NO_VM)


def test_a_node_younger_than_the_look_at_azure_is_not_missed() -> None:
    assert only_trouble(node(18, created=int(NOW) + 1), instance(17)) is None


def test_a_machine_is_not_missed_where_the_set_could_not_be_read() -> None:
    assert only_trouble(node(18), instance(17), instances=None) is None
    assert only_trouble(node(18), instance(17), unreadable=1) is None


def test_a_planned_trouble_makes_a_node_that_is_not_ready_planned() -> None:
    assert joined_meaning(node(**OFF), None) is Meaning.ACT
    assert joined_meaning(node(**OFF), Trouble(Meaning.PLANNED, "x")) is Meaning.PLANNED
    assert joined_meaning(node(), Trouble(Meaning.ACT, "x")) is Meaning.ACT


# --- instances without a node --------------------------------------------------------------------------------------

CSE = "Enable failed: failed to execute command: command terminated with exit status=50"


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (
            instance(created=int(NOW) - 60, provisioning="Creating"),
            Trouble(Meaning.PLANNED, "joining 60s", Mismatch.JOINING),
        ),
        (
            instance(created=int(NOW) - 1320, provisioning="Failed", bootstrap=CSE),
            Trouble(Meaning.ACT, "never joined 22m: CSE exit 50 (no outbound)", Mismatch.NEVER_JOINED),
        ),
        (
            instance(created=int(NOW) - 1320),
            Trouble(Meaning.ACT, "never joined 22m, VM running", Mismatch.NEVER_JOINED),
        ),
        (instance(), Trouble(Meaning.LOOK, "no node, VM running", Mismatch.NO_NODE)),
        (instance(power="deallocated"), Trouble(Meaning.PLANNED, "VM deallocated, no node", Mismatch.KEPT)),
        (instance(provisioning="Deleting"), Trouble(Meaning.PLANNED, "being deleted", Mismatch.DELETING)),
        (instance(created=0, provisioning="Creating", power=""), Trouble(Meaning.PLANNED, "joining", Mismatch.JOINING)),
    ],
)
def test_an_instance_without_a_node_says_since_when_and_why(machine: Instance, expected: Trouble) -> None:
    (lone,) = joined(given=machines(machine)).lone["apps"]

    assert lone.trouble == expected


def test_joining_goes_on_with_the_clock_until_it_has_taken_too_long() -> None:
    (lone,) = joined(given=machines(instance(created=int(NOW) - 60, provisioning="Creating"))).lone["apps"]

    assert lone.trouble_at(NOW + 61).words == "joining 2m1s"
    late = lone.trouble_at(NOW + 900)
    assert (late.meaning, late.words) == (Meaning.ACT, "never joined 16m, VM running")


def test_an_instance_whose_node_went_since_azure_was_read_is_no_alarm() -> None:
    given = machines(instance())

    (lone,) = join([], given, NOW, frozenset({given.sets[0].instances[0].key})).lone["apps"]  # type: ignore[index]  # given above

    assert lone.trouble.meaning is Meaning.PLANNED
    assert lone.trouble_at(NOW + 3600) == lone.trouble


# --- pools ---------------------------------------------------------------------------------------------------------


def test_what_belongs_to_an_upgrade_is_planned() -> None:
    agent = AgentPool("apps", provisioning="Upgrading")
    fresh = node(18, created=int(NOW) - 60, **OFF)

    found = joined(node(), fresh, given=machines(instance(), instance(18), instance(19), agent=agent))

    assert found.troubles[fresh.name].meaning is Meaning.PLANNED
    assert found.lone["apps"][0].trouble == Trouble(Meaning.PLANNED, "no node, pool upgrading", Mismatch.DELETING)
    assert found.pools["apps"].changing == "Upgrading"


@pytest.mark.parametrize(
    ("capacity", "agent", "words"),
    [
        (3, None, ["1 of 3 instances"]),
        (1, AgentPool("apps", autoscaled=True, least=0, most=1), ["at its limit of 1"]),
        (1, AgentPool("apps", autoscaled=True, least=1, most=1), []),
        (1, AgentPool("apps", autoscaled=True, least=2, most=9), ["below its least, 2"]),
        (1, AgentPool("apps", autoscaled=False, least=2, most=1), []),
        (1, AgentPool("apps", provisioning="Failed", error="QuotaExceeded: no cores"),
         ["pool failed: QuotaExceeded: no cores"]),
    ],
)  # fmt: skip
def test_capacity_and_limits_of_a_pool(capacity: int, agent: AgentPool | None, words: list[str]) -> None:
    found = joined(node(), given=machines(instance(), agent=agent, capacity=capacity))

    assert [trouble.words for trouble in found.pools["apps"].troubles] == words


def test_a_pool_without_nodes_is_there_with_its_limits() -> None:
    agent = AgentPool("batch", autoscaled=True, least=0, most=10)

    found = joined(node(), given=machines(instance(), agent=agent))

    assert found.pools["batch"].limits == "0–10 auto"


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (instance(), "running"),
        (instance(provisioning="Creating", power="starting"), "creating"),
        (instance(provisioning="Failed"), "failed"),
        (instance(provisioning="Failed", power="stopped"), "stopped, failed"),
        (instance(power=""), "succeeded"),
        (instance(power="", provisioning=""), "–"),
    ],
)
def test_a_machines_state_in_a_word(machine: Instance, words: str) -> None:
    assert vm_words(machine) == words


# --- machines by themselves ----------------------------------------------------------------------------------------


def single(name: str = "aks-default-cfc7h", **more: Any) -> Instance:
    """One of Karpenter's."""
    return instance(name, **({"id": f"{COMPUTE}/virtualMachines/{name}", "scale_set": "", "pool": "default"} | more))


def alone(*nodes: NodeRow, singles: tuple[Instance, ...], listed: bool = True) -> Joined:
    found = frozenset({PLACE}) if listed else frozenset[Place]()
    return join(nodes, Machines(NOW, singles=singles, places=frozenset({PLACE}), listed=found), NOW)


def karpenters(name: str = "aks-default-cfc7h", **more: Any) -> NodeRow:
    return node(name=name, provider_id=f"azure://{COMPUTE}/virtualMachines/{name}", pool="default", **more)


def test_karpenters_machines_are_counted_and_their_power_is_told() -> None:
    found = alone(karpenters(), singles=(single(power="deallocated"),))

    assert found.troubles == {"aks-default-cfc7h": Trouble(Meaning.ACT, "VM deallocated", Mismatch.OFF)}
    assert (found.pools["default"].machines, found.pools["default"].capacity) == (1, 1)
    assert found.lone == {}


def test_one_of_them_that_never_joined_is_known_by_its_tags() -> None:
    dead = single("aks-default-zzzzz", created=int(NOW) - 1320)
    found = alone(karpenters(), singles=(single(), dead, single("jump-host", pool="")))

    assert [one.instance.number for one in found.lone["default"]] == ["aks-default-zzzzz"]
    assert found.lone["default"][0].trouble.kind is Mismatch.NEVER_JOINED


def test_a_node_whose_own_machine_is_not_in_the_whole_list_has_none() -> None:
    assert alone(karpenters(), singles=(single("other"),)).troubles["aks-default-cfc7h"].kind is Mismatch.NO_VM
    assert alone(karpenters(), singles=(), listed=False).troubles == {}


def test_azure_is_asked_first_of_machines_whose_nodes_are_not_ready() -> None:
    assert asking_of([karpenters(), karpenters("NAP-2", **OFF), node(**OFF)]) == {"nap-2"}
