"""Pods in trouble, grouped by whose they are; those of components and of lost nodes are told there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.aks_components import NAMESPACE
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, Target, count_of, some
from kubetui.insight.findings.components import TROUBLE_ADVICE, pod_words, trouble_advice
from kubetui.insight.pod_book import PodGroup
from kubetui.insight.pod_trouble import Owner, Trouble
from kubetui.kinds.kind import Meaning

PATIENCE: Final = {
    Trouble.STARTING: 120,
    Trouble.UNREADY: 120,
    Trouble.UNSCHEDULABLE: 30,
    Trouble.LEAVING: 180,
}
"""Seconds that may pass before it is worth a line; at once where not named."""
TOLD_HERE: Final = frozenset({Trouble.CRASH, Trouble.IMAGE, Trouble.CONFIG, Trouble.UNSCHEDULABLE})
"""Troubles that say more than the rollout which stands because of them."""
_MEANING: Final = {
    Trouble.CRASH: Meaning.ACT,
    Trouble.IMAGE: Meaning.ACT,
    Trouble.CONFIG: Meaning.ACT,
}
_WORDS: Final = {
    Trouble.CRASH: "crash again and again",
    Trouble.IMAGE: "can't pull their image",
    Trouble.CONFIG: "can't be created",
    Trouble.UNSCHEDULABLE: "find no node",
    Trouble.STARTING: "do not start",
    Trouble.UNREADY: "not ready",
    Trouble.EVICTED: "were evicted",
    Trouble.LEAVING: "do not end",
}
MOST, MOST_SOFT = 8, 3
"""Workloads told one by one: of what is to act on, and of what is to look at; the rest is one line."""


def pods(evidence: Evidence) -> Iterator[Finding]:
    """The largest groups first; many groups of one trouble as one finding."""
    lost = {row.name for row in evidence.nodes.not_ready}
    daemon_sets = {Owner(row.namespace, "DaemonSet", row.name) for row in evidence.daemon_sets}
    told = daemon_sets | {Owner(row.namespace, "Deployment", row.name) for row in evidence.deployments}
    for trouble in Trouble:
        due = [group for group in evidence.pods.groups(trouble) if _is_due(group, evidence, lost)]
        # That replicas are missing is told of their workload; of a DaemonSet that says also why.
        elsewhere = daemon_sets if trouble in TOLD_HERE else told
        due = [group for group in due if group.owner not in elsewhere]
        due.sort(key=lambda group: (-len(group.rows), group.owner))
        most = MOST if trouble in _MEANING else MOST_SOFT
        one_by_one = due if len(due) <= most + 1 else due[:most]
        yield from (_finding(group, evidence) for group in one_by_one)
        if len(due) > len(one_by_one):
            yield _many(trouble, due[len(one_by_one) :])


def crash_loops(evidence: Evidence) -> Iterator[Finding]:
    """Of pods that are not followed, as their events tell."""
    for found in evidence.back_offs[: 2 * MOST]:
        number = len(found.pods)
        words = _OF_ONE[Trouble.CRASH] if number == 1 else _WORDS[Trouble.CRASH]
        yield Finding(
            subject=f"back-off {found.namespace}/{found.workload}",
            meaning=Meaning.ACT,
            title=f"{found.namespace}/{found.workload}: {count_of(number, 'pod')} {words}",
            since=found.first,
            detail=f"the kubelet waits ever longer to restart a container of {some(found.pods, 2)}",
            advice=TROUBLE_ADVICE[Trouble.CRASH],
            target=Target("pods", tuple((found.namespace, name) for name in found.pods), found.workload),
        )


def _is_due(group: PodGroup, evidence: Evidence, lost: set[str]) -> bool:
    if group.owner.namespace == NAMESPACE and group.owner.kind in ("Deployment", "DaemonSet"):
        return False
    if group.trouble in (Trouble.UNREADY, Trouble.LEAVING) and all(row.node in lost for row in group.rows.values()):
        return False
    since = _since(group)
    return not since or evidence.now - since >= PATIENCE.get(group.trouble, 0)


def _since(group: PodGroup) -> int:
    if group.trouble is Trouble.LEAVING:
        return min(row.deleted for row in group.rows.values())
    return group.since


def _finding(group: PodGroup, evidence: Evidence) -> Finding:
    owner, number, worst = group.owner, len(group.rows), group.worst
    rollout = _rollout(group, evidence)
    subject = f"{owner.namespace}/{owner.name}"
    words = _WORDS[group.trouble]
    if number == 1:
        words = _OF_ONE.get(group.trouble, words)
    return Finding(
        subject=f"pods {group.trouble.value} {owner.kind} {subject}",
        meaning=_MEANING.get(group.trouble, Meaning.LOOK),
        title=f"{subject}: {count_of(number, 'pod')} {words}",
        since=_since(group),
        detail=(f"rollout {rollout}; " if rollout else "") + pod_words(group.trouble, worst),
        advice=trouble_advice(group.trouble, worst),
        target=Target("deployments", ((owner.namespace, owner.name),))
        if owner.kind == "Deployment"
        else Target("pods", tuple(sorted(group.rows))[:20], owner.name),
    )


def _rollout(group: PodGroup, evidence: Evidence) -> str:
    """How far the rollout is that these pods hold up."""
    owner = group.owner
    if owner.kind != "Deployment":
        return ""
    found = (row for row in evidence.deployments if (row.namespace, row.name) == (owner.namespace, owner.name))
    return next((row.rollout for row in found), "")


_OF_ONE: Final = {
    Trouble.CRASH: "crashes again and again",
    Trouble.IMAGE: "can't pull its image",
    Trouble.UNSCHEDULABLE: "finds no node",
    Trouble.STARTING: "does not start",
    Trouble.EVICTED: "was evicted",
    Trouble.LEAVING: "does not end",
}


def _many(trouble: Trouble, groups: list[PodGroup]) -> Finding:
    number = sum(len(group.rows) for group in groups)
    return Finding(
        subject=f"pods {trouble.value} of {len(groups)} more",
        meaning=_MEANING.get(trouble, Meaning.LOOK),
        title=f"{count_of(number, 'pod')} of {len(groups)} more workloads {_WORDS[trouble]}",
        since=min((since for group in groups if (since := _since(group))), default=0),
        detail=pod_words(trouble, groups[0].worst),
        advice=trouble_advice(trouble, groups[0].worst),
        target=Target("pods"),
    )
