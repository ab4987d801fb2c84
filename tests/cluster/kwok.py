"""kwok plays the nodes of a control plane: it renews their leases, and runs and ends the pods put on them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from tests.cluster.control_plane import ControlPlane

KWOK = "kwok"
FAKE_NODE = {"kwok.x-k8s.io/node": "fake"}  # the annotation of a node that kwok is to play
LEASE_SECONDS = 40  # a kubelet's; kwok renews after a quarter of it

_ALIVE_SECONDS = 120.0
_POLL_SECONDS = 0.5
_LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"


class NotAlive(Exception):
    """kwok runs but did not renew every node's lease in time; the text says how many, and its last words."""


def start_kwok(plane: ControlPlane, *, lease_seconds: int = LEASE_SECONDS) -> None:
    """Let kwok play every node that carries the annotation, those that come later too.

    ``lease_seconds`` above 40 spares the machine where there are a thousand nodes; the controller manager's
    ``--node-monitor-grace-period`` must then be longer than a quarter of it.
    """
    # A kwok before this one held them, and a lease that another holds is not taken over before it lapses.
    plane.etcd.delete_under("/registry/leases/kube-node-lease/")
    stages = plane.folder / "stages.yaml"
    stages.write_text("\n---\n".join(path.read_text() for path in plane.binaries.stages))
    (annotation,) = FAKE_NODE.items()
    plane.household.start(
        KWOK,
        [
            str(plane.binaries[KWOK]),
            f"--kubeconfig={plane.admin_kubeconfig}",
            f"--manage-nodes-with-annotation-selector={'='.join(annotation)}",
            f"--node-lease-duration-seconds={lease_seconds}",
            "--cidr=10.128.0.0/9",
            "--node-ip=127.0.0.1",
            f"--config={stages}",
        ],
    )


def stop_kwok(plane: ControlPlane) -> None:
    """Let every fake node die at once: leases are no longer renewed."""
    plane.household.stop(KWOK, grace=0)


def await_leases(plane: ControlPlane, nodes: int) -> None:
    """Wait until this many nodes' leases were renewed since now; raises ``NotAlive`` after two minutes."""
    begun = datetime.now(UTC) - timedelta(seconds=1)
    deadline, fresh = time.monotonic() + _ALIVE_SECONDS, 0
    while time.monotonic() < deadline:
        plane.household.check(KWOK)
        leases = plane.admin.get(_LEASES)["items"]
        fresh = sum(datetime.fromisoformat(lease["spec"]["renewTime"]) >= begun for lease in leases)
        if fresh >= nodes:
            return
        time.sleep(_POLL_SECONDS)
    raise NotAlive(f"{fresh} of {nodes} leases renewed in {_ALIVE_SECONDS:.0f} s\n{plane.household.tail(KWOK)}")
