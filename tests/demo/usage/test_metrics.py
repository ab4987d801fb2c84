"""metrics.k8s.io: what metrics-server would answer about this world."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from kubetui.demo import resources as kinds
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.usage.quantities import cpu_quantity, duration, memory_quantity
from kubetui.demo.usage.samples import last_sample
from kubetui.demo.usage.wave import Wave
from tests.demo.machines import Machine, machine
from tests.demo.serving import TABLE
from tests.demo.worlds import BEGAN, condition

ROOT = "/apis/metrics.k8s.io/v1beta1"
_CPU = {"n": 1e-6, "u": 1e-3, "m": 1.0, "": 1000.0}


def millicores(quantity: str) -> float:
    """As a person says it."""
    found = re.fullmatch(r"(\d+)([num]?)", quantity)
    assert found, quantity
    return int(found[1]) * _CPU[found[2]]


def mebibytes(quantity: str) -> float:
    found = re.fullmatch(r"(\d+)(Ki|Mi|Gi|)", quantity)
    assert found, quantity
    return int(found[1]) * {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024, "": 1 / 1024**2}[found[2]]


def age(demo: Machine, item: dict[str, Any]) -> float:
    taken = datetime.fromisoformat(item["timestamp"]).astimezone(UTC).timestamp()
    return demo.clock.now() - taken


async def items(demo: Machine, path: str) -> list[dict[str, Any]]:
    served = await demo.get(ROOT + path)
    assert served.status == 200, served.raw
    found: list[dict[str, Any]] = served.json["items"]
    return found


async def test_nodes_use_what_their_pods_use_and_a_little_more() -> None:
    async with machine() as demo:
        demo.lived.pass_time(5)
        nodes = {item["metadata"]["name"]: item for item in await items(demo, "/nodes")}
        assert set(nodes) == set(demo.lived.world.fleet.nodes)
        by_node: dict[str, list[float]] = {}
        hosts = {
            (pod.namespace, pod.name): pod.host.name for pod in demo.lived.entries(kinds.PODS, PodEntry) if pod.host
        }
        for item in await items(demo, "/pods"):
            used = [container["usage"] for container in item["containers"]]
            sums = by_node.setdefault(hosts[item["metadata"]["namespace"], item["metadata"]["name"]], [0.0, 0.0])
            sums[0] += sum(millicores(usage["cpu"]) for usage in used)
            sums[1] += sum(mebibytes(usage["memory"]) for usage in used)
        for name, item in nodes.items():
            cpu, memory = by_node[name]
            assert cpu < millicores(item["usage"]["cpu"]) < cpu * 1.3 + 100
            assert memory < mebibytes(item["usage"]["memory"]) < memory + 1300
            size = demo.lived.world.fleet.nodes[name].pool.size
            assert millicores(item["usage"]["cpu"]) < size.cpus * 1000
            assert mebibytes(item["usage"]["memory"]) < size.memory_ki / 1024


async def test_samples_are_some_seconds_old_and_their_windows_go_like_metrics_servers() -> None:
    async with machine() as demo:
        found = [*await items(demo, "/nodes"), *await items(demo, "/pods")]
        windows = [float(item["window"].removesuffix("s")) for item in found]
        assert all(0 <= age(demo, item) < 27 for item in found)
        assert all(5 < window < 25 for window in windows)
        assert len(set(windows)) > len(windows) / 2
        assert sum(windows) / len(windows) == pytest.approx(15, abs=1.5)


async def test_a_sample_stays_until_the_next_scrape() -> None:
    async with machine() as demo:
        demo.lived.pass_time(15 - demo.clock.now() % 15 + 2, step=0.5)
        first = await items(demo, "/nodes")
        demo.lived.pass_time(10)
        again = await items(demo, "/nodes")
        assert [item["timestamp"] for item in again] == [item["timestamp"] for item in first]
        assert [item["usage"]["cpu"] for item in again] == [item["usage"]["cpu"] for item in first]
        demo.lived.pass_time(6)
        later = await items(demo, "/nodes")
        assert [item["timestamp"] for item in later] != [item["timestamp"] for item in first]


async def test_a_young_pod_has_no_metrics_yet_and_one_of_a_silent_node_none_any_more() -> None:
    async with machine() as demo:
        pod = demo.pod("team-00", "cart-")
        assert (await demo.tell("delete-pod", pod=pod.name)).status == 200
        demo.lived.pass_time(9)
        young = max(demo.pods("team-00", "cart-"), key=lambda pod: pod.created)
        path = f"{ROOT}/namespaces/team-00/pods/{young.name}"
        missing = await demo.get(path)
        assert (missing.status, missing.json["message"]) == (
            404,
            f'podmetrics.metrics.k8s.io "team-00/{young.name}" not found',
        )
        demo.lived.pass_time(45)
        assert (await demo.get(path)).json["containers"][0]["name"] == "cart"
        young = next(pod for pod in demo.pods("team-00", "cart-") if pod.name == young.name)
        assert young.host is not None
        demo.lived.world.node_controller.kubelet_stops(demo.lived.world.fleet.nodes[young.host.name])
        assert (await demo.get(path)).status == 404
        assert young.host.name not in {item["metadata"]["name"] for item in await items(demo, "/nodes")}


async def test_lists_are_narrowed_by_namespace_labels_and_name() -> None:
    async with machine() as demo:
        names = {item["metadata"]["name"] for item in await items(demo, "/namespaces/kube-system/pods")}
        assert names == {pod.name for pod in demo.pods("kube-system", "")}
        proxies = await items(demo, "/namespaces/kube-system/pods?labelSelector=component%3Dkube-proxy")
        assert {item["metadata"]["labels"]["component"] for item in proxies} == {"kube-proxy"}
        name = proxies[0]["metadata"]["name"]
        (one,) = await items(demo, f"/pods?fieldSelector=metadata.name%3D{name}")
        assert one["metadata"]["name"] == name
        pool = await items(demo, "/nodes?labelSelector=agentpool%3Dspot")
        assert {item["metadata"]["labels"]["agentpool"] for item in pool} == {"spot"}


async def test_tables_have_the_columns_of_metrics_server() -> None:
    async with machine() as demo:
        table = (await demo.get(f"{ROOT}/nodes", accept=TABLE)).json
        assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "cpu", "memory", "Window"]
        assert len(table["rows"]) == 12
        single = (await demo.get(f"{ROOT}/nodes/{table['rows'][0]['cells'][0]}", accept=TABLE)).json
        assert single["rows"][0]["cells"][0] == table["rows"][0]["cells"][0]


async def test_the_group_is_discovered_and_cannot_be_watched() -> None:
    async with machine() as demo:
        resources = (await demo.get(ROOT)).json["resources"]
        assert {(item["name"], item["kind"], tuple(item["verbs"])) for item in resources} == {
            ("nodes", "NodeMetrics", ("get", "list")),
            ("pods", "PodMetrics", ("get", "list")),
        }
        assert "metrics.k8s.io" in {group["name"] for group in (await demo.get("/apis")).json["groups"]}
        assert (await demo.get(f"{ROOT}/nodes?watch=true")).status == 405


async def test_rights_are_needed() -> None:
    async with machine() as demo:
        assert (await demo.get(f"{ROOT}/namespaces/team-00/pods", user=1)).status == 200
        refused = await demo.get(f"{ROOT}/nodes", user=1)
        assert refused.status == 403
        assert (
            'cannot list resource "nodes" in API group "metrics.k8s.io" at the cluster scope' in refused.json["message"]
        )


@pytest.mark.parametrize(
    ("incident", "words"),
    [
        ("metrics-server-down", "service unavailable\n"),
        ("konnectivity-down", "error trying to reach service: proxy error from localhost:9443 while dialing "),
    ],
)
async def test_the_group_is_unavailable_while_metrics_server_cannot_be_reached(incident: str, words: str) -> None:
    async with machine() as demo:
        demo.lived.world.incidents.start(incident)
        for path in ("", "/nodes", "/pods", "/nodes/any"):
            refused = await demo.get(ROOT + path)
            assert refused.status == 503
            assert refused.raw.decode().startswith(words)
        demo.lived.pass_time(60)
        assert (await demo.get(f"{ROOT}/nodes")).raw == b"service unavailable\n", "its APIService says so by now"
        demo.lived.world.incidents.stop(incident)
        demo.lived.pass_time(40)
        assert (await demo.get(f"{ROOT}/nodes")).status == 200


async def test_autoscalers_show_what_metrics_say_and_stand_still_without() -> None:
    async with machine() as demo:
        demo.lived.pass_time(90)
        scaler = demo.lived.get(kinds.AUTOSCALERS, "team-00", "checkout")
        (current,) = scaler["status"]["currentMetrics"]
        pods = demo.pods("team-00", "checkout-")
        used = [
            millicores(container["usage"]["cpu"])
            for item in await items(demo, "/namespaces/team-00/pods?labelSelector=app%3Dcheckout")
            for container in item["containers"]
        ]
        percent = 100 * sum(used) / (len(pods) * 120)
        assert current["resource"]["current"]["averageUtilization"] == pytest.approx(percent, rel=0.35)
        demo.lived.world.incidents.start("metrics-server-down")
        demo.lived.pass_time(120)
        replicas = demo.lived.world.workloads.find("Deployment", "team-00", "checkout").replicas
        demo.lived.pass_time(900, step=5)
        scaler = demo.lived.get(kinds.AUTOSCALERS, "team-00", "checkout")
        active = condition(scaler, "ScalingActive")
        assert (active["status"], active["reason"]) == ("False", "FailedGetResourceMetric")
        assert demo.lived.world.workloads.find("Deployment", "team-00", "checkout").replicas == replicas
        assert "FailedGetResourceMetric" in demo.lived.reasons("checkout")


def test_a_wave_is_near_one_and_its_total_is_the_sum_of_its_parts() -> None:
    wave = Wave(0xC0FFEE << 40)
    moments = [BEGAN + step * 0.5 for step in range(2400)]
    assert all(0.2 < wave.at(moment) < 1.8 for moment in moments)
    summed = sum(wave.at(moment + 0.25) * 0.5 for moment in moments)
    assert wave.total(BEGAN, BEGAN + 1200) == pytest.approx(summed, rel=1e-4)


def test_a_rate_needs_two_samples_of_one_run_or_one_of_ten_seconds() -> None:
    seen = [last_sample(4711, BEGAN, BEGAN + second) for second in range(60)]
    first = next(second for second, sample in enumerate(seen) if sample is not None)
    assert 10 <= first < 46
    for sample in seen[first:]:
        assert sample is not None
        assert sample.first >= BEGAN
        assert 5 < sample.window < 25


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (cpu_quantity(12_345_678.9), "12345678n"),
        (cpu_quantity(5_000_000), "5m"),
        (cpu_quantity(2e9), "2"),
        (cpu_quantity(0), "0"),
        (memory_quantity(52_340 * 1024), "52340Ki"),
        (memory_quantity(3 * 1024**2), "3Mi"),
        (memory_quantity(1001), "1001"),
        (duration(15.312), "15.312s"),
        (duration(20.1), "20.1s"),
        (duration(9.0), "9s"),
    ],
)
def test_quantities_are_written_as_go_does(made: str, expected: str) -> None:
    assert made == expected
