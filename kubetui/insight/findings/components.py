"""Components of kube-system that are not ready: what fails without them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.aks_components import KNOWN, NAMESPACE, UNKNOWN_ADVICE, UNKNOWN_WITHOUT
from kubetui.insight.components import ComponentState
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, count_of
from kubetui.insight.pod_trouble import Owner, Trouble
from kubetui.insight.unschedulable import ROOM, unschedulable_advice
from kubetui.kinds.kind import Meaning
from kubetui.kinds.pod_row import PodRow

_TOLD: Final = (Trouble.CRASH, Trouble.IMAGE, Trouble.CONFIG, Trouble.UNSCHEDULABLE)


def components(evidence: Evidence) -> Iterator[Finding]:
    """One for each workload of kube-system that is not well, unless nodes that are not ready explain it."""
    for state in evidence.components:
        if state.kind != "node" and _unwell(state):
            yield _finding(state, evidence)


def _unwell(state: ComponentState) -> bool:
    if state.ready is None or not state.desired or state.by_nodes:
        return False
    return state.meaning in (Meaning.ACT, Meaning.LOOK, Meaning.PLANNED)


def _finding(state: ComponentState, evidence: Evidence) -> Finding:
    known = KNOWN.get((state.kind, state.name))
    words = "" if state.signal in ("none ready", "ok") or "not ready" in state.signal else f", {state.signal}"
    return Finding(
        subject=f"component {state.kind} {state.name}",
        meaning=_meaning(state, known.down if known else Meaning.ACT),
        title=f"{state.name} {state.ready}/{state.desired} ready{words}",
        since=state.since,
        detail=_detail(state, known.without if known else UNKNOWN_WITHOUT, evidence),
        advice=_advice(state, known.advice if known else UNKNOWN_ADVICE, evidence),
        target=state.target,
    )


def _meaning(state: ComponentState, down: Meaning) -> Meaning:
    """Act only where none is left: what is replicated serves with one of it."""
    if state.meaning is not Meaning.ACT:
        return state.meaning
    return Meaning.LOOK if state.ready else down


def _trouble(state: ComponentState, evidence: Evidence) -> tuple[Trouble, PodRow] | None:
    for group in evidence.pods.of(Owner(NAMESPACE, state.kind, state.name)):
        if group.trouble in _TOLD:
            return group.trouble, group.worst
    return None


def _detail(state: ComponentState, without: str, evidence: Evidence) -> str:
    found = _trouble(state, evidence)
    why = f"{pod_words(*found)}; " if found else ""
    return why + (without if not state.ready else f"the others still serve; with none: {without}")


def _advice(state: ComponentState, advice: str, evidence: Evidence) -> str:
    found = _trouble(state, evidence)
    return trouble_advice(*found) if found and found[0] is not Trouble.CRASH else advice


TROUBLE_ADVICE: Final = {
    Trouble.CRASH: "read the last words of the container before this one (logs of the previous container)",
    Trouble.IMAGE: "check the image's name and tag, the registry's rights (AcrPull) and egress",
    Trouble.CONFIG: "check the ConfigMaps, Secrets and keys that the pod's spec names",
    Trouble.UNSCHEDULABLE: ROOM,
    Trouble.STARTING: "look at the pod's events: volumes, network, image",
    Trouble.UNREADY: "look at what the readiness probe says in the pod's events",
    Trouble.EVICTED: "look at the node's pressure at that time, and at the pod's requests",
    Trouble.LEAVING: "look at finalizers and at the node: a pod on a lost node waits for its return",
}
"""What to do next about pods in trouble."""


def trouble_advice(trouble: Trouble, row: PodRow) -> str:
    """The same, as one pod's own words tell."""
    return unschedulable_advice(row.message) if trouble is Trouble.UNSCHEDULABLE else TROUBLE_ADVICE[trouble]


def pod_words(trouble: Trouble, row: PodRow) -> str:
    """What one pod says of its trouble, in the cluster's words."""
    if trouble is Trouble.CRASH:
        code = "" if row.last_exit is None else f" {row.last_exit}"
        ended = f"last end: {row.last_reason}{code}" if row.last_reason else "its container ends again and again"
        return f"{ended}, {count_of(row.restarts, 'restart')}"
    parts = [part for part in (row.reason or row.status, row.message) if part]
    return ": ".join(parts)
