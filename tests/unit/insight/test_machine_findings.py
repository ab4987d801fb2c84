"""What the Overview says of nodes and the machines under them: the cause once, since when, and a line to copy."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kubetui.azure.machines import AgentPool, Instance, Machines, ManagedCluster, Place, ScaleSet
from kubetui.azure.maintenance import NODE_IMAGES, Maintenance, Recurrence, Window
from kubetui.insight.evictions import Eviction, EvictionBook
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding
from kubetui.insight.findings import findings
from kubetui.insight.instances import join
from kubetui.insight.mismatch_book import MismatchBook
from kubetui.insight.node_book import NodeBook
from kubetui.insight.pod_book import PodBook
from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_condition import NodeCondition
from kubetui.kinds.node_row import NodeRow, Taint
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.provider_id import machine_of
from tests.az_lines import wrong_with_line

NOW = 1_795_266_240
DAYS = 40 * 86_400
SUB, RG = "00000000-0000-0000-0000-0000000000ab", "MC_rg-shop_shop_westeurope"
COMPUTE = f"/subscriptions/{SUB}/resourceGroups/{RG}/providers/Microsoft.Compute"
CLUSTER = f"/subscriptions/{SUB}/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/shop"
VMSS = "aks-apps-23184551-vmss"
HERE = f"--subscription {SUB} -g {RG}"
EXIT_50 = "Enable failed: failed to execute command: command terminated with exit status=50"


def node(number: int = 3, *, ready: str = "True", ago: int = DAYS, **more: Any) -> NodeRow:
    """A node of the pool apps on the instance of that number; ``ago``: seconds since Ready became what it is."""
    name, provider = (
        f"{VMSS}00000{number}",
        f"azure://{COMPUTE}/virtualMachineScaleSets/{VMSS}/virtualMachines/{number}",
    )
    row = NodeRow(
        name, 1, status="Ready" if ready == "True" else "NotReady", ready=ready, ready_since=NOW - ago,
        created=NOW - DAYS, kubelet="v1.36.3", runtime="containerd://2.0.4", pool="apps", provider_id=provider,
        machine=machine_of(provider, name, "apps"),
    )  # fmt: skip
    return msgspec.structs.replace(row, **more)


def lost(number: int = 3, **more: Any) -> NodeRow:
    """NotReady for two minutes."""
    return node(number, ready="Unknown", ago=120, **more)


def instance(number: int = 3, **more: Any) -> Instance:
    usual: dict[str, Any] = {
        "id": f"{COMPUTE}/virtualMachineScaleSets/{VMSS}/virtualMachines/{number}",
        "scale_set": VMSS,
        "number": str(number),
        "provisioning": "Succeeded",
        "power": "running",
        "created": NOW - DAYS,
        "image": "202610.12.0",
    }
    return Instance(**(usual | more))


class Cluster:
    """Nodes and one scale set; ``look`` joins them as the Overview does, and gives what it would find."""

    def __init__(self, *nodes: NodeRow, instances: tuple[Instance, ...] = (), **scale_set: Any) -> None:
        self.nodes, self.instances = nodes, instances
        self.set: dict[str, Any] = {"pool": "apps", "capacity": len(instances), "image": "202610.12.0"} | scale_set
        self.agent: AgentPool | None = AgentPool("apps", provisioning="Succeeded")
        self.maintenance = Maintenance()
        self.pods: list[PodRow] = []
        self.book = MismatchBook()

    def look(self, now: float = NOW, **more: Any) -> list[Finding]:
        one = ScaleSet(f"{COMPUTE}/virtualMachineScaleSets/{VMSS}", VMSS, instances=self.instances, **self.set)
        clusters = (
            (ManagedCluster(CLUSTER, "shop", pools=(self.agent,), maintenance=self.maintenance),) if self.agent else ()
        )
        machines = Machines(now, (one,), clusters=clusters, places=frozenset({Place(SUB, RG.casefold())}))
        book, pods = NodeBook(), PodBook()
        for row in self.nodes:
            book.fold(None, row)
        for pod in self.pods:
            pods.fold(None, pod)
        seen = self.book.note(join(self.nodes, machines, now), now, machines.clusters)
        found = findings(Evidence(now, nodes=book, pods=pods, machines=seen, **more))
        assert [wrong for one in found if (wrong := wrong_with_line(one.command))] == []
        return found

    def only(self, now: float = NOW) -> Finding:
        (found,) = self.look(now)
        return found


def told(found: list[Finding]) -> list[str]:
    return [f"{one.meaning.value}: {one.title}" for one in found]


# --- nodes and their machines


def test_nodes_whose_machines_run_say_nothing_of_azure() -> None:
    assert Cluster(node(3), node(4), instances=(instance(3), instance(4))).look() == []


def test_a_node_that_is_not_ready_and_its_deallocated_machine_are_one_finding_with_the_reason() -> None:
    found = Cluster(lost(), node(4), instances=(instance(3, power="deallocated"), instance(4))).only()

    assert (found.meaning, found.title) == (Meaning.ACT, f"{VMSS}000003 NotReady: VM deallocated")
    assert found.since == NOW - 120
    assert found.detail == "VMSS instance 3: no upgrade, autoscaler or drain did it"
    assert "start it" in found.advice
    assert found.command == f"az vmss start {HERE} -n {VMSS} --instance-ids 3"
    assert found.target == ("nodes", (("", f"{VMSS}000003"),), "")


def test_several_of_them_are_one_finding_and_one_command() -> None:
    off = Cluster(lost(3), lost(4), instances=(instance(3, power="stopped"), instance(4, power="stopped"))).only()

    assert off.title == "2 nodes NotReady: VM stopped in pool apps"
    assert off.command.endswith(f"-n {VMSS} --instance-ids 3 4")


def test_a_node_that_is_ready_still_while_its_machine_is_deallocating_is_told_before_it_falls() -> None:
    cluster = Cluster(node(), instances=(instance(),))
    cluster.look(NOW - 60)
    cluster.instances = (instance(power="deallocating"),)

    found = cluster.only()

    assert (found.meaning, found.title) == (Meaning.ACT, f"{VMSS}000003 Ready, but VM deallocating")
    assert found.since == NOW, "it was not so a minute ago"
    assert "its pods move 5 minutes later" in found.detail
    assert found.command.endswith("--offset 1h -o table")


def test_what_was_so_at_the_first_look_has_no_beginning() -> None:
    assert Cluster(node(), instances=(instance(power="deallocating"),)).only().since == 0


def test_a_machine_that_is_off_because_the_autoscaler_takes_it_is_planned_and_told_once() -> None:
    taint = Taint("ToBeDeletedByClusterAutoscaler", "1", "NoSchedule")
    found = Cluster(lost(taints=(taint,)), instances=(instance(power="deallocated"),)).look()

    assert told(found) == [f"planned: {VMSS}000003 is going: scaled in"]


def test_a_spot_machine_that_is_off_was_evicted_and_is_no_alarm() -> None:
    found = Cluster(lost(spot=True), instances=(instance(power="deallocated"),), spot=True).only()

    assert (found.meaning, found.title) == (Meaning.LOOK, f"{VMSS}000003 NotReady: VM deallocated")
    assert "takes spot VMs back" in found.detail


@pytest.mark.parametrize(("spot", "why"), [(False, "VM being deleted"), (True, "spot eviction")])
def test_a_machine_that_is_being_deleted_explains_its_node(spot: bool, why: str) -> None:
    going = instance(provisioning="Deleting", power="")
    found = Cluster(lost(spot=spot), instances=(going,)).only()

    assert (found.meaning, found.title) == (Meaning.PLANNED, f"{VMSS}000003 is going: {why}")


def test_a_spot_eviction_that_the_node_announced_is_told_by_the_node() -> None:
    words = "Preempt Scheduled: Sat, 21 Nov 2026 13:04:30 GMT"
    announced = NodeCondition("VMEventScheduled", "True", "VMEventScheduled", NOW - 40, words)
    row = lost(spot=True, conditions=(announced,))
    found = Cluster(row, instances=(instance(provisioning="Deleting", power=""),)).look()

    assert told(found) == [f"planned: {VMSS}000003 is going: spot eviction"]
    assert found[0].detail == words


def test_a_failed_machine_says_what_failed() -> None:
    failed = instance(provisioning="Failed", message="Allocation failed", at=NOW - 300)

    ready = Cluster(node(), instances=(failed,)).only()
    assert (ready.meaning, ready.title) == (Meaning.LOOK, f"{VMSS}000003 Ready, but VM failed: Allocation failed")
    assert ready.since == NOW - 300
    down = Cluster(lost(), instances=(failed,)).only()
    assert (down.meaning, down.title) == (Meaning.ACT, f"{VMSS}000003 NotReady, VM failed: Allocation failed")
    assert down.command == f"az vmss get-instance-view {HERE} -n {VMSS} --instance-id 3"


def test_a_node_without_a_machine_is_going_and_to_look_at_when_it_stays() -> None:
    cluster = Cluster(lost(), node(4), instances=(instance(4),))

    first = cluster.only()
    assert (first.meaning, first.title) == (Meaning.PLANNED, f"{VMSS}000003 is going: the VM is gone")
    late = cluster.only(NOW + 301)
    assert (late.meaning, late.title) == (Meaning.LOOK, f"{VMSS}000003 has no VM any more")
    assert late.command == f"kubectl delete node {VMSS}000003"


def test_an_unhealthy_machine_and_an_announced_maintenance() -> None:
    sick = Cluster(node(), instances=(instance(health="unhealthy"),)).only()
    assert (sick.meaning, sick.title) == (Meaning.LOOK, f"{VMSS}000003 VM unhealthy")

    due = Cluster(node(), instances=(instance(maintenance=NOW + 7200),)).only()
    assert (due.meaning, due.title) == (Meaning.PLANNED, f"{VMSS}000003 Azure maintenance in 120m")
    assert due.command == f"kubectl drain --ignore-daemonsets {VMSS}000003"


def test_a_kubelet_that_is_silent_on_a_machine_that_runs_is_not_blamed_on_the_machine() -> None:
    found = Cluster(lost(), instances=(instance(),)).only()

    assert (found.meaning, found.title) == (Meaning.ACT, f"{VMSS}000003 NotReady")
    assert "the kubelet is silent while its VM runs" in found.detail
    assert "the kubelet's log" in found.advice


# --- instances without a node


def test_an_instance_that_never_joined_says_for_how_long_what_its_bootstrap_said_and_what_that_means() -> None:
    born = NOW - 1320
    dead = instance(74, created=born, provisioning="Failed", bootstrap=EXIT_50)
    found = Cluster(node(3), instances=(instance(3), dead)).only()

    assert (found.meaning, found.since) == (Meaning.ACT, born)
    assert found.title == "instance 74 of pool apps never joined: CSE exit 50 (no outbound)"
    assert found.detail == EXIT_50
    assert "mcr.microsoft.com:443 is out of reach" in found.advice
    assert found.command == f"az vmss get-instance-view {HERE} -n {VMSS} --instance-id 74"
    assert found.target == ("instances", (("", dead.id),), "apps")


def test_one_that_reports_no_error_counts_as_lost_once_it_took_too_long() -> None:
    cluster = Cluster(node(3), instances=(instance(3), instance(74, created=NOW - 600)))

    assert told(cluster.look()) == ["planned: 1 node is joining pool apps"]
    (found,) = cluster.look(NOW + 400)
    assert (found.meaning, found.title) == (Meaning.ACT, "instance 74 of pool apps never joined")
    assert "its bootstrap reports no error" in found.detail


def test_instances_of_one_reason_are_one_finding() -> None:
    dead = [instance(number, created=NOW - 1320, provisioning="Failed", bootstrap=EXIT_50) for number in (74, 75)]
    found = Cluster(node(3), instances=(instance(3), *dead)).only()

    assert found.title == "2 instances of pool apps never joined (74, 75): CSE exit 50 (no outbound)"


def test_instances_and_nodes_that_are_on_their_way_are_one_finding() -> None:
    young = node(5, ready="False", created=NOW - 30, ago=30)
    coming = instance(6, created=NOW - 60, provisioning="Creating", power="starting")
    found = Cluster(node(3), young, instances=(instance(3), instance(5, created=NOW - 90), coming)).only()

    assert (found.meaning, found.title) == (Meaning.PLANNED, "2 nodes are joining pool apps")
    assert found.detail == "1 VM not registered yet; 1 registered, not ready yet"
    assert found.since == NOW - 60


def test_an_old_machine_without_a_node_is_paid_for_and_serves_nobody() -> None:
    found = Cluster(node(3), instances=(instance(3), instance(9))).only()

    assert (found.meaning, found.title) == (Meaning.LOOK, "instance 9 of pool apps has no node")
    assert found.command.endswith("--instance-ids 9")


def test_machines_that_a_scale_in_keeps_or_deletes_are_no_fault() -> None:
    kept = instance(9, power="deallocated")
    assert Cluster(node(3), instances=(instance(3), kept)).look() == []

    deleted = instance(9, provisioning="Deleting", power="")
    found = Cluster(node(3), instances=(instance(3), deleted)).only()
    assert (found.meaning, found.title) == (Meaning.PLANNED, "instance 9 of pool apps is being deleted")


def test_the_machine_of_an_eviction_is_told_by_the_eviction() -> None:
    name = f"{VMSS}000009"
    deleted = instance(9, provisioning="Deleting", power="", computer_name=name)
    cluster = Cluster(node(3), instances=(instance(3), deleted), spot=True)

    found = cluster.look(evictions=[Eviction(name, NOW - 60)])

    assert told(found) == ["planned: 1 spot eviction in pool apps within the hour"]


def test_a_spot_set_that_keeps_what_was_evicted_says_how_many() -> None:
    found = Cluster(node(3), instances=(instance(3), instance(9, power="deallocated")), spot=True).only()

    assert (found.meaning, found.title) == (Meaning.PLANNED, "spot instance 9 of pool apps is off, evicted")


# --- pools


def test_missing_instances_are_told_after_a_grace() -> None:
    cluster = Cluster(node(3), instances=(instance(3),), capacity=3)

    assert cluster.look() == []
    assert cluster.look(NOW + 299) == []
    found = cluster.only(NOW + 300)
    assert (found.meaning, found.title) == (Meaning.LOOK, "pool apps has 1 of 3 instances")
    assert "quota" in found.detail


def test_while_azure_changes_the_pool_missing_instances_are_no_finding() -> None:
    cluster = Cluster(node(3), instances=(instance(3),), capacity=3, provisioning="Updating")
    cluster.look()

    assert cluster.look(NOW + 900) == []


def test_a_failed_pool_says_azures_error() -> None:
    cluster = Cluster(node(3), instances=(instance(3),))
    cluster.agent = AgentPool("apps", provisioning="Failed", error="QuotaExceeded: 8 cores more than allowed")

    found = cluster.only()

    assert (found.meaning, found.title) == (Meaning.ACT, "pool apps: failed")
    assert found.detail == "QuotaExceeded: 8 cores more than allowed"
    assert found.command == f"az aks nodepool show --subscription {SUB} -g rg-shop --cluster-name shop -n apps"


def test_the_autoscalers_limit_is_told_only_where_pods_wait_for_it() -> None:
    cluster = Cluster(node(3), instances=(instance(3),))
    cluster.agent = AgentPool("apps", provisioning="Succeeded", autoscaled=True, least=0, most=1)
    assert cluster.look() == []

    cluster.pods = [
        PodRow("team-04", "web-0", 1, total=1, status="Pending", reason="Unschedulable", phase="Pending",
               created=NOW - 10, owner_kind="StatefulSet", owner="web")
    ]  # fmt: skip
    found = [one for one in cluster.look() if one.subject.startswith("limit")]
    assert told(found) == ["look: pool apps is at its autoscaler's limit of 1"]
    assert found[0].command.endswith("--update-cluster-autoscaler --min-count 0 --max-count 2")


def test_a_newer_image_is_information() -> None:
    cluster = Cluster(node(3), instances=(instance(3),), image="202611.09.0")

    found = cluster.only()

    assert (found.meaning, found.title) == (Meaning.PLANNED, "pool apps: a newer node image waits")
    assert found.detail == "1 instance on 202610.12.0; new ones get 202611.09.0"
    assert found.command.endswith("--node-image-only")


def test_an_upgrade_is_one_planned_finding_whatever_comes_and_goes_in_it() -> None:
    image = "AKSUbuntu-2204gen2containerd-"
    old = [node(number, image=f"{image}202610.12.0") for number in (3, 4)]
    surge = node(8, ready="False", ago=700, created=NOW - 700, image=f"{image}202611.09.0")
    machines = (
        instance(3),
        instance(4, provisioning="Deleting", power=""),
        instance(5, provisioning="Deleting", power=""),
        instance(8, created=NOW - 760, image="202611.09.0"),
        instance(9, created=NOW - 20, provisioning="Creating", power="", image="202611.09.0"),
    )
    cluster = Cluster(*old, surge, instances=machines, provisioning="Updating", image="202611.09.0")
    cluster.agent = AgentPool("apps", provisioning="UpgradingNodeImageVersion")

    found = cluster.look()

    assert told(found) == ["planned: pool apps is mid-upgrade: 2 of 3 nodes old"]
    assert found[0].detail == "node image 202611.09.0 on 1, 202610.12.0 on 2; 1 joining"


def test_azure_knows_that_an_upgrade_has_stopped_however_young_the_nodes_are() -> None:
    nodes = (node(3, image="x-202610.12.0"), node(4, image="x-202611.09.0", created=NOW - 300))
    machines = (instance(3), instance(4, image="202611.09.0"))

    found = Cluster(*nodes, instances=machines, image="202611.09.0").look()

    assert told(found) == ["look: pool apps stopped half way: 1 of 2 nodes old"]


# --- evictions


def announced(name: str, at: int, reason: str = "PreemptScheduled") -> EventRow:
    return EventRow("default", f"{name}.1", 1, reason=reason, object_kind="Node", object_name=name, first=at, last=at)


def test_evictions_of_the_last_hour_are_counted_once_their_nodes_are_gone() -> None:
    book = EvictionBook()
    first, second = "aks-spot-16180339-vmss000004", "aks-spot-16180339-vmss000007"
    book.fold(announced(first, NOW - 4000))
    book.fold(announced(second, NOW - 600))
    book.fold(announced("aks-spot-16180339-vmss000009", NOW - 20))
    book.fold(announced("aks-spot-16180339-vmss000001", NOW - 20, "RebootScheduled"))
    book.fold(None)

    found = book.recent(NOW, {"aks-spot-16180339-vmss000009"})

    assert found == [Eviction(second, NOW - 600)]
    (told_of,) = findings(Evidence(NOW, evictions=found))
    assert (told_of.meaning, told_of.title) == (Meaning.PLANNED, "1 spot eviction in pool spot within the hour")
    assert told_of.since == NOW - 600


def test_without_azure_nothing_is_said_of_machines() -> None:
    book = NodeBook()
    book.fold(None, lost())

    (found,) = findings(Evidence(NOW, nodes=book))

    assert found.title == f"{VMSS}000003 NotReady"
    assert "the VM is gone" in found.detail
    assert found.command == ""


# --- planned maintenance


def _all_day() -> Maintenance:
    """A window for node images that is open each day, all day but its last hour."""
    return Maintenance("c", (Window(NODE_IMAGES, Recurrence("daily"), 23),), 1.0)


def _two_images(maintenance: Maintenance) -> Finding:
    new, old = (f"AKSUbuntu-2204gen2containerd-{version}" for version in ("202610.12.0", "202609.28.0"))
    cluster = Cluster(node(3, image=new), node(4, image=old), instances=(instance(3), instance(4, image="202609.28.0")))
    cluster.maintenance = maintenance
    return cluster.only()


def test_an_upgrade_that_rests_is_planned_in_the_window_in_which_aks_goes_on() -> None:
    stopped, waits = _two_images(Maintenance()), _two_images(_all_day())

    assert (stopped.meaning, waits.meaning) == (Meaning.LOOK, Meaning.PLANNED)
    assert "stopped half way" in stopped.title
    assert "waits in the middle of an upgrade" in waits.title
    assert waits.detail.endswith("; maintenance window until 23:00Z")
    assert "look again once it has closed" in waits.advice


def test_a_machine_that_azure_makes_anew_in_the_window_is_no_alarm() -> None:
    cluster = Cluster(lost(), node(4), instances=(instance(3, provisioning="Updating"), instance(4)))
    assert [one.meaning for one in cluster.look()] == [Meaning.ACT]
    cluster.maintenance = _all_day()

    found = cluster.only()

    assert (found.meaning, found.title) == (Meaning.PLANNED, f"{VMSS}000003 NotReady: VM updating")
    assert found.since == NOW - 120
    assert found.detail.endswith("pool in its maintenance window until 23:00Z")
    assert found.command.startswith("az vmss get-instance-view ")


def test_a_silent_kubelet_on_a_machine_that_runs_is_an_alarm_in_the_window_too() -> None:
    cluster = Cluster(lost(), node(4), instances=(instance(3), instance(4)))
    cluster.maintenance = _all_day()

    assert cluster.only().meaning is Meaning.ACT
