"""Following: what comes, where it ends, and that a reader who comes back has missed nothing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import aiohttp
import pytest

from kubetui.demo.logs.line import SECOND
from tests.demo.logs.test_content import STAMP, nanoseconds, read
from tests.demo.machines import lines, log_path, machine
from tests.demo.serving import PATIENCE


async def test_a_follower_sees_what_a_later_reader_finds() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "coredns-[^a]")
        async with demo.follow(log_path(pod, follow="true", timestamps="true", tailLines=10)) as content:
            seen = await lines(content, 400)
        whole = await read(demo, pod, sinceSeconds=3600)
        start = whole.index(seen[0])
        assert whole[start : start + 400] == seen


async def test_a_reader_who_comes_back_from_the_second_of_the_last_line_can_go_on_exactly() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "coredns-[^a]")
        async with demo.follow(log_path(pod, follow="true", timestamps="true", tailLines=5)) as content:
            seen = await lines(content, 57)
        demo.lived.pass_time(30)
        last = nanoseconds(seen[-1]) // SECOND - 1
        text = datetime.fromtimestamp(last, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        async with demo.follow(log_path(pod, follow="true", timestamps="true", sinceTime=text)) as content:
            more = await lines(content, 100)
        assert more.index(seen[-1]) < 60, "what was seen is among it"
        whole = await read(demo, pod, sinceSeconds=600)
        start = whole.index(seen[0])
        joined = seen + more[more.index(seen[-1]) + 1 :]
        assert whole[start : start + len(joined)] == joined


async def test_a_follower_of_a_container_that_restarts_ends_cleanly_and_the_run_is_the_previous_one() -> None:
    async with machine() as demo:
        pod = demo.pod("team-00", "cart-")
        query = {"container": "cart", "timestamps": "true"}
        async with demo.follow(log_path(pod, follow="true", tailLines=3, **query)) as content:
            seen = await lines(content, 3)
            assert (await demo.tell("restart-container", pod=pod.name)).status == 200
            rest = (await asyncio.wait_for(content.read(), PATIENCE)).split(b"\n")[:-1]
        whole = seen + rest
        previous = await read(demo, pod, container="cart", previous="true", tailLines=len(whole))
        assert previous == whole
        demo.lived.pass_time(5)
        current = await read(demo, pod, container="cart")
        assert b"cart starting" in current[0]
        assert nanoseconds(current[0]) > nanoseconds(whole[-1])


async def test_a_follower_of_a_deleted_pod_ends_with_its_farewell() -> None:
    async with machine() as demo:
        pod = demo.pod("team-00", "checkout-")
        async with demo.follow(log_path(pod, follow="true", tailLines=1, container="checkout")) as content:
            await lines(content, 1)
            assert (await demo.tell("delete-pod", pod=pod.name)).status == 200
            rest = await asyncio.wait_for(content.read(), PATIENCE)
        assert b"received SIGTERM" in rest
        assert (await demo.get(log_path(pod, container="checkout"))).status == 404


async def test_a_follower_is_cut_after_four_hours() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "metrics-server-")
        path = log_path(pod, follow="true", tailLines=0, container="metrics-server")
        async with demo.follow(path) as content:
            opened = demo.clock.now()
            await asyncio.wait_for(content.read(), PATIENCE * 3)
            assert demo.clock.now() - opened == pytest.approx(4 * 3600, abs=5)


async def test_followers_end_when_the_tunnel_or_the_kubelet_goes() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        async with demo.follow(log_path(pod, follow="true", tailLines=1)) as content:
            await lines(content, 1)
            demo.lived.world.incidents.start("konnectivity-down")
            await asyncio.wait_for(content.read(), PATIENCE)
        demo.lived.world.incidents.stop("konnectivity-down")
        demo.lived.pass_time(60)
        assert (await demo.get(log_path(pod, tailLines=1))).status == 200


async def test_streams_are_cut_cleanly_or_hard_on_demand() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "coredns-[^a]")
        async with demo.follow(log_path(pod, follow="true", tailLines=1)) as content:
            await lines(content, 1)
            await demo.tell("cut-logs", pod=pod.name)
            assert (await asyncio.wait_for(content.read(), PATIENCE)).endswith((b"\n", b""))
        async with demo.follow(log_path(pod, follow="true", tailLines=1)) as content:
            await lines(content, 1)
            await demo.tell("cut-logs", pod=pod.name, how="reset")
            with pytest.raises(aiohttp.ClientError):
                await asyncio.wait_for(content.read(), PATIENCE)
        assert not demo.machinery.reader.following


async def test_a_torn_stream_ends_within_a_line() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        await demo.tell("mute-log", pod=pod.name)
        async with demo.follow(log_path(pod, follow="true", tailLines=0)) as content:
            await demo.tell("cut-logs", pod=pod.name, torn=True)
            await demo.tell("write-log", pod=pod.name, lines=["one line that is cut"])
            rest = await asyncio.wait_for(content.read(), PATIENCE)
        assert not rest.endswith(b"\n")


async def test_a_flood_is_followed_without_loss() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        await demo.tell("mute-log", pod=pod.name)
        await demo.tell("flood-log", pod=pod.name, rate=5000)
        async with demo.follow(log_path(pod, follow="true", timestamps="true", sinceSeconds=1)) as content:
            got = [line for line in await lines(content, 20_000) if b"flood" in line]
        numbers = [int(STAMP.sub(b"", line)[len("flood seq=") :][:10]) for line in got]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_hundreds_of_followers_are_served_at_once() -> None:
    async with machine(nodes=60, pods=400) as demo:
        pods = [pod for pod in demo.pods("kube-system", "(kube-proxy|azure-cns|coredns)-") if len(pod.states) == 1]
        paths = [log_path(pod, follow="true", tailLines=2) for pod in pods if "autoscaler" not in pod.name]
        assert len(paths) > 120

        async def some(path: str) -> int:
            async with demo.follow(path) as content:
                return len(await lines(content, 6))

        assert await asyncio.gather(*map(some, paths)) == [6] * len(paths)


async def test_an_api_server_that_goes_down_drops_its_followers() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "coredns-[^a]")
        async with demo.follow(log_path(pod, follow="true", tailLines=1)) as content:
            await lines(content, 1)
            await demo.server.refuse()
            with pytest.raises(aiohttp.ClientError):
                await asyncio.wait_for(content.read(), PATIENCE)
        assert not demo.machinery.reader.following
        await demo.server.listen()
        assert (await demo.get(log_path(pod, tailLines=1))).status == 200
