"""Incidents speak in the logs of those that they concern."""

from __future__ import annotations

from kubetui.demo.incidents.coredns_crash_loop import LAST_WORDS
from tests.demo.logs.test_content import read
from tests.demo.machines import log_path, machine


async def test_a_crash_loop_shows_its_last_words_before_and_after_the_restart() -> None:
    async with machine() as demo:
        demo.lived.world.incidents.start("coredns-crash-loop")
        demo.lived.pass_time(200)
        pod = demo.pod("kube-system", "coredns-[^a]")
        assert pod.restarts >= 3
        for previous in ("true", "false"):
            text = (await demo.get(log_path(pod, previous=previous))).raw
            if text:  # a run that has just begun says nothing yet
                assert text == LAST_WORDS.encode() + b"\n"


async def test_a_silent_upstream_shows_as_timeouts_and_servfail() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "coredns-[^a]")
        before = await read(demo, pod, sinceSeconds=300)
        assert not any(b"SERVFAIL" in line for line in before)
        demo.lived.world.incidents.start("coredns-upstream")
        demo.lived.pass_time(60)
        during = b"\n".join(await read(demo, pod, sinceSeconds=59))
        assert b"[ERROR] plugin/errors: 2 " in during
        assert b"->168.63.129.16:53: i/o timeout" in during
        assert b" SERVFAIL " in during
        demo.lived.world.incidents.stop("coredns-upstream")
        demo.lived.pass_time(60)
        assert not any(b"SERVFAIL" in line for line in await read(demo, pod, sinceSeconds=58))
        assert b"SERVFAIL" in b"".join(await read(demo, pod, sinceSeconds=600)), "the past stays as it was"


async def test_components_speak_of_their_own_incident() -> None:
    cases = (
        ("metrics-server-down", "kube-system", "metrics-server-", "metrics-server", b"signed by unknown authority"),
        ("stuck-rollout", "team-00", "checkout-", "checkout", b"dependency is not reachable"),
    )  # fmt: skip
    for incident, namespace, name, container, words in cases:
        async with machine() as demo:
            demo.lived.world.incidents.start(incident)
            demo.lived.pass_time(120)
            pod = next(pod for pod in demo.pods(namespace, name) if not pod.ready)
            assert words in b"\n".join(await read(demo, pod, container=container, tailLines=500))


async def test_a_tunnel_that_was_cut_is_read_about_when_it_is_back() -> None:
    async with machine() as demo:
        demo.lived.world.incidents.start("konnectivity-down")
        demo.lived.pass_time(90)
        demo.lived.world.incidents.stop("konnectivity-down")
        demo.lived.pass_time(40)
        pod = demo.pod("kube-system", "konnectivity-agent-[^a]")
        text = b"\n".join(await read(demo, pod, sinceSeconds=130))
        assert b"cannot connect once" in text


async def test_a_container_that_ran_out_of_memory_says_so_or_nothing() -> None:
    async with machine() as demo:
        pod = demo.pod("team-00", "checkout-")
        await demo.tell("restart-container", pod=pod.name, reason="OOMKilled", exit_code=137)
        demo.lived.pass_time(3)
        last = (await read(demo, pod, container="checkout", previous="true", tailLines=1))[-1]
        assert b"memory close to the limit" in last


async def test_metrics_server_names_the_node_that_does_not_answer() -> None:
    async with machine() as demo:
        demo.lived.world.incidents.start("node-not-ready")
        demo.lived.pass_time(200)
        (node,) = [node for node in demo.lived.world.fleet.nodes.values() if not node.kubelet]
        pod = next(pod for pod in demo.pods("kube-system", "metrics-server-"))
        text = b"\n".join(await read(demo, pod, container="metrics-server", tailLines=50)).decode()
        assert f'dial tcp {node.state.ip}:10250: connect: connection refused" node="{node.name}"' in text
        demo.lived.world.incidents.stop("node-not-ready")
        demo.lived.pass_time(120)
        later = await read(demo, pod, container="metrics-server", sinceSeconds=110)
        assert not any(node.name.encode() in line for line in later)
