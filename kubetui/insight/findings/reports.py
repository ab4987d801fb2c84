"""What problem detectors reported of nodes a moment ago."""

from __future__ import annotations

from collections.abc import Iterator

from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, Target, count_of
from kubetui.insight.node_reports import REPORTS


def reports(evidence: Evidence) -> Iterator[Finding]:
    """One for each kind of report, with the detector's own words."""
    for reported in evidence.reports:
        report = REPORTS[reported.reason]
        number = len(reported.nodes)
        where = reported.nodes[0] if number == 1 else count_of(number, "node")
        yield Finding(
            subject=f"report {reported.reason}",
            meaning=report.meaning,
            title=f"{report.title}: {where}",
            since=reported.first,
            detail=f"{report.detail}; {reported.message}",
            advice=report.advice,
            target=Target("nodes", tuple(("", name) for name in reported.nodes)),
        )
