"""Versions that differ within a pool, and kubelets too far behind their API server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, Target, count_of
from kubetui.insight.findings.instances import joining_instances
from kubetui.insight.findings.nodes import joins
from kubetui.insight.maintenance import Under, under_maintenance
from kubetui.insight.pools import Pool
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node import short_image, version_key
from kubetui.kinds.node_row import NodeRow

MOST_BEHIND: Final = 3
"""Minor versions a kubelet may be older than its API server (https://kubernetes.io/releases/version-skew-policy/)."""
_UNDER_WAY: Final = 1800
"""Seconds since a pool's youngest node came in which its upgrade counts as going on."""


def versions(evidence: Evidence) -> Iterator[Finding]:
    """Too old first, then pools of several versions, then pools behind the control plane."""
    server = version_key(evidence.server_version)[:2]
    for pool in evidence.nodes.pools:
        if not pool.versions:
            continue
        oldest, number = pool.versions[-1]
        behind = _behind(server, oldest)
        if behind > MOST_BEHIND:
            yield _finding(
                pool, Meaning.ACT, evidence,
                title=f"kubelet {oldest} on {count_of(number, 'node')} of pool {pool.name}",
                detail=f"{behind} minor versions behind the API server; {MOST_BEHIND} are supported",
                advice="upgrade the pool",
            )  # fmt: skip
        elif len(pool.versions) > 1 or len(pool.images) > 1:
            yield _mixed(pool, evidence)
        elif behind > 0:
            yield _finding(
                pool, Meaning.PLANNED, evidence,
                title=f"pool {pool.name} is behind: kubelet {oldest}",
                detail=f"the API server is {evidence.server_version}; "
                f"{count_of(behind, 'minor version')} behind, {MOST_BEHIND} are supported",
                advice="upgrade the pool when it suits",
            )  # fmt: skip


def _behind(server: tuple[int, ...], kubelet: str) -> int:
    """Minor versions; 0 where either is not known."""
    own = version_key(kubelet)[:2]
    if len(server) < 2 or len(own) < 2 or server[0] != own[0]:
        return 0
    return max(0, server[1] - own[1])


def _mixed(pool: Pool, evidence: Evidence) -> Finding:
    what, spread = ("kubelet", pool.versions) if len(pool.versions) > 1 else ("node image", pool.images)
    old = sum(number for _, number in spread[1:])
    upgrading = _upgrading(pool, evidence)
    # Azure knows; without it an upgrade is guessed from nodes that are drained or came lately.
    guessed = pool.cordoned > 0 or evidence.now - _youngest(pool, evidence) < _UNDER_WAY
    going_on = guessed if upgrading is None else upgrading
    under = None if going_on else _under(pool, evidence)
    state = "is mid-upgrade" if going_on else "waits in the middle of an upgrade" if under else "stopped half way"
    coming = _coming(pool, evidence)
    return _finding(
        pool, Meaning.PLANNED if going_on or under else Meaning.LOOK, evidence,
        title=f"pool {pool.name} {state}: {old} of {pool.nodes} nodes old",
        detail=f"{what} {', '.join(f'{version} on {number}' for version, number in spread)}"
        + (f"; {pool.cordoned} cordoned" if pool.cordoned else "")
        + (f"; {coming} joining" if coming else "")
        + (f"; {under.words}" if under else ""),
        advice="watch it: new nodes join, old ones are drained" if going_on
        else "AKS goes on within the window; look again once it has closed" if under
        else "go on with the upgrade, or look at what stopped it: quota, PodDisruptionBudgets, drain errors",
    )  # fmt: skip


def _coming(pool: Pool, evidence: Evidence) -> int:
    """Instances and nodes that join."""
    registered = sum(joins(row, evidence.now) for row in evidence.nodes.of_pool(pool.name))
    return registered + len(joining_instances(evidence, pool.name))


def _upgrading(pool: Pool, evidence: Evidence) -> bool | None:
    """Whether Azure upgrades the pool, or changes its machines otherwise; None where Azure is not known."""
    machines = evidence.machines.joined.pools.get(pool.name) if evidence.machines is not None else None
    if machines is None or machines.agent is None:
        return None
    return bool(machines.changing)


def _under(pool: Pool, evidence: Evidence) -> Under | None:
    """The maintenance window, open now, in which AKS brings the pool up to date."""
    if evidence.machines is None:
        return None
    found = under_maintenance(evidence.machines.clusters, evidence.now).get(pool.name)
    return found if found is not None and (found.versions or len(pool.versions) == 1) else None


def _youngest(pool: Pool, evidence: Evidence) -> int:
    return max((row.created for row in evidence.nodes.of_pool(pool.name)), default=0)


def _finding(pool: Pool, meaning: Meaning, evidence: Evidence, *, title: str, detail: str, advice: str) -> Finding:
    members = evidence.nodes.of_pool(pool.name)
    new: list[NodeRow] = []
    old: list[NodeRow] = []
    for row in members:
        is_new = (row.kubelet.removeprefix("v"), short_image(row.image)) == _newest(pool)
        (new if is_new else old).append(row)
    # Since its first node of the newest version is there the others are old; no node tells when that was decided.
    since = min((row.created for row in new), default=0) if old else 0
    keys = tuple(("", row.name) for row in old or members)
    return Finding(f"versions of {pool.name}", meaning, title, since, detail, advice, Target("nodes", keys))


def _newest(pool: Pool) -> tuple[str, str]:
    return pool.versions[0][0], pool.images[0][0] if pool.images else ""
