"""``kubetui logs`` as a process on the demo's server: pipes, ^c, exit codes, and what it does not load."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from kubetui.demo.child import DemoChild
from kubetui.demo.command_line import ServeOptions
from kubetui.demo.options import WorldOptions
from tests.unit.test_imports import CHECKOUT, loaded_by

COMMAND = [sys.executable, "-m", "kubetui", "logs", "deploy/coredns", "-n", "kube-system", "-c", "^coredns$"]


@pytest_asyncio.fixture
async def environ(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    async with DemoChild(ServeOptions(WorldOptions(nodes=4, pods=60, changes=0))) as ready:
        yield {**os.environ, "KUBECONFIG": ready.kubeconfig, "XDG_STATE_HOME": str(tmp_path)}


def start(environ: dict[str, str], *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *more],
        cwd=CHECKOUT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Started in the background of a script, the tests ignore ^c, and children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


async def test_lines_as_json_read_once(environ: dict[str, str]) -> None:
    with start(environ, "--no-follow", "--tail", "2", "-o", "json") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    objects = [json.loads(line) for line in out.splitlines()]
    assert {one["container"] for one in objects} == {"coredns"}
    assert len(objects) == 2 * len({one["pod"] for one in objects}) > 0
    assert [one["time"] for one in objects] == sorted(one["time"] for one in objects)


async def test_interrupted_it_ends_quietly(environ: dict[str, str]) -> None:
    with start(environ, "--tail", "1") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"coredns-")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")


async def test_a_reader_that_goes_away_ends_it_quietly(environ: dict[str, str]) -> None:
    with start(environ, "--no-follow") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


def test_no_screen_is_loaded() -> None:
    loaded = loaded_by("import kubetui.headless.logs.command, kubetui.headless.logs.command_line, kubetui.compose")
    assert loaded & {"textual", "rich"} == set()


def test_arguments_load_nothing_heavy() -> None:
    asked = "from kubetui.headless.logs.command_line import asked_of, parse, parser; "
    loaded = loaded_by(asked + "asked_of(parse(['deploy/x'], parser().parse_args([])))")
    assert loaded & {"textual", "rich", "aiohttp", "msgspec", "yaml", "kubernetes"} == set()
