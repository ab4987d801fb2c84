"""A node pool's page: what is known is there, what is not known is left out."""

from __future__ import annotations

from dataclasses import replace

from kubetui.azure.machines import AgentPool, ManagedCluster, Network
from kubetui.cluster.autoscaler_status import NodeGroup
from kubetui.insight.describe.page import lay_out, plain_text
from kubetui.insight.instances import join
from kubetui.insight.node_groups import PoolGroups
from kubetui.insight.node_load import NOTHING
from kubetui.insight.pool_facts import PoolFacts
from kubetui.insight.pool_page import pool_page
from kubetui.insight.pool_state import pool_state
from kubetui.insight.pools import pool
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_condition import NodeCondition
from tests.unit.insight.test_instances import NOW, OFF, VMSS, instance, machines, node

AGENT = AgentPool(
    "apps",
    count=3,
    autoscaled=True,
    least=1,
    most=9,
    provisioning="Upgrading",
    power="Running",
    version="1.36.3",
    current="1.35.4",
    image="AKSUbuntu-2204gen2containerd-202610.12.0",
    surge="33%",
    kind="VirtualMachineScaleSets",
    mode="User",
    price="-1",
    scale_in="Deallocate",
    unavailable="0",
    drain=30,
    soak=0,
    undrainable="Schedule",
    max_pods=110,
)
CLUSTER = ManagedCluster(
    "/subscriptions/s/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/shop",
    "shop",
    provisioning="Upgrading",
    tier="Free",
    power="Running",
    version="1.36.3",
    upgrades="patch",
    private=True,
    node_group="MC_rg-shop_shop_westeurope",
    network=Network(
        "azure", "overlay", "none", "cilium", ("10.244.0.0/16",), ("10.0.0.0/16",), "10.0.0.10", "loadBalancer"
    ),
)


def facts() -> PoolFacts:
    nodes = [node(zone="westeurope-1"), node(18, **OFF), node(20)]
    spot = {"spot": True, "eviction": "Delete", "size": "Standard_D8s_v5", "image": "202611.09.0"}
    held = machines(
        instance(zone="1", latest_model=True),
        instance(18, power="deallocated", zone="2"),
        instance(19),
        agent=AGENT,
        **spot,
    )
    joined = join(nodes, held, NOW)
    return PoolFacts(
        pool=pool("apps", nodes, lambda _: NOTHING),
        nodes=nodes,
        joined=joined,
        cluster=CLUSTER,
        state=pool_state("apps", nodes, joined, None, NOW),
        azure=["Azure 15s ago"],
        portal="https://portal.azure.com/#@/resource/x",
        now=NOW,
    )


def text(of: PoolFacts) -> str:
    return plain_text(lay_out(pool_page(of), lambda meaning: meaning.name[0]))


def field(of: PoolFacts, label: str) -> str:
    (line,) = [line for line in text(of).splitlines() if line.strip().startswith(f"{label}:")]
    return line.partition(":")[2].strip()


def test_what_is_the_matter_comes_first_with_the_age_of_azures_data() -> None:
    lines = text(facts()).splitlines()

    assert lines[0] == "A 1 not ready"
    assert lines[1] == "P upgrading 0 %", "it explains the rest"
    assert "Azure 15s ago" in lines


def test_a_pool_as_azure_and_kubernetes_see_it() -> None:
    of = facts()

    assert field(of, "Nodes") == "2 of 3 ready"
    assert field(of, "Instances") == "3, capacity 3"
    assert field(of, "Limits") == "1 to 9, cluster autoscaler"
    assert field(of, "Zones") == "1 (1 instance), 2 (1)"
    assert field(of, "Spot") == "yes, an evicted machine is deleted, at most the price of others"
    assert field(of, "Scale-in") == "machines that are not needed are deallocated"
    assert field(of, "Upgrade") == "33% surge, drains for 30 min at most, nodes that can't be drained: schedule"
    assert field(of, "Latest model").startswith("applied on 1 of 3  – fewer than all is usual")
    assert "1.35.4, to be 1.36.3" in text(of)


def test_its_scale_sets_and_their_instances_by_state() -> None:
    shown = " ".join(text(facts()).split())

    assert f"{VMSS} Uniform – 3 of 3 Standard_D8s_v5 202611.09.0" in shown
    assert "Succeeded running 2" in shown
    assert "Succeeded deallocated 1" in shown


def test_machines_and_nodes_that_do_not_fit_are_named() -> None:
    shown = " ".join(text(facts()).split())

    assert "18 aks-apps-23184551-vmss000018 deallocated L VM deallocated, evicted perhaps" in shown
    assert "– aks-apps-23184551-vmss000020 – P its VM is gone" in shown
    assert "19 no node running" in shown


def test_many_that_do_not_fit_are_cut() -> None:
    nodes = [node(number) for number in range(10, 90)]
    joined = join(nodes, machines(instance(9)), NOW)
    of = PoolFacts(pool("apps", nodes, lambda _: NOTHING), nodes, joined, now=NOW)

    assert "and 41 more" in text(of)


def test_what_azure_announced_is_told_in_its_words() -> None:
    event = NodeCondition("VMEventScheduled", "True", "", 0, "Preempt Scheduled: Sat, 21 Nov 2026\n 12:04:00 GMT")
    nodes = [node(conditions=(event,))]
    joined = join(nodes, machines(instance(maintenance=int(NOW) + 7_200)), NOW)

    shown = text(PoolFacts(pool("apps", nodes, lambda _: NOTHING), nodes, joined, now=NOW))

    assert "Preempt Scheduled: Sat, 21 Nov 2026 12:04:00 GMT" in shown
    assert "maintenance in 120m" in shown


def test_the_cluster_with_its_network() -> None:
    shown = " ".join(text(facts()).split())

    assert "Cluster shop: State: Upgrading, running Tier: Free, no uptime promised Kubernetes: 1.36.3" in shown
    assert "API server: private address Node group: MC_rg-shop_shop_westeurope Network: azure overlay" in shown
    assert "Data plane: cilium, no kube-proxy Pods: 10.244.0.0/16 Services: 10.0.0.0/16 DNS: 10.0.0.10" in shown
    assert "Outbound: loadBalancer" in shown


def test_a_failed_cluster_says_why() -> None:
    failed = CLUSTER._replace(provisioning="Failed", error="QuotaExceeded: no cores")

    shown = text(replace(facts(), cluster=failed))

    assert "QuotaExceeded: no cores" in shown


def test_lines_to_copy_are_whole_and_quoted() -> None:
    of = replace(facts(), cluster=CLUSTER._replace(name="shop;rm"))

    shown = text(of)

    assert "az aks nodepool show -n apps --cluster-name 'shop;rm' -g rg-shop --subscription s" in shown
    assert f"az vmss list-instances -n {VMSS} --expand instanceView -o table -g mc_shop_shop_westeurope" in shown
    assert "https://portal.azure.com/#@/resource/x" in shown


def test_without_azure_labels_and_the_autoscaler_tell_what_they_can() -> None:
    nodes = [node(size="Standard_D8s_v5", kubelet="v1.36.3", zone="westeurope-1")]
    group = NodeGroup(
        VMSS, "Healthy", ready=1, registered=1, target=2, least=1, most=9, missing=1, scale_up="InProgress",
        scale_up_since=int(NOW) - 60, candidates=0,
    )  # fmt: skip
    of = PoolFacts(
        pool("apps", nodes, lambda _: NOTHING),
        nodes,
        groups=PoolGroups((group,)),
        azure=["Azure: az login adds VM states and scale sets"],
        autoscaler="cluster-autoscaler-status, 15s ago",
        now=NOW,
    )

    assert field(of, "Limits") == "1 to 9  – from cluster-autoscaler-status"
    assert field(of, "Autoscaler") == "healthy, scales up for 60s"
    assert "1 of 1 ready, wants 2, 1 yet to join" in text(of)
    assert field(of, "Its status") == "cluster-autoscaler-status, 15s ago"
    assert field(of, "VM scale sets") == VMSS
    assert "nothing is the matter with it" in text(of)
    assert "az login adds VM states" in text(of)
    assert "Cluster" not in text(of)


def test_a_back_off_tells_why_in_full() -> None:
    group = NodeGroup(VMSS, scale_up="Backoff", error="QuotaExceeded: no cores left in westeurope")
    of = PoolFacts(pool("apps", [node()], lambda _: NOTHING), groups=PoolGroups((group,)), now=NOW)

    assert "backs off from scaling up" in field(of, "Autoscaler")
    assert field(of, "Its error") == "QuotaExceeded: no cores left in westeurope"


def test_a_missing_right_is_said_in_the_autoscalers_place() -> None:
    words = "cluster-autoscaler-status was not read: your account may not get configmaps in kube-system"
    of = PoolFacts(pool("apps", [node()], lambda _: NOTHING), autoscaler=words, now=NOW)

    assert field(of, "Autoscaler") == words


def test_a_pool_without_nodes_is_described_by_azure_alone() -> None:
    agent = AgentPool("batch", autoscaled=False, mode="User", size="Standard_D2s_v5", os="AzureLinux", zones=("1",))
    joined = join([], machines(instance(), agent=agent), NOW)
    of = PoolFacts(pool("batch", [], lambda _: NOTHING), joined=joined, now=NOW)

    assert (field(of, "VM size"), field(of, "OS"), field(of, "Zones")) == ("Standard_D2s_v5", "AzureLinux", "1")
    assert field(of, "Limits") == "none: it is scaled by hand"


def test_nodes_of_which_names_alone_are_known() -> None:
    nodes = [node(provisional=True, ready="")]
    of = PoolFacts(pool("apps", nodes, lambda _: NOTHING), nodes, now=NOW)

    assert of.pool.meaning is Meaning.UNKNOWN
    assert field(of, "Nodes") == "1, only their names are known"
