"""The demo's kubelets, kube-proxy and metrics-server have the shape of real ones: the same keys, in the same order."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from tests.cluster.real.cluster import RealCluster
from tests.demo.machines import Machine, machine
from tests.demo.serving import TABLE

pytestmark = [pytest.mark.cluster, pytest.mark.real_cluster]

AKS_SETS = {
    "staticPodPath",
    "tlsCipherSuites",
    "rotateCertificates",
    "serverTLSBootstrap",
    "protectKernelDefaults",
    "kubeReserved",
}
"""What AKS configures and the cluster under test does not."""
HERE_ONLY = {"cgroupRoot"}


def shape(value: Any) -> Any:
    """Keys and kinds of values, without the values; of a list its first item."""
    if isinstance(value, dict):
        return {key: shape(content) for key, content in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def real_pod(cluster: RealCluster, selector: str) -> str:
    listed = cluster.admin.get(f"/api/v1/namespaces/kube-system/pods?labelSelector={selector}")
    return str(listed["items"][0]["metadata"]["name"])


async def demos(demo: Machine, path: str) -> Any:
    served = await demo.get(path)
    assert served.status == 200, served.raw
    return served.json


def node_of(demo: Machine) -> str:
    return demo.lived.world.fleet.of_pool("system")[0].name


async def test_a_kubelets_configuration(real_cluster: RealCluster) -> None:
    real = real_cluster.admin.get(f"/api/v1/nodes/{real_cluster.node}/proxy/configz")["kubeletconfig"]
    async with machine() as demo:
        ours = (await demos(demo, f"/api/v1/nodes/{node_of(demo)}/proxy/configz"))["kubeletconfig"]

    assert set(real) - set(ours) == HERE_ONLY
    assert set(ours) - set(real) == AKS_SETS
    assert [key for key in ours if key in real] == [key for key in real if key in ours]
    free = {"evictionHard", "memorySwap"}  # maps that may hold anything
    assert {key: shape(ours[key]) for key in real.keys() & ours.keys() - free} == {
        key: shape(real[key]) for key in real.keys() & ours.keys() - free
    }


async def test_a_kubelets_statistics(real_cluster: RealCluster) -> None:
    def counted() -> Any:
        """The summary, once the kubelet has looked at everything at least once."""
        summary = real_cluster.admin.get(f"/api/v1/nodes/{real_cluster.node}/proxy/stats/summary")
        pod = dns(summary)
        return summary if "process_stats" in pod and "availableBytes" in pod["memory"] else None

    real = await asyncio.to_thread(real_cluster.until, "the kubelet has counted", counted)
    async with machine() as demo:
        name = demo.pod("kube-system", "coredns-[^a]")
        assert name.host is not None
        ours = await demos(demo, f"/api/v1/nodes/{name.host.name}/proxy/stats/summary")

    assert shape(ours["node"]) == shape(real["node"])
    assert shape(dns(ours)) == shape(dns(real))


def dns(summary: Any) -> Any:
    """coredns's pod, without its volumes: the cluster under test gives it none."""
    found = next(pod for pod in summary["pods"] if re.match("coredns-[^a]", pod["podRef"]["name"]))
    return {key: content for key, content in found.items() if key != "volume"}


async def test_what_metrics_server_scrapes(real_cluster: RealCluster) -> None:
    def families(text: str) -> set[str]:
        heads = [line for line in text.splitlines() if line.startswith("# ")]
        return {line for line in heads if "swap" not in line and "_CONSUMED_" not in line}

    real = real_cluster.admin.get(f"/api/v1/nodes/{real_cluster.node}/proxy/metrics/resource")
    async with machine() as demo:
        ours = (await demo.get(f"/api/v1/nodes/{node_of(demo)}/proxy/metrics/resource")).raw.decode()

    assert families(ours) == families(real)


async def test_kube_proxys_configuration(real_cluster: RealCluster) -> None:
    name = real_pod(real_cluster, "component=kube-proxy")
    real = real_cluster.admin.get(f"/api/v1/namespaces/kube-system/pods/{name}:10249/proxy/configz")
    async with machine() as demo:
        ours_name = demo.pod("kube-system", "kube-proxy-").name
        ours = await demos(demo, f"/api/v1/namespaces/kube-system/pods/{ours_name}:10249/proxy/configz")

    assert shape(ours) == shape(real)
    (our_config,), (real_config,) = ours.values(), real.values()
    assert list(our_config) == list(real_config)


async def test_metrics_of_nodes_and_pods(real_cluster: RealCluster) -> None:
    root = "/apis/metrics.k8s.io/v1beta1"
    async with machine() as demo:
        for path in ("/nodes", "/namespaces/kube-system/pods"):
            real, ours = real_cluster.admin.get(root + path), await demos(demo, root + path)
            assert (ours["kind"], ours["apiVersion"]) == (real["kind"], real["apiVersion"])
            assert ours["metadata"] == real["metadata"] == {}
            our_item, real_item = ours["items"][0], real["items"][0]
            assert list(our_item) == list(real_item)
            assert set(our_item["metadata"]) == set(real_item["metadata"])
            assert our_item.get("usage", {}).keys() == real_item.get("usage", {}).keys()
        our_table = (await demo.get(f"{root}/nodes", accept=TABLE)).json
        assert [column["name"] for column in our_table["columnDefinitions"]] == ["Name", "cpu", "memory", "Window"]
        assert (await demos(demo, root))["resources"] == real_cluster.admin.get(root)["resources"]
