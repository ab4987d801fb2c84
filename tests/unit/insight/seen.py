"""What the Overview would know of a world of the demo: the same rows, through the same books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kubetui.demo import resources
from kubetui.demo.entry import Resource
from kubetui.insight.back_offs import BackOffBook
from kubetui.insight.components import Around, Workloads, component_states
from kubetui.insight.evidence import Evidence
from kubetui.insight.node_book import NodeBook
from kubetui.insight.node_reports import ReportBook
from kubetui.insight.pod_book import PodBook
from kubetui.insight.restarts import Restarts
from kubetui.insight.workload_book import WorkloadBook
from kubetui.kinds.daemon_set import DAEMON_SET, DaemonSetRow
from kubetui.kinds.deployment import DEPLOYMENT, DeploymentRow
from kubetui.kinds.event import EVENT
from kubetui.kinds.kind import Kind
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from kubetui.kinds.wire import decode_row
from tests.demo.worlds import Lived


def rows(lived: Lived, kind: Kind[Any], resource: Resource) -> Iterator[Any]:
    """All objects of a kind, as rows."""
    return (decode_row(kind, entry.encode()) for entry in lived.storage.entries(resource))


def seen(lived: Lived) -> Evidence:
    """Nodes, workloads, node events; of pods kube-system's and those that neither run nor are done."""
    now = lived.clock.time
    nodes, pods, restarts = NodeBook(), PodBook(), Restarts()
    reports, back_offs = ReportBook(), BackOffBook()
    deployments: WorkloadBook[DeploymentRow] = WorkloadBook()
    daemon_sets: WorkloadBook[DaemonSetRow] = WorkloadBook()
    for node in rows(lived, NODE, resources.NODES):
        nodes.fold(None, node)
    for deployment in rows(lived, DEPLOYMENT, resources.DEPLOYMENTS):
        deployments.fold(None, deployment)
    for daemon_set in rows(lived, DAEMON_SET, resources.DAEMON_SETS):
        daemon_sets.fold(None, daemon_set)
    for event in rows(lived, EVENT, resources.EVENTS):
        reports.fold(None, event)
        if event.object_kind == "Pod" and event.reason == "BackOff":
            back_offs.fold(None, event)
    for pod in rows(lived, POD, resources.PODS):
        if pod.namespace == "kube-system" or pod.phase not in ("Running", "Succeeded"):
            pods.fold(None, pod)
        if pod.namespace == "kube-system":
            restarts.fold(None, pod)
    around = Around(nodes, True, pods, True, restarts, now)
    return Evidence(
        now=now,
        nodes=nodes,
        pods=pods,
        components=component_states(Workloads(deployments.of_system, daemon_sets.of_system), around),
        deployments=deployments.notable,
        daemon_sets=daemon_sets.notable,
        noticed=deployments.noticed,
        reports=reports.recent(now),
        back_offs=back_offs.recent(now),
        server_version="v1.36.3",
    )
