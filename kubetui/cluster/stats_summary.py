"""Asking kubelets for ``/stats/summary`` through the API server: on demand, few at a time, never for long."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import msgspec

from kubetui.cluster.errors import NotKubernetes, TimedOut
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.kinds.node_metrics import NodeMetricsRow
from kubetui.kinds.pod_metrics import PodMetricsRow
from kubetui.kinds.stats_summary import ContainerStats, PodStats, StatsSummary, Used
from kubetui.kinds.usage import Usage
from kubetui.kinds.wire import seconds

PATIENCE: Final = 20.0
"""Seconds that a kubelet has; one that is gone keeps the API server waiting for longer."""
_decode = msgspec.json.Decoder(StatsSummary).decode


@dataclass(frozen=True, slots=True)
class Summary:
    """One kubelet's answer."""

    at: float
    """When it came, Unix seconds."""
    stats: StatsSummary


async def read_summary(session: Session, node: str) -> Summary:
    """What ``node``'s kubelet says. Raises ClusterError types."""
    tried = f"get nodes/proxy of {node} (stats/summary)"
    request = Request(f"/api/v1/nodes/{node}/proxy/stats/summary", tried)
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await session.send(request)
    except TimeoutError as error:
        raise TimedOut(tried, f"no answer within {PATIENCE:.0f} s", "the node or its tunnel may be down") from error
    try:
        return Summary(session.clock.now(), _decode(answer.body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotKubernetes(tried, f"the answer is no summary: {error}") from error


def node_sample(summary: Summary) -> NodeMetricsRow | None:
    """The node's line as metrics-server would have it; None where the kubelet does not tell."""
    node = summary.stats.node
    usage = _usage(node)
    if usage is None:
        return None
    at = _time(node) or int(summary.at)
    return NodeMetricsRow(node.node_name, at, at=at, usage=usage)


def pod_samples(summary: Summary) -> list[PodMetricsRow]:
    """The pods' lines; containers of which nothing is told are left out."""
    return [row for pod in summary.stats.pods or () if (row := _pod(pod, summary.at)) is not None]


def _pod(pod: PodStats, at: float) -> PodMetricsRow | None:
    told: list[tuple[ContainerStats, Usage]] = []
    for container in pod.containers or ():
        usage = _usage(container)
        if usage is not None:
            told.append((container, usage))
    if not told:
        return None
    sampled = max((_time(container) for container, _ in told), default=0) or int(at)
    return PodMetricsRow(
        pod.pod_ref.namespace,
        pod.pod_ref.name,
        sampled,
        at=sampled,
        containers=tuple(container.name for container, _ in told),
        used=tuple(usage for _, usage in told),
    )


def _usage(used: Used) -> Usage | None:
    cpu = used.cpu.usage_nano_cores if used.cpu is not None else None
    memory = used.memory.working_set_bytes if used.memory is not None else None
    return None if cpu is None or memory is None else Usage(cpu, memory)


def _time(used: Used) -> int:
    try:
        return seconds(used.memory.time) if used.memory is not None else 0
    except msgspec.ValidationError:
        return 0
