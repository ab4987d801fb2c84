"""pytest fixtures with a real API server behind them; ``tests/conftest.py`` makes them known to every test.

With ``CI`` in the environment missing programs are built, never skipped. Elsewhere a test that needs them is
skipped with the command that builds them. Under pytest-xdist every worker has a control plane of its own.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from typing import Protocol

import pytest

from tests.cluster import binaries
from tests.cluster.binaries import Binaries
from tests.cluster.control_plane import ControlPlane
from tests.cluster.faults import make_reachable, mend
from tests.cluster.programs import OLDER
from tests.cluster.real import requirements
from tests.cluster.real.cluster import RealCluster
from tests.cluster.snapshot import filled

_KEPT = 2  # filled control planes that run at once; one of 33,000 pods takes 8 GB

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cluster_binaries() -> Binaries:
    """The programs of a control plane."""
    if os.environ.get("CI"):
        return binaries.build()
    try:
        return binaries.find()
    except binaries.NotBuilt as absent:
        pytest.skip(str(absent))


@pytest.fixture(scope="session")
def control_plane(cluster_binaries: Binaries) -> Iterator[ControlPlane]:
    """A control plane without nodes, shared by the session: use the ``namespace`` fixture's namespace in it.

    A test that stops its API server starts it again; one that needs other flags makes a ``ControlPlane`` itself.
    """
    with ControlPlane(cluster_binaries) as plane:
        yield plane


@pytest.fixture(scope="session")
def one_real_cluster(cluster_binaries: Binaries) -> Iterator[RealCluster]:
    """The session's cluster with a real node; tests ask for ``real_cluster``."""
    try:
        requirements.check()
        built = binaries.build if os.environ.get("CI") else binaries.find
        programs = built(wanted=binaries.WITH_NODE)
    except (requirements.CannotRun, binaries.NotBuilt) as absent:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(absent))
    with RealCluster(programs) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def older_plane(cluster_binaries: Binaries) -> Iterator[ControlPlane]:
    """A control plane of the oldest release that is supported, with three nodes and fifty pods."""
    try:
        built = binaries.build if os.environ.get("CI") else binaries.find
        programs = built(kubernetes=OLDER)
    except binaries.NotBuilt as absent:
        pytest.skip(str(absent))
    plane = filled(programs, 3, 50)
    yield plane
    plane.down()


@pytest.fixture
def real_cluster(one_real_cluster: RealCluster) -> Iterator[RealCluster]:
    """A cluster with a real node, shared by the session: what a test inflicts on it is mended afterwards.

    Needs root and Debian's containerd; skipped where the machine cannot, except with ``CI`` in the environment.
    """
    yield one_real_cluster
    mend(one_real_cluster)


@pytest.fixture
def real_namespace(real_cluster: RealCluster) -> Iterator[str]:
    """A namespace of the test's own in the real cluster; deleted afterwards, without waiting."""
    name = f"test-{os.getpid()}-{next(_numbers)}"
    real_cluster.create_namespace(name)
    yield name
    make_reachable(real_cluster)
    # Its pods at once: a drain would wait for them, since a namespace on its way out lets nobody evict them.
    real_cluster.admin.delete(f"/api/v1/namespaces/{name}/pods?gracePeriodSeconds=0")
    real_cluster.admin.delete(f"/api/v1/namespaces/{name}")


class Scaled(Protocol):
    """What the ``scaled`` fixture gives."""

    def __call__(self, nodes: int = 100, pods: int = 3000) -> ControlPlane:
        """A control plane with exactly so many Ready nodes and Running pods."""


@pytest.fixture(scope="session")
def scaled(cluster_binaries: Binaries) -> Iterator[Scaled]:
    """Filled control planes, each shared by the session's tests that ask for the same numbers.

    Leave them as they were found, or ask for numbers that nobody else does. At most two run at once: the one asked
    for longest ago is taken down for a third.
    """
    running: dict[tuple[int, int], ControlPlane] = {}

    def plane(nodes: int = 100, pods: int = 3000) -> ControlPlane:
        found = running.pop((nodes, pods), None)
        if found is None:
            while len(running) >= _KEPT:
                running.pop(next(iter(running))).down()
            found = filled(cluster_binaries, nodes, pods)
        running[nodes, pods] = found
        return found

    try:
        yield plane
    finally:
        for left in running.values():
            left.down()


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    """A namespace of the test's own, whose default ServiceAccount exists; deleted afterwards, without waiting."""
    name = f"test-{os.getpid()}-{next(_numbers)}"
    control_plane.create_namespace(name)
    yield name
    control_plane.admin.delete(f"/api/v1/namespaces/{name}")
