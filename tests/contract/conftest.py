"""The same tests against every API server there is: whatever answers must answer like a real one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.connect import open_transport
from kubetui.cluster.kubeconfig import KubeConfig
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from tests.cluster.fixtures import Scaled


@dataclass(frozen=True)
class Api:
    """An API server with nodes and pods, and who may do what there."""

    kubeconfig: Path
    nobody: Path
    """A user who may do nothing."""
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


@pytest.fixture(params=["real_api"])
def api(request: pytest.FixtureRequest) -> Api:
    """Each API server in turn."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Api)
    return found
