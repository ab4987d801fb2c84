"""A cluster in memory whose pods have logs: a real Session over lists and watches, and the kubelet's model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import ClusterInMemory
from tests.unit.cluster.logs.kubelet_model import Container, KubeletModel


class ClusterWithLogs(ClusterInMemory):
    """``container`` makes pods; ``sync`` shows the watch how they stand."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(namespaces=["shop"])
        self.clock = clock
        self.model = KubeletModel(clock)
        self.more: dict[tuple[str, str], dict[str, Any]] = {}

    async def container(
        self, pod: str = "web-0", name: str = "app", namespace: str = "shop", kind: str = "containers", **more: Any
    ) -> Container:
        """A container that runs; ``more`` is merged into its pod's metadata."""
        container = self.model.add(name, pod, namespace, kind)
        self.more.setdefault((namespace, pod), more)
        await container.start()
        await self.sync(pod, namespace)
        return container

    async def sync(self, pod: str = "web-0", namespace: str = "shop") -> None:
        """The watch tells how the pod stands."""
        found = self.model.pod(namespace, pod)
        found["metadata"] |= self.more[namespace, pod]
        await self.put("pods", found)

    async def remove(self, pod: str = "web-0", namespace: str = "shop") -> None:
        """The pod is deleted, its containers end."""
        for key, container in [*self.model.containers.items()]:
            if key[:2] == (namespace, pod):
                await container.end(0, "Completed")
        self.model.delete(pod, namespace)
        await self.delete("pods", namespace, pod)

    def session(self) -> Session:
        """A session on it."""
        return Session("memory", self, Traffic(self.clock), self.clock, Random(1))

    # --- Transport

    async def send(self, request: Request) -> Answer:
        """Logs from the model, everything else from the lists."""
        if request.path.endswith("/log"):
            return await self.model.send(request)
        return await super().send(request)

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Any]:
        """Logs from the model, watches from the lists."""
        served = self.model.stream(request) if request.path.endswith("/log") else super().stream(request)
        async with served as stream:
            yield stream
