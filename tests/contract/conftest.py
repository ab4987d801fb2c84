"""The same tests against every API server there is: whatever answers must answer like a real one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec
import pytest
import yaml

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.connect import open_transport
from kubetui.cluster.kubeconfig import KubeConfig
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.demo.ready import Ready
from tests.cluster.fixtures import Scaled


@dataclass(frozen=True)
class Api:
    """An API server with nodes and pods, and who may do what there."""

    kubeconfig: Path
    nobody: Path
    """A user who may not list what is in all namespaces."""
    real: bool

    @asynccontextmanager
    async def session(self, kubeconfig: Path | None = None) -> AsyncIterator[Session]:
        """A session as the app opens it."""
        clock = SystemClock()
        traffic = Traffic(clock)
        target = KubeConfig.load(kubeconfig or self.kubeconfig, os.environ).context()
        transport = await open_transport(target, clock, traffic, os.environ)
        session = Session(target.context, transport, traffic, clock, Random(1))
        try:
            yield session
        finally:
            await session.close()


@pytest.fixture(scope="session")
def real_api(scaled: Scaled) -> Api:
    """The real one."""
    plane = scaled(3, 50)
    return Api(plane.admin_kubeconfig, plane.kubeconfig_for("nobody"), real=True)


@pytest.fixture(scope="session")
def demo_api() -> Iterator[Api]:
    """The demo's, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kubetui.demo", "--nodes=6", "--pods=120", "--changes=0", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        ready = msgspec.json.decode(process.stdout.readline(), type=Ready)
        kubeconfig = Path(ready.kubeconfig)
        nobody = kubeconfig.with_name("nobody")
        config = yaml.safe_load(kubeconfig.read_text())
        config["current-context"] = next(name for name in ready.contexts if "namespace-reader" in name)
        nobody.write_text(yaml.safe_dump(config))
        yield Api(kubeconfig, nobody, real=False)
        nobody.unlink()
        process.stdin.close()


@pytest.fixture(params=["demo_api", pytest.param("real_api", marks=pytest.mark.cluster)])
def api(request: pytest.FixtureRequest) -> Api:
    """Each API server in turn."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Api)
    return found
