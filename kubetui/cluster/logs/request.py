"""The request for one container's log (``GET …/pods/{name}/log``).

Source: ``PodLogOptions`` in k8s.io/api/core/v1. ``sinceTime`` is sent in whole seconds: the API server drops the
fraction (``LogLocation`` in ``pkg/registry/core/pod/strategy.go``).
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

from kubetui.cluster.transport import Request
from kubetui.store.logs.entry import NANO
from kubetui.store.logs.sources import SourceKey

ACCEPT = "application/json, */*"
"""Errors come as Status objects; the log itself is text/plain, which alone the API server would answer by 406."""


def log_request(
    key: SourceKey,
    *,
    follow: bool = False,
    previous: bool = False,
    tail: int | None = None,
    since: int | None = None,
    since_seconds: float | None = None,
) -> Request:
    """A log with time stamps. ``since`` is a time in ns, ``since_seconds`` counts back on the kubelet's own clock."""
    query = [("container", key.container), ("timestamps", "true")]
    if follow:
        query.append(("follow", "true"))
    if previous:
        query.append(("previous", "true"))
    if tail is not None:
        query.append(("tailLines", str(tail)))
    if since is not None:
        query.append(("sinceTime", datetime.fromtimestamp(since // NANO, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")))
    elif since_seconds is not None:
        query.append(("sinceSeconds", str(max(1, math.ceil(since_seconds)))))
    return Request(
        f"/api/v1/namespaces/{key.namespace}/pods/{key.pod}/log",
        f"read the log of {key.namespace}/{key.pod} {key.container}",
        tuple(query),
        accept=ACCEPT,
        # A container that is followed may rightly say nothing for hours; a dead peer is found by TCP, and by asking
        # for the last line. What is read once comes without a break.
        silence=math.inf if follow else None,
    )
