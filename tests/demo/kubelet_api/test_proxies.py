"""Kubelets and kube-proxy through the API server: their configuration, statistics, and what is in the way."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from kubetui.demo.fleet import Node
from kubetui.demo.incidents.node_pressure import LATE_SECONDS
from kubetui.demo.kubelet_api.resource_metrics import prometheus_number
from kubetui.demo.node_images import KUBE_PROXY
from kubetui.demo.pools import OLD_VERSION
from tests.demo.machines import Machine, machine
from tests.demo.usage.test_metrics import items, mebibytes, millicores


def nodes(demo: Machine, pool: str) -> list[Node]:
    return list(demo.lived.world.fleet.of_pool(pool))


def path(node: Node | str, rest: str = "configz") -> str:
    name = node if isinstance(node, str) else node.name
    return f"/api/v1/nodes/{name}/proxy/{rest}"


async def config(demo: Machine, node: Node) -> dict[str, Any]:
    served = await demo.get(path(node))
    assert served.status == 200, served.raw
    found: dict[str, Any] = served.json["kubeletconfig"]
    return found


async def test_configz_is_as_aks_sets_it() -> None:
    async with machine() as demo:
        node = nodes(demo, "general")[0]
        found = await config(demo, node)
        assert list(found)[:4] == ["kind", "apiVersion", "enableServer", "staticPodPath"]
        assert found["kubeReserved"] == {"cpu": "180m", "memory": "2250Mi", "pid": "1000"}
        assert found["evictionHard"]["memory.available"] == "100Mi"
        assert (found["containerLogMaxSize"], found["containerLogMaxFiles"]) == ("50M", 5)
        assert found["maxPods"] == node.pool.max_pods
        assert found["providerID"] == node.state.provider_id
        capacity = node.state.shape.status["capacity"]["memory"]
        allocatable = node.state.shape.status["allocatable"]["memory"]
        assert mebibytes(capacity) - mebibytes(allocatable) == 2250 + 100, "what is reserved is not allocatable"


async def test_pools_and_versions_differ_and_few_nodes_have_drifted() -> None:
    async with machine(nodes=120, pods=0, windows=True, incidents=("pool-upgrade",)) as demo:
        general = [await config(demo, node) for node in nodes(demo, "general") if node.pool.version == OLD_VERSION]
        for found in general:
            found.pop("providerID")
        usual = max(general, key=general.count)
        drifted = [found for found in general if found != usual]
        assert 2 <= len(drifted) <= len(general) / 8
        differences = {key for found in drifted for key in found if found[key] != usual.get(key)}
        assert {"evictionHard", "kubeReserved"} <= differences
        assert nodes(demo, "general")[0].pool.version == OLD_VERSION
        newer = await config(demo, nodes(demo, "system")[0])
        assert set(newer) - set(usual) == {"providerID", "memoryReservationPolicy", "mergeDefaultEvictionSettings"}
        windows = await config(demo, nodes(demo, "win")[0])
        assert windows["cgroupsPerQOS"] is False
        assert windows["containerRuntimeEndpoint"].startswith("npipe:")


async def test_statistics_agree_with_the_metrics_api() -> None:
    async with machine() as demo:
        (sample,) = await items(demo, "/nodes?fieldSelector=metadata.name%3D" + nodes(demo, "general")[1].name)
        summary = (await demo.get(path(nodes(demo, "general")[1], "stats/summary"))).json
        node = summary["node"]
        assert node["cpu"]["usageNanoCores"] / 1e6 == pytest.approx(millicores(sample["usage"]["cpu"]), rel=0.15)
        assert node["memory"]["workingSetBytes"] / 2**20 == pytest.approx(
            mebibytes(sample["usage"]["memory"]), rel=0.05
        )
        assert {"full", "some"} == set(node["cpu"]["psi"])
        pods = summary["pods"]
        assert {pod["podRef"]["name"] for pod in pods} == {
            pod.name for pod in demo.lived.world.pods.on_node(node["nodeName"]) if pod.phase == "Running"
        }
        assert all(pod["containers"] for pod in pods)
        assert sum(pod["cpu"]["usageNanoCores"] for pod in pods) < node["cpu"]["usageNanoCores"]


async def test_counters_only_grow_and_fit_the_rates() -> None:
    async with machine() as demo:
        node = nodes(demo, "general")[0]

        async def seconds() -> dict[str, tuple[float, int]]:
            text = (await demo.get(path(node, "metrics/resource"))).raw.decode()
            found = re.findall(r"^container_cpu_usage_seconds_total\{(.*)\} (\S+) (\d+)$", text, re.MULTILINE)
            return {labels: (float(value), int(stamp)) for labels, value, stamp in found}

        before = await seconds()
        demo.lived.pass_time(30)
        after = await seconds()
        assert before.keys() & after.keys()
        for key in before.keys() & after.keys():
            assert after[key][0] >= before[key][0]
            assert after[key][1] > before[key][1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.018899364, "0.018899364"),
        (4421.817268423, "4421.817268423"),
        (2_174_976, "2.174976e+06"),
        (1.7952460872285523e9, "1.7952460872285523e+09"),
        (19_980_800, "1.99808e+07"),
    ],
)
def test_numbers_are_written_as_go_does(value: float, text: str) -> None:
    assert prometheus_number(value) == text


async def test_pressure_stalls_are_told_by_kubelets_of_136_only() -> None:
    async with machine(incidents=("pool-upgrade",)) as demo:
        old = (await demo.get(path(nodes(demo, "general")[0], "stats/summary"))).json
        assert "psi" not in old["node"]["cpu"]
        new = (await demo.get(path(nodes(demo, "system")[0], "stats/summary"))).json
        assert "psi" in new["node"]["io"]


async def test_health_pods_and_what_is_not_served() -> None:
    async with machine() as demo:
        node = nodes(demo, "system")[0]
        assert (await demo.get(path(node, "healthz"))).raw == b"ok"
        verbose = (await demo.get(path(node, "healthz?verbose"))).raw.decode()
        assert verbose.splitlines()[-1] == "healthz check passed"
        pods = (await demo.get(path(node, "pods"))).json
        assert {item["spec"]["nodeName"] for item in pods["items"]} == {node.name}
        missing = await demo.get(path(node, "exec"))
        assert (missing.status, missing.raw) == (404, b"404 page not found\n")
        assert (await demo.get(path(f"{node.name}:10250", "healthz"))).status == 200
        assert (await demo.get(path(f"https:{node.name}:10250", "healthz"))).status == 200
        refused = await demo.get(path(f"{node.name}:1234", "x"))
        assert (refused.status, refused.json["message"]) == (
            503,
            f"error trying to reach service: dial tcp {node.state.ip}:1234: connect: connection refused",
        )
        nobody = await demo.get(path("nobody"))
        assert (nobody.status, nobody.json["message"]) == (404, 'nodes "nobody" not found')


async def test_the_right_is_nodes_proxy() -> None:
    async with machine() as demo:
        node = nodes(demo, "system")[0]
        for user in (1, 2, 3):
            refused = await demo.get(path(node), user=user)
            assert refused.status == 403
            assert 'cannot get resource "nodes/proxy" in API group "" at the cluster scope' in refused.json["message"]


async def test_a_kubelet_behind_a_cut_tunnel_or_on_a_lost_node_is_unreachable() -> None:
    async with machine() as demo:
        silent, gone = nodes(demo, "general")[0], nodes(demo, "spot")[0]
        demo.lived.world.node_controller.kubelet_stops(silent)
        refused = await demo.get(path(silent))
        assert (refused.status, refused.json["reason"]) == (503, "ServiceUnavailable")
        assert refused.json["message"] == (
            "error trying to reach service: proxy error from localhost:9443 while dialing "
            f"{silent.state.ip}:10250, code 502: 502 Bad Gateway"
        )
        demo.lived.world.node_controller.kubelet_stops(gone)
        demo.lived.world.fleet.set_condition(gone, "VMEventScheduled", "True", "VMEventScheduled", "Preempt Scheduled")
        before = demo.clock.now()
        assert (await demo.get(path(gone))).json["message"].endswith("code 504: 504 Gateway Timeout")
        assert demo.clock.now() - before >= 10, "nobody refuses: it has to time out"
        demo.lived.world.incidents.start("konnectivity-down")
        other = await demo.get(path(nodes(demo, "system")[0]))
        assert other.json["message"].endswith("code 503: 503 Service Unavailable")


@pytest.mark.parametrize(("how", "status"), [("error", 500), ("page", 502), ("garbled", 200), ("empty", 200)])
async def test_a_kubelet_can_answer_wrongly(how: str, status: int) -> None:
    async with machine() as demo:
        node = nodes(demo, "general")[0]
        assert (await demo.tell("trouble-kubelet", node=node.name, answer=how)).status == 200
        served = await demo.get(path(node))
        assert served.status == status
        assert b"containerLogMaxSize" not in served.raw
        assert (await demo.tell("trouble-kubelet", node=node.name)).status == 200
        assert (await config(demo, node))["maxPods"] == 110


async def test_a_kubelet_can_answer_late_or_never() -> None:
    async with machine() as demo:
        node = nodes(demo, "general")[0]
        await demo.tell("trouble-kubelet", node=node.name, late=7)
        before = demo.clock.now()
        assert (await demo.get(path(node))).status == 200
        assert demo.clock.now() - before >= 7
        await demo.tell("trouble-kubelet", node=node.name, never=True)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await demo.get(path(node))
        assert "there is no node" in (await demo.tell("trouble-kubelet", node="nobody")).json["message"]


async def test_a_node_without_memory_is_late_and_shows_pressure() -> None:
    async with machine() as demo:
        demo.lived.world.incidents.start("node-pressure")
        demo.lived.pass_time(30)
        (name,) = demo.lived.world.troubled_kubelets
        before = demo.clock.now()
        node = (await demo.get(path(name, "stats/summary"))).json["node"]
        assert demo.clock.now() - before >= LATE_SECONDS
        assert node["cpu"]["psi"]["some"]["avg10"] > 5
        assert node["memory"]["psi"]["some"]["avg10"] > 0
        demo.lived.pass_time(20)
        (sample,) = await items(demo, f"/nodes?fieldSelector=metadata.name%3D{name}")
        size = demo.lived.world.fleet.nodes[name].pool.size
        assert mebibytes(sample["usage"]["memory"]) > size.memory_ki / 1024 * 0.95


async def test_kube_proxy_tells_its_configuration_on_its_own_port() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        root = f"/api/v1/namespaces/kube-system/pods/{pod.name}:10249/proxy"
        (found,) = (await demo.get(f"{root}/configz")).json.values()
        flags = pod.template.spec["containers"][0]["command"]
        assert f"--metrics-bind-address={found['metricsBindAddress']}" in flags
        assert f"--cluster-cidr={found['clusterCIDR']}" in flags
        assert pod.host is not None
        assert found["hostnameOverride"] == pod.host.name
        assert pod.template.spec["containers"][0]["image"] == KUBE_PROXY
        assert (await demo.get(f"{root}/proxyMode")).raw == b"iptables"
        assert (await demo.get(f"{root}/nothing")).status == 404
        dns = demo.pod("kube-system", "coredns-[^a]")
        refused = await demo.get(f"/api/v1/namespaces/kube-system/pods/{dns.name}:10249/proxy/configz")
        assert refused.json["message"].endswith(f"dial tcp {dns.ip}:10249: connect: connection refused")
        forbidden = await demo.get(f"{root}/configz", user=2)
        assert 'cannot get resource "pods/proxy"' in forbidden.json["message"]
        odd = await demo.get(f"/api/v1/namespaces/kube-system/pods/{pod.name}:http:x:y/proxy/configz")
        assert odd.status == 400
