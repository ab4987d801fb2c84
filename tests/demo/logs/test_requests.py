"""The request: which container, which options, and the words when it cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from kubetui.demo.fleet import Node
from tests.demo.machines import Machine, log_path, machine

COREDNS = "coredns-[^a]"


def _message(served: Any) -> tuple[int, str, str]:
    return served.status, served.json.get("reason", ""), served.json["message"]


async def test_a_log_is_plain_text_and_a_pod_with_one_container_needs_no_name() -> None:
    async with machine() as demo:
        served = await demo.get(log_path(demo.pod("kube-system", COREDNS), tailLines=5))
        assert served.headers["Content-Type"] == "text/plain"
        assert len(served.raw.splitlines()) == 5
        assert b"[INFO]" in served.raw


async def test_a_pod_with_several_containers_wants_a_name() -> None:
    async with machine() as demo:
        pod = demo.pod("team-00", "checkout-")
        expected = (
            400,
            "BadRequest",
            f"a container name must be specified for pod {pod.name}, choose one of: [checkout mesh-proxy]",
        )
        assert _message(await demo.get(log_path(pod))) == expected
        auth = demo.pod("team-00", "auth-")
        named = f"container nope is not valid for pod {auth.name}"
        assert _message(await demo.get(log_path(auth, container="nope"))) == (400, "BadRequest", named)
        assert b"alembic" in (await demo.get(log_path(auth, container="migrate"))).raw


async def test_an_unknown_pod_is_not_found() -> None:
    async with machine() as demo:
        served = await demo.get("/api/v1/namespaces/team-00/pods/nobody/log")
        assert _message(served) == (404, "NotFound", 'pods "nobody" not found')


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("tailLines=-1", 422, "tailLines: Invalid value: -1: must be greater than or equal to 0"),
        ("limitBytes=0", 422, "limitBytes: Invalid value: 0: must be greater than 0"),
        ("sinceSeconds=0", 422, "sinceSeconds: Invalid value: 0: must be greater than 0"),
        ("sinceSeconds=1&sinceTime=2026-11-21T12:00:00Z", 422, "at most one of `sinceTime` or `sinceSeconds`"),
        ("stream=Stdout", 422, "stream: Forbidden: may not be specified"),
        ("tailLines=many", 400, 'strconv.ParseInt: parsing "many": invalid syntax'),
        ("sinceTime=yesterday", 400, 'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00"'),
    ],
)
async def test_options_that_make_no_sense_are_refused(query: str, status: int, words: str) -> None:
    async with machine() as demo:
        served = await demo.get(f"{log_path(demo.pod('kube-system', COREDNS))}?{query}")
        assert served.status == status
        assert words in served.json["message"]


async def test_who_may_not_read_logs_is_told_the_right_that_is_missing() -> None:
    async with machine() as demo:
        pod = demo.pod("team-00", "checkout-")
        served = await demo.get(log_path(pod, container="checkout"), user=3)
        assert served.status == 403
        assert 'cannot get resource "pods/log" in API group "" in the namespace "team-00"' in served.json["message"]
        assert (await demo.get(log_path(pod, container="checkout", tailLines=1), user=1)).status == 200
        assert (await demo.get(log_path(demo.pod("kube-system", COREDNS)), user=1)).status == 403


async def test_a_container_that_never_ran_says_what_it_waits_for() -> None:
    async with machine() as demo:
        demo.lived.world.incidents.start("image-pull-failure")
        demo.lived.pass_time(40)
        pod = next(pod for pod in demo.pods("team-00", "cart-") if not pod.ready)
        status, reason, words = _message(await demo.get(log_path(pod, container="cart")))
        assert (status, reason) == (400, "BadRequest")
        assert words.startswith(f'container "cart" in pod "{pod.name}" is waiting to start: ')
        assert words.endswith(("image can't be pulled", "trying and failing to pull image"))
        healthy = next(pod for pod in demo.pods("team-00", "cart-") if pod.ready and not pod.restarts)
        expected = f'previous terminated container "cart" in pod "{healthy.name}" not found'
        assert _message(await demo.get(log_path(healthy, container="cart", previous="true")))[2] == expected


async def test_a_pod_without_a_node_has_no_content() -> None:
    async with machine(nodes=2, pods=600) as demo:
        pending = next(
            pod
            for workload in demo.lived.world.workloads.all.values()
            for pod in workload.pods.values()
            if pod.host is None
        )
        container = pending.template.containers[0].name
        served = await demo.get(log_path(pending, container=container))
        assert (served.status, served.raw) == (204, b"")


def _node_of(demo: Machine, name: str) -> Node:
    return demo.lived.world.fleet.nodes[name]


async def test_without_a_tunnel_or_with_a_dead_kubelet_the_dial_fails_in_words() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        assert pod.host is not None
        node = _node_of(demo, pod.host.name)
        demo.lived.world.node_controller.kubelet_stops(node)
        status, reason, words = _message(await demo.get(log_path(pod, follow="true", tailLines=3)))
        assert (status, reason) == (500, "")
        assert words == (
            f'Get "https://{node.state.ip}:10250/containerLogs/kube-system/{pod.name}/kube-proxy?follow=true&tailLines=3":'
            f" proxy error from localhost:9443 while dialing {node.state.ip}:10250, code 502: 502 Bad Gateway"
        )
        demo.lived.world.incidents.start("konnectivity-down")
        words = _message(await demo.get(log_path(demo.pod("kube-system", COREDNS))))[2]
        assert words.endswith(":10250, code 503: 503 Service Unavailable")
