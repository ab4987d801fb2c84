"""A cluster in memory whose pods have logs: what each has said, and what it says next."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.transport import Request
from tests.ui.cluster_in_memory import ClusterInMemory, pod

_LOG = re.compile(r"/api/v1/namespaces/([^/]+)/pods/([^/]+)/log")


def speaker(name: str, namespace: str = "kube-system", owner: str = "coredns-abc12", **labels: str) -> dict[str, Any]:
    """A running pod of a ReplicaSet."""
    found: dict[str, Any] = pod(name, namespace)
    found["metadata"]["labels"] = {"k8s-app": "kube-dns", "pod-template-hash": owner.rpartition("-")[2], **labels}
    found["metadata"]["ownerReferences"] = [{"kind": "ReplicaSet", "name": owner, "controller": True}]
    found["metadata"]["uid"] = f"uid-{name}"
    return found


class _LogStream:
    def __init__(self, cluster: ClusterWithLogs, key: tuple[str, str], query: dict[str, str]) -> None:
        self._cluster, self._key, self._query = cluster, key, query
        self.content_type = "text/plain"

    async def chunks(self) -> AsyncIterator[bytes]:
        if self._query.get("previous") == "true":
            yield b"".join(self._cluster.before[self._key])
            return
        said, at = self._cluster.said[self._key], 0
        while True:
            if at < len(said):
                yield b"".join(said[at:])
                at = len(said)
            if self._query.get("follow") != "true":
                return
            async with self._cluster.spoke:
                while at == len(said):
                    await self._cluster.spoke.wait()


class ClusterWithLogs(ClusterInMemory):
    """Lines are what a kubelet sends with ``timestamps=true``. Selection by time is the real servers' affair."""

    def __init__(self, pods: Sequence[Any], **more: Any) -> None:
        super().__init__(pods, **more)
        self.said: defaultdict[tuple[str, str], list[bytes]] = defaultdict(list)
        self.before: defaultdict[tuple[str, str], list[bytes]] = defaultdict(list)
        self.refused: dict[tuple[str, str], ClusterError] = {}
        self.log_queries: list[dict[str, str]] = []
        self.spoke = asyncio.Condition()

    def told(self, pod: str, *lines: str, namespace: str = "kube-system", previous: bool = False) -> None:
        """What a pod has said so far: ``12:03:58.114 text``, on the tests' day."""
        (self.before if previous else self.said)[namespace, pod].extend(_line(line) for line in lines)

    async def tells(self, pod: str, *lines: str, namespace: str = "kube-system") -> None:
        """What it says now."""
        self.told(pod, *lines, namespace=namespace)
        async with self.spoke:
            self.spoke.notify_all()

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Any]:
        """A log, or a watch."""
        found = _LOG.fullmatch(request.path)
        if found is None:
            async with super().stream(request) as watch:
                yield watch
            return
        self.asked.append(request)
        self.log_queries.append(dict(request.query))
        key = (found[1], found[2])
        if key in self.refused:
            raise self.refused[key]
        yield _LogStream(self, key, dict(request.query))


def _line(line: str) -> bytes:
    at, _, text = line.partition(" ")
    return f"2026-11-21T{at}000000Z {text}\n".encode()
