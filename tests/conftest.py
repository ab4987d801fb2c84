"""What every test may ask for, and the marks that follow from it."""

from __future__ import annotations

import pytest

from tests.cluster.fixtures import (
    cluster_binaries,
    control_plane,
    namespace,
    older_plane,
    one_real_cluster,
    real_cluster,
    real_namespace,
    scaled,
)

__all__ = [
    "cluster_binaries",
    "control_plane",
    "namespace",
    "older_plane",
    "one_real_cluster",
    "real_cluster",
    "real_namespace",
    "scaled",
]


@pytest.hookimpl(tryfirst=True)  # before pytest selects by mark
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a real API server, so that ``-m "not cluster"`` leaves them out, or a real node."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "cluster_binaries" in fixtures:
            item.add_marker(pytest.mark.cluster)
        if "one_real_cluster" in fixtures:
            item.add_marker(pytest.mark.real_cluster)
