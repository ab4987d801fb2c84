"""Findings, one file a subject: pure functions from evidence. Rules that name causes stand before what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, by_weight
from kubetui.insight.findings.components import components
from kubetui.insight.findings.control_plane import control_plane
from kubetui.insight.findings.evictions import evictions
from kubetui.insight.findings.instances import instances
from kubetui.insight.findings.node_machines import node_machines
from kubetui.insight.findings.nodes import nodes
from kubetui.insight.findings.pods import crash_loops, pods
from kubetui.insight.findings.reports import reports
from kubetui.insight.findings.versions import versions
from kubetui.insight.findings.workloads import workloads

Rule = Callable[[Evidence], Iterable[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    control_plane,
    node_machines,
    nodes,
    instances,
    evictions,
    reports,
    versions,
    components,
    workloads,
    crash_loops,
    pods,
)
"""In this order: the API server before machines, those before nodes, nodes before what runs on them."""


def findings(evidence: Evidence) -> list[Finding]:
    """Everything that deserves a look, the worst first."""
    return by_weight(finding for rule in RULES for finding in rule(evidence))
