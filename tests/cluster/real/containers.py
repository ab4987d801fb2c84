"""Pods of the stand-in on the real node, and what happens to containers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.cluster.api_client import Refused
from tests.cluster.real.cluster import RealCluster
from tests.cluster.real.components import shell, stand_in
from tests.cluster.real.container_runtime import SOCKET

__all__ = ["crash_loop", "remove_crash_loop", "rotate_log", "run", "script", "shell", "stand_in"]

_LAST_WORDS = "panic: no connection to ledger-db:5432"


def run(cluster: RealCluster, namespace: str, name: str, *arguments: str, **spec: Any) -> None:
    """Create such a pod."""
    cluster.admin.post(f"/api/v1/namespaces/{namespace}/pods", stand_in(name, arguments, **spec))


def script(cluster: RealCluster, namespace: str, name: str, text: str, **spec: Any) -> None:
    """Create a pod that runs a shell script."""
    cluster.admin.post(f"/api/v1/namespaces/{namespace}/pods", shell(name, text, **spec))


def crash_loop(cluster: RealCluster, namespace: str = "default", name: str = "crash-loop") -> str:
    """A pod that fails a moment after each start."""
    run(cluster, namespace, name, "fail", "-after", "1s", "-code", "2", _LAST_WORDS)
    return f"{namespace}/{name} fails over and over"


def remove_crash_loop(cluster: RealCluster, namespace: str = "default", name: str = "crash-loop") -> str:
    """Remove it, if it is there."""
    try:
        cluster.admin.delete(f"/api/v1/namespaces/{namespace}/pods/{name}?gracePeriodSeconds=0")
    except Refused as refused:
        if refused.status != 404:
            raise
    return f"{namespace}/{name} is removed"


def rotate_log(cluster: RealCluster, namespace: str, pod: str, container: str = "") -> Path:
    """Move a running container's log away and let the runtime begin a new one, as the kubelet does at 50 MB.

    Gives the path of what is now the older part.
    """
    found = cluster.admin.get(f"/api/v1/namespaces/{namespace}/pods/{pod}")
    statuses = {status["name"]: status for status in found["status"]["containerStatuses"]}
    status = statuses[container or found["spec"]["containers"][0]["name"]]
    folder = f"{namespace}_{pod}_{found['metadata']['uid']}"
    log: Path = cluster.machine.log_folder / "pods" / folder / status["name"] / f"{status['restartCount']}.log"
    moved = log.with_name(f"{log.name}.{datetime.now(UTC):%Y%m%d-%H%M%S}")
    log.rename(moved)
    identity = status["containerID"].removeprefix("containerd://")
    cluster.machine.run([str(cluster.binaries["reopen-log"]), SOCKET, identity])
    return moved
