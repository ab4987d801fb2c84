"""How kube-system's components stand: those of AKS by name, all others as they are found, kubelet and runtime."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from kubetui.insight.aks_components import AKS_COMPONENTS, KNOWN, NAMESPACE, Component
from kubetui.insight.finding import NOWHERE, Target
from kubetui.insight.main_image import main_image
from kubetui.insight.node_book import NodeBook
from kubetui.insight.pod_book import PodBook
from kubetui.insight.pod_trouble import Owner, Trouble
from kubetui.insight.restarts import Restarted, Restarts
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.deployment_row import COMPLETE, DeploymentRow
from kubetui.kinds.kind import Meaning
from kubetui.kinds.workload_wire import short_image

_MANY_RESTARTS: Final = 3
"""Restarts within an hour that are worth a word."""
_WORDS: Final = {
    Trouble.CRASH: "crashes",
    Trouble.IMAGE: "no image",
    Trouble.CONFIG: "config error",
    Trouble.UNSCHEDULABLE: "no node",
}


class Workloads(NamedTuple):
    """kube-system's workloads by name; None: not known (still coming, or forbidden)."""

    deployments: Mapping[str, DeploymentRow] | None
    daemon_sets: Mapping[str, DaemonSetRow] | None


@dataclass(frozen=True, slots=True)
class ComponentState:
    """One line of the list of components."""

    kind: str
    """``Deployment``, ``DaemonSet``, ``node`` of what runs outside pods."""
    name: str
    ready: int | None
    """None: not known."""
    desired: int | None
    restarts: Restarted | None
    """In the last hour; None: not known."""
    version: str
    signal: str
    """One word or two."""
    meaning: Meaning
    since: int = 0
    """Since when it is not ready; Unix seconds, 0: it is, or nothing tells."""
    by_nodes: bool = False
    """All that is missing is missing on nodes that are not ready."""
    target: Target = NOWHERE


@dataclass(frozen=True, slots=True)
class Around:
    """What a component's line is made from, besides its workload."""

    nodes: NodeBook
    nodes_known: bool
    pods: PodBook
    pods_known: bool
    restarts: Restarts
    now: float


def component_states(workloads: Workloads, around: Around) -> list[ComponentState]:
    """All lines: on AKS its components first, whether they are there or not; then what else kube-system runs."""
    expected = AKS_COMPONENTS if around.nodes_known and around.nodes.is_aks else ()
    states = [_expected(component, workloads, around) for component in expected]
    listed = {(component.kind, component.name) for component in expected}
    states += [one for one in _others(workloads, around) if (one.kind, one.name) not in listed]
    return [*states, *_outside_pods(around)]


def _expected(component: Component, workloads: Workloads, around: Around) -> ComponentState:
    rows = workloads.deployments if component.kind == "Deployment" else workloads.daemon_sets
    if rows is None:
        target = _target(component.kind, component.name)
        return ComponentState(
            component.kind, component.name, None, None, None, "–", "–", Meaning.UNKNOWN, target=target
        )
    row = rows.get(component.name)
    if row is not None:
        return _state(row, around)
    others = workloads.daemon_sets or {}
    instead = next((name for name in component.replaced_by if name in others), "")
    words = f"not installed: {instead} does it" if instead else "not installed"
    # Absence is how some clusters are made: managed API server networks have no konnectivity-agent.
    return ComponentState(component.kind, component.name, 0, 0, None, "–", words, Meaning.UNKNOWN)


def _others(workloads: Workloads, around: Around) -> list[ComponentState]:
    rows: Iterable[DeploymentRow | DaemonSetRow] = [
        *(workloads.deployments or {}).values(),
        *(workloads.daemon_sets or {}).values(),
    ]
    # Windows twins and switched-off add-ons want nothing and are well.
    states = [_state(row, around) for row in rows if row.desired]
    return sorted(states, key=lambda state: ((state.kind, state.name) not in KNOWN, state.name, state.kind))


def _state(row: DeploymentRow | DaemonSetRow, around: Around) -> ComponentState:
    kind = "Deployment" if isinstance(row, DeploymentRow) else "DaemonSet"
    owner = Owner(NAMESPACE, kind, row.name)
    restarts = around.restarts.of(owner, around.now) if around.pods_known else None
    lacking = max(0, row.desired - row.ready)
    by_nodes = kind == "DaemonSet" and 0 < lacking <= len(around.nodes.not_ready)
    signal, meaning = _signal(row, owner, restarts, around, by_nodes=by_nodes)
    return ComponentState(
        kind=kind,
        name=row.name,
        ready=row.ready,
        desired=row.desired,
        restarts=restarts,
        version=image_version(row),
        signal=signal,
        meaning=meaning,
        since=_since(row, owner, around) if lacking else 0,
        by_nodes=by_nodes,
        target=_target(kind, row.name),
    )


def _signal(
    row: DeploymentRow | DaemonSetRow, owner: Owner, restarts: Restarted | None, around: Around, *, by_nodes: bool
) -> tuple[str, Meaning]:
    for group in around.pods.of(owner):
        if group.trouble in _WORDS:
            return _WORDS[group.trouble], Meaning.LOOK if row.ready else Meaning.ACT
    if by_nodes:
        return "nodes down", Meaning.LOOK
    if row.desired and not row.ready:
        return "none ready", row.meaning if row.meaning is Meaning.PLANNED else Meaning.ACT
    if row.ready < row.desired:
        return _rollout_word(row), row.meaning if row.meaning is not Meaning.FINE else Meaning.LOOK
    if row.rollout not in (COMPLETE, "no node wants it", "scaled to 0"):
        return _rollout_word(row), row.meaning
    if restarts is not None and restarts.times >= _MANY_RESTARTS:
        return "restarts", Meaning.LOOK
    return "ok", Meaning.FINE


def _rollout_word(row: DeploymentRow | DaemonSetRow) -> str:
    return row.rollout if row.rollout != COMPLETE else f"{row.desired - row.ready} not ready"


def _since(row: DeploymentRow | DaemonSetRow, owner: Owner, around: Around) -> int:
    """When its first pod ceased to be ready, else when the controller said that it is not available."""
    groups = [group for group in around.pods.of(owner) if group.trouble is not Trouble.LEAVING]
    told = [group.since for group in groups]
    if isinstance(row, DeploymentRow):
        # A container that is restarted is not ready anew; the Deployment was not available all the time.
        told.append(row.unavailable_since)
    return min((moment for moment in told if moment), default=0)


def image_version(row: DeploymentRow | DaemonSetRow) -> str:
    """The tag of its main container's image: ``1.14.3``."""
    image = main_image(row.name, row.containers, row.images)
    return short_image(image).rpartition(":")[2].removeprefix("v") or "–"


def _outside_pods(around: Around) -> Sequence[ComponentState]:
    nodes = around.nodes
    if not around.nodes_known:
        unknown = (None, None, None, "–", "–", Meaning.UNKNOWN)
        return [ComponentState("node", name, *unknown, target=Target("nodes")) for name in ("kubelet", "containerd")]
    total, silent = len(nodes), len(nodes.not_ready)
    kubelets = nodes.kubelets
    old = sum(number for _, number in kubelets[1:])
    kubelet = ComponentState(
        "node",
        "kubelet",
        total - silent,
        total,
        None,
        _versions(kubelets),
        f"{silent} not ready" if silent else f"{old} old" if old else "ok",
        Meaning.LOOK if silent or old else Meaning.FINE,
        target=Target("nodes", tuple(("", row.name) for row in nodes.not_ready)),
    )
    names = sorted({runtime.partition("://")[0] for runtime, _ in nodes.runtimes}) or ["containerd"]
    runtimes = [(runtime.partition("://")[2], number) for runtime, number in nodes.runtimes]
    broken = nodes.runtimes_broken
    # What a silent node's runtime does nobody knows: it is the kubelet that would tell.
    unheard = sum(row.ready == "Unknown" and not nodes.runtime_broken(row) for row in nodes.not_ready)
    told = [f"down on {broken}"] if broken else []
    told += [f"not known on {unheard}"] if unheard else []
    runtime = ComponentState(
        "node",
        "/".join(names),
        total - broken - unheard,
        total,
        None,
        _versions(runtimes),
        ", ".join(told) or "ok",
        Meaning.ACT if broken else Meaning.UNKNOWN if unheard else Meaning.FINE,
        target=Target("nodes"),
    )
    return [kubelet, runtime]


def _versions(spread: Sequence[tuple[str, int]]) -> str:
    """``1.36.3``, ``1.36.3 +1`` with one more version."""
    if not spread:
        return "–"
    return spread[0][0] + (f" +{len(spread) - 1}" if len(spread) > 1 else "")


def _target(kind: str, name: str) -> Target:
    return Target("deployments" if kind == "Deployment" else "daemonsets", ((NAMESPACE, name),))
