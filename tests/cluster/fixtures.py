"""pytest fixtures with a real API server behind them; ``tests/conftest.py`` makes them known to every test.

With ``CI`` in the environment missing programs are built, never skipped. Elsewhere a test that needs them is
skipped with the command that builds them. Under pytest-xdist every worker has a control plane of its own.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from tests.cluster import binaries
from tests.cluster.binaries import Binaries
from tests.cluster.control_plane import ControlPlane

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


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    """A namespace of the test's own, whose default ServiceAccount exists; deleted afterwards, without waiting."""
    name = f"test-{os.getpid()}-{next(_numbers)}"
    control_plane.create_namespace(name)
    yield name
    control_plane.admin.delete(f"/api/v1/namespaces/{name}")
