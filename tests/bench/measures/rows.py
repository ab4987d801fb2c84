"""What one pod's row costs: bytes held and microseconds to decode."""

from __future__ import annotations

import gc
import json
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kubetui.kinds.pod import POD, decode_item
from tests.bench.figures import BIG, Measured

FIXTURE = Path(__file__).parents[2] / "unit" / "kinds" / "fixtures" / "pod-deployment.json"


def pods(count: int) -> Iterator[bytes]:
    """Pods as a cluster has them: 12 to a ReplicaSet, 100 namespaces, 1,001 nodes, one in 20 restarted, one in 100
    in a crash loop, one in 10 of a StatefulSet, with labels of its own.
    """
    template = json.loads(FIXTURE.read_text())
    for index in range(count):
        yield json.dumps(_pod(template, index), separators=(",", ":")).encode()


def _pod(template: dict[str, Any], index: int) -> dict[str, Any]:
    group, status = index // 12, template["status"]
    app, hashed = f"service-{group % 40:02}-{group:04}", f"{group * 7919 % 10**9:09x}"
    name = f"{app}-{hashed}-{index * 104729 % 36**5:05x}"
    meta = template["metadata"] | {"name": name, "namespace": f"team-{group % 100:03}"}
    meta |= {"resourceVersion": str(10_000_000 + index * 3), "labels": {"app": app, "pod-template-hash": hashed}}
    meta["creationTimestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_790_000_000 + index * 37))
    owner = template["metadata"]["ownerReferences"][0] | {"name": f"{app}-{hashed}"}
    if index % 10 == 0:
        meta["labels"] = {
            "app": app,
            "apps.kubernetes.io/pod-index": str(index),
            "statefulset.kubernetes.io/pod-name": name,
        }
        owner |= {"kind": "StatefulSet", "name": app}
    meta["ownerReferences"] = [owner]
    container = status["containerStatuses"][0] | _state(index)
    status = status | {"containerStatuses": [container], "podIPs": [{"ip": f"10.244.{index >> 8}.{index & 255}"}]}
    spec = template["spec"] | {"nodeName": f"aks-general-27182818-vmss{index % 1001:06x}"}
    return template | {"metadata": meta, "spec": spec, "status": status}


def _state(index: int) -> dict[str, Any]:
    if index % 20:
        return {}
    last = {
        "exitCode": 137,
        "reason": "OOMKilled",
        "finishedAt": "2026-11-21T11:58:00Z",
        "startedAt": "2026-11-21T10:00:00Z",
    }
    state: dict[str, Any] = {"restartCount": index % 7 + 1, "lastState": {"terminated": last}}
    if index % 100 == 0:
        message = f"back-off 5m0s restarting failed container=app pod=service-{index}_team-{index % 100}"
        state |= {"ready": False, "state": {"waiting": {"reason": "CrashLoopBackOff", "message": message}}}
    return state


def _store(count: int) -> dict[tuple[str, str], Any]:
    held = {}
    for raw in pods(count):
        row = POD.row(decode_item(raw))
        held[(row.namespace, row.name)] = row
    return held


def rows(runs: int) -> Iterator[Measured]:
    """Of 33,000 pods held by key, with all that they share; and the time to decode and flatten 5,000."""
    yield Measured("row-bytes", 0, (_held_bytes(BIG) / 1e3,))
    yield Measured("row-decode", 0, tuple(_decode_seconds(5_000) * 1e6 for _ in range(runs)))


def _held_bytes(count: int) -> float:
    gc.collect()
    tracemalloc.start()
    held = _store(count)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / len(held)


def _decode_seconds(count: int) -> float:
    raws = list(pods(count))
    begun = time.perf_counter()
    for raw in raws:
        POD.row(decode_item(raw))
    return (time.perf_counter() - begun) / count
