"""``kubetui demo`` as a person meets it: its help, and what ``--serve`` prints."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys

import aiohttp

from kubetui.cli import demo_parser
from kubetui.demo.incidents.registry import INCIDENTS
from tests.unit.test_imports import CHECKOUT


def test_its_help_names_every_incident() -> None:
    _, _, listed = demo_parser().format_help().partition("incidents:\n")
    assert listed.split() == sorted(INCIDENTS)


def start() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kubetui", "demo", "--serve", "--nodes", "3", "--pods", "20"]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)


async def test_what_it_prints_is_shell_and_tells_how_control_calls_are_made() -> None:
    with start() as process:
        assert process.stdout is not None
        out = process.stdout
        try:
            lines = [await asyncio.to_thread(out.readline) for _ in range(4)]
            said = "".join(lines)
            url, token = re.search(r"POST (\S+)", said), re.search(r"Authorization: Bearer (\S+)", said)
            assert url is not None
            assert token is not None
            assert [line[0] for line in lines[:3]] == ["#"] * 3
            assert lines[3].startswith("export KUBECONFIG=/")
            async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token[1]}"}) as client:
                asked = {"do": "incident", "name": "konnectivity-down"}
                async with client.post(url[1], json=asked, ssl=False) as answer:
                    assert (await answer.json())["running_incidents"] == ["konnectivity-down"]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
