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
from tests.cluster import faults
from tests.cluster.control_plane import ControlPlane
from tests.cluster.fixtures import Scaled
from tests.cluster.real.cluster import RealCluster


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
def older_api(older_plane: ControlPlane) -> Api:
    """A real one of the oldest release that is supported."""
    return Api(older_plane.admin_kubeconfig, older_plane.kubeconfig_for("nobody"), real=True)


@pytest.fixture(scope="session")
def node_api(one_real_cluster: RealCluster) -> Api:
    """A real one with a real node, whose kubelet wrote what it serves; it has forgotten its first minute."""
    faults.inflict(one_real_cluster, "compact-etcd", [])
    return Api(one_real_cluster.admin_kubeconfig, one_real_cluster.kubeconfig_for("nobody"), real=True)


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


_CLUSTER, _NODE = (pytest.mark.cluster,), (pytest.mark.cluster, pytest.mark.real_cluster)


@pytest.fixture(
    params=[
        "demo_api",
        pytest.param("real_api", marks=_CLUSTER),
        pytest.param("older_api", marks=_CLUSTER),
        pytest.param("node_api", marks=_NODE),
    ]
)
def api(request: pytest.FixtureRequest) -> Api:
    """Each API server in turn."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Api)
    return found
