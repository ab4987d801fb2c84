"""Deployments and DaemonSets outside kube-system whose rollout stands, or that lost replicas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, Target, count_of, some
from kubetui.insight.findings.components import pod_words
from kubetui.insight.findings.pods import TOLD_HERE
from kubetui.insight.pod_trouble import Owner
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.deployment_row import DeploymentRow
from kubetui.kinds.kind import Meaning

STANDS: Final = 120
"""Seconds without progress after which a rollout is worth a look; its own deadline is often ten minutes."""
LACKING: Final = 60
"""Seconds a Deployment may lack replicas while enough serve: pods are replaced every day."""
_ONE_BY_ONE, _MOST_BAD = 3, 8
"""So many Deployments are told each for itself: of those that go on or lack replicas, and of those that stand."""


def workloads(evidence: Evidence) -> Iterator[Finding]:
    """Deployments, then DaemonSets. What their pods say better is told with the pods."""
    rows = [row for row in evidence.deployments if not _told_by_pods(row, evidence)]
    silent = len(evidence.nodes.not_ready)
    lacking = [row for row in rows if _lacks(row, silent)]
    yield from _rollouts([row for row in rows if not _lacks(row, silent)], evidence)
    yield from _lacking([row for row in lacking if _is_due(row, evidence)], evidence)
    for daemon_set in evidence.daemon_sets:
        explained = 0 < daemon_set.desired - daemon_set.ready <= silent
        if not explained and (daemon_set.meaning is Meaning.ACT or _is_due(daemon_set, evidence)):
            yield _daemon_set(daemon_set, evidence)


def _told_by_pods(row: DeploymentRow, evidence: Evidence) -> bool:
    groups = evidence.pods.of(Owner(row.namespace, "Deployment", row.name))
    crashes = any((one.namespace, one.workload) == (row.namespace, row.name) for one in evidence.back_offs)
    return crashes or any(group.trouble in TOLD_HERE for group in groups)


# --- rollouts


def _rollouts(rows: Sequence[DeploymentRow], evidence: Evidence) -> Iterator[Finding]:
    """Those that go on as they should are one line where they are many, the worst ones never."""
    by_meaning: dict[Meaning, list[Finding]] = {}
    for row in rows:
        finding = _deployment(row, evidence)
        by_meaning.setdefault(finding.meaning, []).append(finding)
    for meaning, found in by_meaning.items():
        most = _MOST_BAD if meaning is Meaning.ACT else _ONE_BY_ONE
        one_by_one = found if len(found) <= most + 1 else found[:most]
        yield from one_by_one
        rest = found[len(one_by_one) :]
        if rest:
            yield _more(meaning, rest)


def _more(meaning: Meaning, rest: Sequence[Finding]) -> Finding:
    words = "roll out" if meaning is Meaning.PLANNED else "do not come further"
    return Finding(
        subject=f"rollouts {meaning.value}",
        meaning=meaning,
        title=f"{count_of(len(rest), 'more Deployment')} {words}",
        since=min((finding.since for finding in rest if finding.since), default=0),
        detail=some((finding.title for finding in rest), 3),
        advice=rest[0].advice,
        target=Target("deployments", tuple(key for finding in rest for key in finding.target.keys)),
    )


def _deployment(row: DeploymentRow, evidence: Evidence) -> Finding:
    standing = row.meaning is Meaning.PLANNED and _stands(row, evidence.now)
    rolling = row.meaning is Meaning.PLANNED and not standing
    name = f"{row.namespace}/{row.name}"
    return Finding(
        subject=f"deployment {name}",
        meaning=Meaning.LOOK if standing else row.meaning,
        title=f"{name} {_words(row, standing=standing)}",
        since=row.unavailable_since or row.progressed,
        detail=row.reason or f"{row.ready} of {row.desired} ready; strategy {row.strategy or 'not told'}",
        advice="wait: it comes further" if rolling and not row.paused else _advice(row),
        target=Target("deployments", ((row.namespace, row.name),)),
    )


def _words(row: DeploymentRow, *, standing: bool) -> str:
    if row.paused:
        return f"is {row.rollout}"
    if standing:
        return f"rollout stands: {row.rollout}"
    if row.meaning is Meaning.PLANNED:
        return f"rolls out: {row.rollout}"
    if row.desired and not row.ready:
        return f"is down: 0/{row.desired} ready"
    return f"{row.ready}/{row.desired} ready" if _lost(row) else row.rollout


def _lost(row: DeploymentRow) -> bool:
    """Its rollout was complete; what is missing now went since."""
    return row.meaning is Meaning.LOOK and not row.reason


def _stands(row: DeploymentRow, now: float) -> bool:
    return not row.paused and bool(row.progressed) and now - row.progressed >= STANDS


def _advice(row: DeploymentRow) -> str:
    if row.paused:
        return "kubectl rollout resume, when it is meant to go on"
    if row.reason.startswith("FailedCreate"):
        return "make room in the quota, or change what admission refuses"
    if row.updated and row.available and not _lost(row):
        return "look at the new pods; kubectl rollout undo brings the old revision back"
    return "look at its pods and their events"


# --- lost replicas


def _lacks(row: DeploymentRow, silent: int) -> bool:
    """Its rollout was complete once, and enough still serve, or nodes that are not ready have the others."""
    lost = row.meaning is Meaning.LOOK and not row.reason and row.ready > 0
    return lost and (silent > 0 or not row.unavailable_since)


def _is_due(row: DeploymentRow | DaemonSetRow, evidence: Evidence) -> bool:
    noticed = evidence.noticed.get((row.namespace, row.name), 0.0)
    return not noticed or evidence.now - noticed >= LACKING


def _lacking(rows: Sequence[DeploymentRow], evidence: Evidence) -> Iterator[Finding]:
    if len(rows) > _ONE_BY_ONE:
        yield _lack(rows, f"{count_of(len(rows), 'Deployment')} lack replicas", evidence)
        return
    for row in rows:
        words = row.rollout if row.ready >= row.desired else f"{row.ready}/{row.desired} ready"
        yield _lack([row], f"{row.namespace}/{row.name} {words}", evidence)


def _lack(rows: Sequence[DeploymentRow], title: str, evidence: Evidence) -> Finding:
    noticed = [evidence.noticed.get((row.namespace, row.name), 0.0) for row in rows]
    each = some((f"{row.namespace}/{row.name} {row.ready}/{row.desired}" for row in rows), 4)
    silent = bool(evidence.nodes.not_ready)
    serve = "enough serve" if not any(row.unavailable_since for row in rows) else "fewer serve than should"
    detail = f"{each}; {serve}" if len(rows) > 1 else serve
    return Finding(
        subject=f"lacking {rows[0].namespace}/{rows[0].name}" if len(rows) == 1 else "lacking replicas",
        meaning=Meaning.LOOK,
        title=title,
        since=min((row.unavailable_since for row in rows if row.unavailable_since), default=int(min(noticed))),
        detail=detail,
        advice=_lack_advice(rows, silent=silent),
        target=Target("deployments", tuple((row.namespace, row.name) for row in rows)),
    )


def _lack_advice(rows: Sequence[DeploymentRow], *, silent: bool) -> str:
    if silent:
        return "bring the nodes back first: pods of a silent node move after 5 minutes"
    if all(row.ready >= row.desired for row in rows):
        return "describe it: its conditions, ReplicaSets and events tell why it goes no further"
    return "look at its pods that are not ready, and their events"


def _daemon_set(row: DaemonSetRow, evidence: Evidence) -> Finding:
    name = f"{row.namespace}/{row.name}"
    groups = [group for group in evidence.pods.of(Owner(row.namespace, "DaemonSet", row.name)) if group.rows]
    words = pod_words(groups[0].trouble, groups[0].worst) if groups else ""
    stray = f"on {row.misscheduled} nodes that should not run it" if row.misscheduled else ""
    return Finding(
        subject=f"daemonset {name}",
        meaning=row.meaning,
        title=f"{name} {row.ready}/{row.desired} nodes ready" if row.ready < row.desired else f"{name} {row.rollout}",
        since=min((group.since for group in groups if group.since), default=_noticed(row, evidence)),
        detail="; ".join(part for part in (words, row.rollout if row.ready < row.desired else "", stray) if part)
        or f"{row.ready}/{row.desired} nodes ready",
        advice=_daemon_set_advice(row),
        target=Target("daemonsets", ((row.namespace, row.name),)),
    )


def _noticed(row: DaemonSetRow, evidence: Evidence) -> int:
    return int(evidence.noticed.get((row.namespace, row.name), 0.0))


def _daemon_set_advice(row: DaemonSetRow) -> str:
    if not row.rolling and row.updated < row.desired <= row.ready:
        return "nothing replaces its pods but deleting them: its strategy is OnDelete"
    if row.meaning is Meaning.PLANNED:
        return "wait: it rolls out"
    return "open it: each node that misses it says why"
