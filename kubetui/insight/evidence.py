"""Everything that findings may be made from: what is held, and whether it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kubetui.insight.back_offs import BackOff
from kubetui.insight.components import ComponentState
from kubetui.insight.control_plane import Leader
from kubetui.insight.evictions import Eviction
from kubetui.insight.mismatch_book import MachineEvidence
from kubetui.insight.node_book import NodeBook
from kubetui.insight.node_reports import Reported
from kubetui.insight.pod_book import PodBook
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.deployment_row import DeploymentRow
from kubetui.kinds.kind import Key


@dataclass(frozen=True, slots=True)
class Evidence:
    """A look at one cluster at one moment. What is not known is empty: no rule judges by absence alone."""

    now: float
    """Unix seconds."""
    nodes: NodeBook = field(default_factory=NodeBook)
    pods: PodBook = field(default_factory=PodBook)
    components: Sequence[ComponentState] = ()
    deployments: Sequence[DeploymentRow] = ()
    """Outside kube-system, those that are not well."""
    daemon_sets: Sequence[DaemonSetRow] = ()
    """The same of DaemonSets."""
    noticed: Mapping[Key, float] = field(default_factory=dict)
    """Since when such a workload was seen not to be well; absent or 0: it was so at the first look."""
    reports: Sequence[Reported] = ()
    """What problem detectors said of nodes a moment ago."""
    back_offs: Sequence[BackOff] = ()
    """Crash loops of pods that are not followed themselves."""
    leaders: Sequence[Leader] = ()
    machines: MachineEvidence | None = None
    """The machines under the nodes; None: Azure is not known, or what it said is too old to explain anything."""
    evictions: Sequence[Eviction] = ()
    """Spot machines that were taken back within the hour."""
    server_version: str = ""
    """``v1.36.3``; ``""``: not known."""
    failing_checks: Sequence[str] = ()
    """Of ``/readyz``."""
    failing_since: int = 0
    unreachable: str = ""
    """What came instead of an answer of ``/readyz``."""
    unreachable_advice: str = ""
    """What the error itself says to do about it; ``""``: nothing."""
    unasked: bool = False
    """``unreachable`` tells what kept ``/readyz`` from being asked at all: a sign-in, a certificate."""
    latencies: Sequence[float | None] = ()
    """Seconds that the last readings took, oldest first."""
