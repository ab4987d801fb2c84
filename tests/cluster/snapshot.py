"""Filled clusters, kept: filling takes a while, and starting from a copy of etcd's data takes seconds."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.cluster.binaries import Binaries, appearing, cache_folder, locked
from tests.cluster.control_plane import CONTROLLER_MANAGER, SCHEDULER, ControlPlane
from tests.cluster.kwok import LEASE_SECONDS, await_leases, start_kwok, stop_kwok
from tests.cluster.populate import populate, settled
from tests.cluster.shape import shape

_FILLING = (
    "bulk", "certificates", "control_plane", "kwok", "nodes", "populate", "revisions", "shape", "snapshot",
    "stamping", "workloads",
)  # fmt: skip
_FEW_NODES = 200  # beyond, forty-second leases alone would keep a small machine busy: a request a node every 10 s
_LONG_LEASE_SECONDS = 200

Report = Callable[[str], None]


def filled(
    binaries: Binaries,
    nodes: int,
    pods: int,
    *,
    api_server_args: Sequence[str] = (),
    report: Report = lambda line: None,
) -> ControlPlane:
    """A started control plane with exactly so many Ready nodes, played by kwok, and Running pods.

    The first call for these numbers fills it and keeps a snapshot (a few minutes at 33,000 pods); later ones start
    from that. Whoever calls takes it ``down``.
    """
    kept = _snapshot(binaries, nodes, pods, report)
    with tempfile.TemporaryDirectory(prefix="kubetui-snapshot-", dir=None) as copy:
        shutil.copytree(kept, copy, dirs_exist_ok=True)
        plane = _plane(binaries, nodes, api_server_args, Path(copy))
    try:
        plane.start_etcd()
        plane.start_api_server()
        _enliven(plane, nodes)
    except BaseException:
        plane.down()
        raise
    return plane


def _snapshot(binaries: Binaries, nodes: int, pods: int, report: Report) -> Path:
    """The folder that holds the snapshot, made if absent; one process makes it while others wait."""
    folder = cache_folder(binaries.kubernetes) / "snapshots"
    numbers = f"{nodes}-nodes-{pods}-pods"
    kept = folder / f"{numbers}-{_filling_hash()}"
    with locked(folder / f".{numbers}.lock"):
        if not kept.exists():
            for outdated in folder.glob(f"{numbers}-*"):
                shutil.rmtree(outdated)
            _fill(binaries, nodes, pods, kept, report)
    return kept


def _fill(binaries: Binaries, nodes: int, pods: int, kept: Path, report: Report) -> None:
    wanted = shape(nodes, pods)
    with _plane(binaries, nodes, ()) as plane, appearing(kept) as half:
        asyncio.run(populate(plane, wanted, report))
        _enliven(plane, nodes)
        asyncio.run(settled(plane, report))
        plane.stop_controllers()
        stop_kwok(plane)
        plane.stop_api_server(grace=0)
        for name in (CONTROLLER_MANAGER, SCHEDULER):  # nobody is to wait for the leaders of then
            plane.etcd.delete(f"/registry/leases/kube-system/{name}")
        plane.etcd.delete_under("/registry/events/")  # of its making
        plane.compact_etcd()
        plane.etcd.defragment()
        plane.stop_etcd()
        half.mkdir(mode=0o700)
        for part in ("etcd", "pki"):
            shutil.copytree(plane.folder / part, half / part)
    report(f"kept in {kept}")


def _enliven(plane: ControlPlane, nodes: int) -> None:
    """Nodes live first: the controllers would find them dead otherwise."""
    start_kwok(plane, lease_seconds=_lease_seconds(nodes))
    await_leases(plane, nodes)
    plane.start_controllers()


def _plane(binaries: Binaries, nodes: int, api_server_args: Sequence[str], data: Path | None = None) -> ControlPlane:
    # Twice the time that may pass between two renewals, and no less than Kubernetes' own 50 s.
    grace = max(50, _lease_seconds(nodes) // 2)
    args = [f"--node-monitor-grace-period={grace}s"]
    return ControlPlane(binaries, api_server_args=api_server_args, controller_manager_args=args, data=data)


def _lease_seconds(nodes: int) -> int:
    return LEASE_SECONDS if nodes <= _FEW_NODES else _LONG_LEASE_SECONDS


def _filling_hash() -> str:
    digest = hashlib.sha256()
    for name in _FILLING:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.hexdigest()[:12]
