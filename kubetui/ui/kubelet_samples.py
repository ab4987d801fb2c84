"""Samples straight from kubelets, for the nodes in view: what is left to look at while metrics-server is down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from kubetui.cluster.errors import ApiError, ClusterError, Forbidden
from kubetui.cluster.kubelet_config import next_step, unreached
from kubetui.cluster.session import Session
from kubetui.cluster.stats_summary import node_sample, pod_samples, read_summary
from kubetui.kinds.node_metrics import NodeMetricsRow
from kubetui.kinds.pod_metrics import PodMetricsRow
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.top_samples import NO_SAMPLES

AT_ONCE: Final = 4
"""Kubelets asked at a time: each goes through the API server's tunnel."""
EVERY: Final = 15.0
"""Seconds after which a node in view is asked again."""
REFUSED_PAUSE: Final = 60.0
"""Seconds after which a node that gave no figures is asked again."""
ENOUGH: Final = 8
"""So many kubelets in a row that can't be reached, and none that can, are the tunnel's fault: the rest is left be."""
NO_METRICS: Final = "no metrics API"
MOST_NODES: Final = 400
"""Nodes whose figures are kept; of those that left the view the oldest go first."""


class KubeletSamples:
    """``want`` says which nodes are in view; ``nodes`` and ``pods`` fill with what their kubelets tell."""

    def __init__(self, session: Session, wake: Callable[[], None]) -> None:
        self._session, self._wake = session, wake
        self.nodes: Store[NodeMetricsRow] = Store()
        self.pods: Store[PodMetricsRow] = Store()
        self._of_node: dict[str, tuple[tuple[str, str], ...]] = {}
        self._wanted: tuple[str, ...] = ()
        self._next: dict[str, float] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._trouble: ClusterError | None = None
        self._failed: dict[str, ClusterError] = {}
        self._missed = 0
        self._pause_until = 0.0

    @property
    def asked(self) -> int:
        """Nodes of which there are figures."""
        return len(self._of_node)

    def state(self, samples: SyncState, note: str = "") -> SyncState:
        """Why the figures are these: ``samples`` is how metrics.k8s.io stands, ``note`` what else there is to say."""
        word = samples.word if samples.word == NO_SAMPLES.word else NO_METRICS
        if self._trouble is not None and not self._of_node:
            words, advice = _refusal(self._trouble, samples.advice)
            return replace(samples, reason=f"{samples.reason} · {words}", advice=advice, word=word)
        if not self._wanted:
            return replace(samples, word=word)
        words = "shown are kubelets' own figures of the nodes in view" if self._of_node else "asking the kubelets"
        if samples.phase is not Phase.FORBIDDEN:
            words = f"kubectl top and the autoscalers are blind; {words}"
        words = "; ".join(part for part in (words, self._silent(), note) if part)
        return replace(samples, reason=f"{samples.reason} · {words}", word=word)

    def _silent(self) -> str:
        """``1 of 12 gave none: 503: error trying to reach service …``."""
        failed = [node for node in self._wanted if node in self._failed]
        if not failed:
            return ""
        return f"{len(failed):,} of {len(self._wanted):,} gave none: {self._failed[failed[0]].answer}"

    def want(self, nodes: Iterable[str]) -> None:
        """These nodes are in view, in this order."""
        self._wanted = tuple(nodes)
        now = self._session.clock.monotonic()
        if now < self._pause_until:
            return
        for node in self._wanted:
            if len(self._asking) >= AT_ONCE:
                break
            if node not in self._asking and now >= self._next.get(node, 0.0):
                self._asking[node] = asyncio.create_task(self._ask(node), name=f"stats of {node}")

    def again(self) -> None:
        """Ask now, also those that gave no figures."""
        self._next.clear()
        self._missed, self._pause_until = 0, 0.0

    def close(self) -> None:
        """Ask no more."""
        for task in self._asking.values():
            task.cancel()
        self._asking.clear()

    async def _ask(self, node: str) -> None:
        pause = EVERY
        try:
            summary = await read_summary(self._session, node)
            sample, pods = node_sample(summary), pod_samples(summary)
        except ClusterError as error:
            self._trouble, pause = error, REFUSED_PAUSE
            self._fail(node, error)
            self._judge(error)
        else:
            self._trouble, self._missed = None, 0
            self._failed.pop(node, None)
            if sample is not None:
                self.nodes.put([replace_name(sample, node)])
            self._put_pods(node, pods)
        self._asking.pop(node, None)
        self._next[node] = self._session.clock.monotonic() + pause
        self._wake()

    def _fail(self, node: str, error: ClusterError) -> None:
        self._failed.pop(node, None)
        self._failed[node] = error
        if len(self._failed) > MOST_NODES:
            del self._failed[next(iter(self._failed))]

    def _judge(self, error: ClusterError) -> None:
        """Who may not ask one kubelet may ask none, and a tunnel that is down is so for all."""
        self._missed += 1
        if not self._of_node and (isinstance(error, Forbidden) or self._missed >= ENOUGH):
            self._pause_until = self._session.clock.monotonic() + REFUSED_PAUSE

    def _put_pods(self, node: str, pods: list[PodMetricsRow]) -> None:
        keys = tuple((row.namespace, row.name) for row in pods)
        held = self._of_node.pop(node, ())
        self._of_node[node] = keys
        self.pods.remove(set(held) - set(keys))
        self.pods.put(pods)
        while len(self._of_node) > MOST_NODES:
            oldest = next(iter(self._of_node))
            self.pods.remove(self._of_node.pop(oldest))
            self.nodes.remove([("", oldest)])
            self._next.pop(oldest, None)


def replace_name(sample: NodeMetricsRow, node: str) -> NodeMetricsRow:
    """The sample under the node's name in the API, whatever the kubelet calls itself."""
    return NodeMetricsRow(node, sample.version, at=sample.at, usage=sample.usage)


def _refusal(error: ClusterError, advice: str) -> tuple[str, str]:
    """Why kubelets give no figures either, and what to do next: short, since metrics.k8s.io's trouble stands before."""
    if isinstance(error, Forbidden):
        return "kubelets can't be asked instead: get nodes/proxy: 403", error.advice
    if isinstance(error, ApiError) and unreached(error):
        return f"nor is any kubelet reached: {error.answer}", next_step(error)
    return f"kubelets can't be asked instead: {error.tried}: {error.answer}", advice
