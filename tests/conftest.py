"""What every test may ask for, and the marks that follow from it."""

from __future__ import annotations

import pytest

from tests.cluster.fixtures import cluster_binaries, control_plane, namespace, scaled

__all__ = ["cluster_binaries", "control_plane", "namespace", "scaled"]


@pytest.hookimpl(tryfirst=True)  # before pytest selects by mark
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a real API server, so that ``-m "not cluster"`` leaves them out."""
    for item in items:
        if "cluster_binaries" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.cluster)
