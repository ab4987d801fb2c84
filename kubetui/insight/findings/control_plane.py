"""The API server's own checks, its speed, and leaders that do not renew their lease."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Final

from kubetui.insight.aks_components import NAMESPACE
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, Target, some
from kubetui.kinds.kind import Meaning

SLOW: Final = 1.0
"""Seconds for an answer of a few hundred bytes."""
_LAST: Final = 3
"""Readings that must all be slow."""
_SUPPORT: Final = "nothing in the cluster helps; open a support case where a provider runs the control plane"


def control_plane(evidence: Evidence) -> Iterator[Finding]:
    """Checks that fail, answers that do not come or come late, leaders that are silent."""
    if evidence.failing_checks:
        yield Finding(
            subject="readyz",
            meaning=Meaning.ACT,
            title=f"API server not ready: {some(evidence.failing_checks)}",
            since=evidence.failing_since,
            detail="checks of /readyz fail; watches may end and lists be old",
            advice=_SUPPORT,
            target=Target("readyz"),
        )
    elif evidence.unreachable:
        yield Finding(
            subject="readyz",
            meaning=Meaning.ACT,
            title="API server can't be asked" if evidence.unasked else "API server does not answer /readyz",
            since=evidence.failing_since,
            detail=evidence.unreachable,
            advice=evidence.unreachable_advice
            or "check the way to it: VPN, proxy, authorized IP ranges; then the provider's status page",
            target=Target("readyz"),
        )
    yield from _slow(evidence)
    for leader in evidence.leaders:
        if leader.late:
            yield Finding(
                subject=f"lease {leader.lease}",
                meaning=leader.meaning,
                title=f"{leader.lease} does not renew its lease",
                since=int(evidence.now - leader.late),
                detail=f"last holder {leader.holder or 'nobody'}",
                advice=_SUPPORT,
                target=Target("leases", ((NAMESPACE, leader.lease),)),
            )


def _slow(evidence: Evidence) -> Iterator[Finding]:
    last = [seconds for seconds in evidence.latencies[-_LAST:] if seconds is not None]
    if len(last) == _LAST and min(last) >= SLOW:
        usual = median([seconds for seconds in evidence.latencies if seconds is not None])
        yield Finding(
            subject="slow API server",
            meaning=Meaning.LOOK,
            title=f"API server is slow: {last[-1]:.1f} s for /readyz",
            since=0,
            detail=f"the last {_LAST} readings took {min(last):.1f} s and more; the usual one here {usual:.2f} s",
            advice="the way to it, or who asks it so much: see API priority and fairness",
            target=Target("readyz"),
        )
