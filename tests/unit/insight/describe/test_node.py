"""A node's description: conditions with what they mean, its pods and their sums."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kubetui.insight.describe.amounts import parse, total
from kubetui.insight.describe.facts import Part
from kubetui.insight.describe.node_pods import node_pod
from kubetui.insight.describe.pod_amounts import AskingPodWire, limits, requests
from kubetui.kinds.pod_resources import pod_resources
from kubetui.kinds.pod_wire import PodWire
from tests.unit.insight.describe.facts import NOW, at, lines


def node(*conditions: Any, **spec: Any) -> Any:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "n1", "labels": {"node-role.kubernetes.io/agent": "", "kubernetes.io/role": "worker"}},
        "spec": spec,
        "status": {
            "conditions": list(conditions),
            "allocatable": {"cpu": "2", "memory": "4Gi", "pods": "110", "nvidia.com/gpu": "2", "hugepages-2Mi": "0"},
        },
    }


def asking(name: str, **resources: Any) -> Any:
    return {
        "metadata": {"name": name, "namespace": "team-04", "creationTimestamp": at(5)},
        "spec": {"containers": [{"name": "app", "resources": resources}]},
    }


def pods(*found: Any) -> dict[str, Part]:
    return {"pods": Part([node_pod(msgspec.convert(pod, AskingPodWire)) for pod in found]), "lease": Part()}


def test_a_silent_kubelet_is_told_once_and_in_words() -> None:
    silent = {"status": "Unknown", "reason": "NodeStatusUnknown", "message": "Kubelet stopped posting node status."}
    conditions = [{"type": kind, **silent, "lastTransitionTime": at(4)} for kind in ("MemoryPressure", "Ready")]

    assert lines(node(*conditions))[:4] == [
        "✖ Ready=Unknown for 4m: NodeStatusUnknown",
        "  the kubelet is silent: the VM is off, hangs, or can't reach the API server",
        "  Kubelet stopped posting node status.",
        "",
    ]


def test_pressure_and_plans_are_told() -> None:
    pressure = {
        "type": "DiskPressure",
        "status": "True",
        "reason": "KubeletHasDiskPressure",
        "lastTransitionTime": at(2),
    }
    ready = {"type": "Ready", "status": "True"}
    text = lines(node(ready, pressure, unschedulable=True))

    assert text[:3] == [
        "◐ cordoned: no new pods come here",
        "▲ DiskPressure for 2m: KubeletHasDiskPressure",
        "  disk runs short: images are removed, pods evicted, none scheduled here",
    ]
    assert "Roles:              agent,worker" in text


def test_a_lease_that_is_not_renewed_is_late() -> None:
    late = {"spec": {"holderIdentity": "n1", "renewTime": "2026-11-21T13:03:00.000000Z"}}
    text = lines(node(), parts={"lease": Part((late,)), "pods": Part()})

    assert (
        "  RenewTime:       Sat, 21 Nov 2026 13:03:00 +0000  ▲ 60s ago, late: the kubelet renews it every 10 s" in text
    )


def test_pods_and_their_sums_of_every_resource() -> None:
    found = pods(
        asking("a", requests={"cpu": "500m", "memory": "1Gi"}, limits={"memory": "2Gi"}),
        asking("b", requests={"cpu": "1500m", "nvidia.com/gpu": "1"}, limits={"nvidia.com/gpu": "1"}),
    )
    text = lines(node(), parts=found)
    start = next(index for index, line in enumerate(text) if line.startswith("Non-terminated Pods:"))

    assert text[start:] == [
        "Non-terminated Pods:  (2 in total)",
        "  Namespace  Name  CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age",
        "  ---------  ----  ------------  ----------  ---------------  -------------  ---",
        "  team-04    a     500m (25%)    0 (0%)      1Gi (25%)        2Gi (50%)      5m",
        "  team-04    b     1500m (75%)   0 (0%)      0 (0%)           0 (0%)         5m",
        "",
        "Allocated resources:",
        "  (Total limits may be over 100 percent, i.e., overcommitted.)",
        "  Resource           Requests   Limits     Allocatable",
        "  --------           --------   ------     -----------",
        "  cpu                2 (100%)   0 (0%)     2",
        "  memory             1Gi (25%)  2Gi (50%)  4Gi",
        "  ephemeral-storage  0 (0%)     0 (0%)     –",
        "  hugepages-2Mi      0 (0%)     0 (0%)     0",
        "  nvidia.com/gpu     1          1          2",
        "",
        "Events:  <none>",
    ]


def test_pods_that_may_not_be_listed_cost_their_part_alone() -> None:
    trouble = "forbidden: list pods in all namespaces; ask for a role that allows list on pods"
    text = lines(node(), parts={"pods": Part(trouble=trouble), "lease": Part(loading=True)})

    assert f"Non-terminated Pods:  not known  ▲ {trouble}" in text
    assert "Lease:  loading …" in text
    assert "System Info:" in text


@pytest.mark.parametrize(
    ("quantities", "text"),
    [
        (["100m", "400m"], "500m"),
        (["1500m", "500m"], "2"),
        (["1Gi", "512Mi"], "1536Mi"),
        (["128974848", "1Ki"], "128975872"),
        (["1Ki", "128974848"], "125953Ki"),
        (["0.5"], "500m"),
        (["1e3"], "1e3"),
        (["100u"], "100u"),
        (["12E"], "12E"),
        (["0"], "0"),
        (["512"], "512"),
        (["nonsense", "1k"], "1k"),
        ([], "0"),
    ],
)
def test_sums_are_written_as_the_api_server_writes_quantities(quantities: list[str], text: str) -> None:
    found = total({"x": parse(quantity)} for quantity in quantities)

    assert (found["x"].text if found else "0") == text


PODS: dict[str, Any] = {
    "plain": {"containers": [{"name": "a", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}]},
    "a start that needs more": {
        "containers": [{"name": "a", "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "200m"}}}],
        "initContainers": [{"name": "i", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}],
    },
    "sidecars": {
        "containers": [{"name": "a", "resources": {"requests": {"cpu": "100m"}}}],
        "initContainers": [
            {"name": "s", "restartPolicy": "Always", "resources": {"requests": {"cpu": "50m"}, "limits": {"cpu": "1"}}},
            {"name": "i", "resources": {"requests": {"cpu": "200m"}}},
        ],
    },
    "overhead and resources of its own": {
        "containers": [{"name": "a", "resources": {"limits": {"memory": "1Gi"}}}],
        "overhead": {"cpu": "250m", "memory": "120Mi"},
        "resources": {"requests": {"cpu": "3"}},
    },
}
RESIZED = {
    "containerStatuses": [
        {
            "name": "a",
            "resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "4"}},
            "allocatedResources": {"cpu": "3"},
        }
    ]
}


@pytest.mark.parametrize(
    "status", [{}, RESIZED, RESIZED | {"conditions": [{"type": "PodResizePending", "reason": "Infeasible"}]}]
)
@pytest.mark.parametrize("spec", PODS.values(), ids=PODS.keys())
def test_a_pods_sums_are_those_of_the_nodes_pane(spec: Any, status: Any) -> None:
    pod = {"metadata": {"name": "p"}, "spec": spec, "status": status}
    known = pod_resources(msgspec.convert(pod, PodWire))
    asked = requests(msgspec.convert(pod, AskingPodWire), use_status=True)
    limited = limits(msgspec.convert(pod, AskingPodWire), use_status=True)

    for amounts, expected in ((asked, known.requests), (limited, known.limits)):
        assert (amounts["cpu"].milli if "cpu" in amounts else 0) == expected.cpu
        assert (amounts["memory"].whole if "memory" in amounts else 0) == expected.memory


def test_ages_follow_the_clock() -> None:
    assert NOW == 1_795_266_240.0
    assert any("5m" in line for line in lines(node(), parts=pods(asking("a"))))
