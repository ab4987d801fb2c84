"""The text of the ConfigMap ``cluster-autoscaler-status``, as cluster-autoscaler writes it since 1.30."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kubetui.demo.moment import rfc3339


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """One node group. Times are Unix seconds."""

    name: str
    ready: int
    registered: int
    target: int
    least: int
    most: int
    unregistered: int = 0
    long_unregistered: int = 0
    scale_up: str = "NoActivity"
    since: float = 0.0
    """Since when ``scale_up`` is what it is."""
    error: tuple[str, str] = ("", "")
    """Code and message, while it backs off."""


def go_time(moment: float) -> str:
    """``2026-10-02 14:29:22.999645000 +0000 UTC``: how Go prints a time."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S.%f}000 +0000 UTC"


def autoscaler_status(groups: Sequence[GroupStatus], now: float, since: float) -> str:
    """The whole; ``since``: when the cluster's own health last changed."""
    ready, registered = sum(one.ready for one in groups), sum(one.registered for one in groups)
    up = any(one.scale_up == "InProgress" for one in groups)
    lines = [
        f"time: {go_time(now)}",
        "autoscalerStatus: Running",
        "clusterWide:",
        "  health:",
        "    status: Healthy",
        *_counts(ready, registered, 0, 0, "    "),
        *_times(now, since, "    "),
        "  scaleUp:",
        f"    status: {'InProgress' if up else 'NoActivity'}",
        *_times(now, since, "    "),
        "  scaleDown:",
        "    status: NoCandidates",
        *_times(now, since, "    "),
        "nodeGroups:" if groups else "nodeGroups: []",
    ]
    for one in groups:
        lines += _group(one, now, since)
    return "\n".join(lines) + "\n"


def _group(one: GroupStatus, now: float, since: float) -> Iterable[str]:
    yield f"- name: {one.name}"
    yield "  health:"
    yield "    status: Healthy"
    yield from _counts(one.ready, one.registered, one.unregistered, one.long_unregistered, "    ")
    yield f"    cloudProviderTarget: {one.target}"
    yield f"    minSize: {one.least}"
    yield f"    maxSize: {one.most}"
    yield from _times(now, since, "    ")
    yield "  scaleUp:"
    yield f"    status: {one.scale_up}"
    code, message = one.error
    if code:
        yield "    backoffInfo:"
        yield f"      errorCode: {code}"
        yield f"      errorMessage: {message}"
    else:
        yield "    backoffInfo: {}"
    yield from _times(now, one.since or since, "    ")
    yield "  scaleDown:"
    yield "    status: NoCandidates"
    yield from _times(now, since, "    ")


def _counts(ready: int, registered: int, unregistered: int, long: int, indent: str) -> Iterable[str]:
    yield f"{indent}nodeCounts:"
    yield f"{indent}  registered:"
    yield f"{indent}    total: {registered}"
    yield f"{indent}    ready: {ready}"
    if long:
        yield f"{indent}  longUnregistered: {long}"
    if unregistered:
        yield f"{indent}  unregistered: {unregistered}"


def _times(now: float, since: float, indent: str) -> Iterable[str]:
    yield f'{indent}lastProbeTime: "{rfc3339(now)}"'
    yield f'{indent}lastTransitionTime: "{rfc3339(since)}"'
