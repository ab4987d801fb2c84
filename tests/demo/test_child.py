"""The demo as a child process: ready, serving, gone; and what is said when it fails. Real processes, real time."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import ssl
import sys
from pathlib import Path

import aiohttp
import pytest

from kubetui.demo.child import DemoChild, DemoFailed
from kubetui.demo.command_line import ServeOptions, read_options
from kubetui.demo.options import WorldOptions
from kubetui.demo.ready import Ready

MODULE = "tests.demo.small_world"


def child(*incidents: str, ready_seconds: float = 30.0) -> DemoChild:
    options = ServeOptions(WorldOptions(incidents=incidents))
    return DemoChild(options, ready_seconds=ready_seconds, module=MODULE)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def names(ready: Ready) -> list[str]:
    """The pods, asked for as the kubeconfig says."""
    unverified = ssl.create_default_context()
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    headers = {"Authorization": f"Bearer {ready.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{ready.server}/api/v1/pods", ssl=unverified) as response,
    ):
        return [item["metadata"]["name"] for item in (await response.json())["items"]]


async def test_a_child_serves_until_it_is_stopped_and_leaves_nothing() -> None:
    async with child() as ready:
        assert await names(ready) == ["beating"]
        kubeconfig = Path(ready.kubeconfig)
        config = json.loads(await asyncio.to_thread(kubeconfig.read_text))
        assert config["clusters"][0]["cluster"]["server"] == ready.server
        assert ready.control == ready.server + "/demo/control"
    assert not alive(ready.pid)
    assert not await asyncio.to_thread(kubeconfig.parent.exists)


async def test_stopping_twice_is_fine() -> None:
    demo = child()
    await demo.start()
    await demo.stop()
    await demo.stop()


async def test_a_world_that_cannot_be_built_says_why_without_a_traceback() -> None:
    with pytest.raises(DemoFailed, match="ended before it was ready") as failure:
        await child("broken").start()
    assert "there is no incident 'broken'" in str(failure.value)
    assert "Traceback" not in str(failure.value)


async def test_a_child_that_is_never_ready_is_ended() -> None:
    with pytest.raises(DemoFailed, match=r"was not ready after 1 s"):
        await child("slow", ready_seconds=1.0).start()


async def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    # given a parent with a demo
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import asyncio\nfrom tests.demo.test_child import child\n"
        "async def main():\n"
        "    ready = await child().start()\n"
        "    print(ready.kubeconfig, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())",
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    kubeconfig = (await asyncio.wait_for(parent.stdout.readline(), 30)).decode().strip()
    # when the parent is killed
    parent.kill()
    await parent.wait()
    # then the demo ends and takes its files along
    async with asyncio.timeout(20):
        while await asyncio.to_thread(Path(kubeconfig).exists):  # noqa: ASYNC110  another process's doing
            await asyncio.sleep(0.05)


async def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DemoFailed, match=f"the demo cannot be served: port {port}: Address already in use"):
            await DemoChild(ServeOptions(port=port), module=MODULE).start()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_cleanly(number: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
    process.send_signal(number)
    _, said = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, said) == (0, b"")
    assert not await asyncio.to_thread(Path(ready["kubeconfig"]).exists)


async def test_a_world_that_dies_ends_the_process_with_its_error() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", MODULE, "--incident=dying"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert b"the world fell apart" in said


def test_the_command_line_is_read_as_it_is_written() -> None:
    world = WorldOptions(nodes=40, pods=900, changes=2.5, seed=11, windows=True, incidents=("a", "b"))
    options = ServeOptions(world, speed=4.0, port=8443, until_stdin_closes=True)
    assert read_options(options.arguments()) == options
    assert read_options([]) == ServeOptions()


@pytest.mark.parametrize("argument", ["--speed=0", "--speed=inf", "--port=70000", "--nodes=0", "--pods=x", "--seeds=1"])
def test_a_bad_command_line_is_refused(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options([argument])
    assert "error" in capsys.readouterr().err
