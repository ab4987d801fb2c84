"""What is promised, as data: each figure's bound, aim and the statistic it is judged by; and what was measured.

``SIZED`` figures are measured against a cluster and carry its size: ``complete@33000``.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Samples = Sequence[float]


def median(samples: Samples) -> float:
    """The middle one."""
    return statistics.median(samples)


def percentile(percent: float) -> Callable[[Samples], float]:
    """The smallest sample that ``percent`` of all do not exceed (nearest rank)."""

    def of(samples: Samples) -> float:
        ordered = sorted(samples)
        return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]

    return of


@dataclass(frozen=True, slots=True)
class Statistic:
    """A name and how it is taken of the samples."""

    name: str
    of: Callable[[Samples], float]


MEDIAN = Statistic("median", median)
P95 = Statistic("p95", percentile(95))
P99 = Statistic("p99", percentile(99))
WORST = Statistic("worst", max)


@dataclass(frozen=True, slots=True)
class Limit:
    """Bound and aim; None where there is none."""

    bound: float | None = None
    aim: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``limits`` by size of the cluster in pods; 0 for figures without a cluster, and for any size."""

    key: str
    work: str
    unit: str
    statistic: Statistic = MEDIAN
    limits: Mapping[int, Limit] = field(default_factory=dict)

    def limit(self, size: int) -> Limit:
        """That of the size measured."""
        return self.limits.get(size) or self.limits.get(0) or Limit()


SMALL, BIG, HUGE = 3_000, 33_000, 150_000

FIGURES = (
    Figure("version", "`kubetui --version`", "ms", limits={0: Limit(60)}),
    Figure("first-frame", "start → first frame", "s", limits={0: Limit(0.35, 0.28)}),
    Figure("frame-ratio", "first frame ÷ that of Textual's smallest app", "×"),
    Figure("namespace-rows", "start → rows of one small namespace", "s", limits={0: Limit(0.9, 0.7)}),
    Figure("first-rows", "start → first rows, all namespaces", "s", limits={0: Limit(0.9, 0.8)}),
    Figure("complete", "start → complete Pods pane, all namespaces", "s", limits={BIG: Limit(1.8, 1.5)}),
    Figure("complete-ratio", "complete ÷ `kubectl get pods -A`", "×"),
    Figure("details", "start → all details in", "s"),
    Figure("details-ratio", "all details in ÷ reading and discarding the same pages", "×", limits={BIG: Limit(1.2)}),
    Figure("received", "bytes received until the Pods pane is complete", "MB", limits={BIG: Limit(8)}),
    Figure(
        "resident",
        "resident, Pods pane live",
        "MiB",
        limits={SMALL: Limit(100, 80), BIG: Limit(160, 130), HUGE: Limit(400, 320)},
    ),
    Figure("idle-cpu", "CPU, Pods pane idle", "%", limits={SMALL: Limit(1), BIG: Limit(2)}),
    Figure("idle-bytes", "bytes to the terminal, Pods pane idle", "B/s", limits={0: Limit(50)}),
    Figure("idle-requests", "requests per minute, Pods pane idle", "/min", limits={0: Limit(6)}),
    Figure("idle-nodes-cpu", "CPU, Nodes pane idle", "%", limits={SMALL: Limit(1), BIG: Limit(2)}),
    Figure("idle-nodes-bytes", "bytes to the terminal, Nodes pane idle", "B/s", limits={0: Limit(50)}),
    Figure("idle-nodes-requests", "requests per minute, Nodes pane idle", "/min", limits={0: Limit(6)}),
    Figure("idle-overview-cpu", "CPU, Overview idle", "%", limits={SMALL: Limit(1), BIG: Limit(2)}),
    Figure("idle-overview-bytes", "bytes to the terminal, Overview idle", "B/s", limits={0: Limit(200)}),
    Figure("idle-overview-requests", "requests per minute, Overview idle", "/min", limits={0: Limit(14)}),
    Figure("stall", "longest stall of the event loop, start to live", "ms", WORST, {0: Limit(50, 20)}),
    Figure("stall-own", "the same, without the time that no core was free", "ms", WORST),
    Figure("stall-shared", "longest stall, start to live, sharing all cores with the API server", "ms", WORST),
    Figure("stall-keys", "longest stall while sorting, filtering, changing panes", "ms", WORST, {0: Limit(50, 20)}),
    Figure("stall-keys-own", "the same, without the time that no core was free", "ms", WORST),
    Figure("key", "key → screen while syncing", "ms", P99, {0: Limit(50)}),
    Figure("key-own", "the same, without the time that no core was free", "ms", P99),
    Figure("key-shared", "key → screen while syncing, sharing all cores with the API server", "ms", P99),
    Figure("change", "change in the API → screen, after quiet", "ms", P95, {0: Limit(150, 60)}),
    Figure("row-bytes", "one pod held", "KB", limits={0: Limit(1.3, 1.0)}),
    Figure("row-decode", "one pod decoded and flattened", "µs", limits={0: Limit(40)}),
    Figure("churn-cpu", "CPU at 1,000 changes/s, rows sorted by what changes", "%", limits={0: Limit(25)}),
    Figure(
        "churn-change", "change → screen at 1,000 changes/s, rows sorted by what changes", "ms", P99, {0: Limit(200)}
    ),
    Figure(
        "visible-bytes",
        "bytes to the terminal, 30 rows on screen changing each second",
        "B/s",
        limits={0: Limit(6_500, 2_500)},
    ),
    Figure("slow-stall", "a terminal that takes 10 KB/s: longest stall", "ms", WORST, {0: Limit(50)}),
    Figure("slow-behind", "a terminal that takes 10 KB/s: change → screen", "s", WORST, {0: Limit(2)}),
    Figure("finding", "cause → finding on the Overview, 5,000 nodes, 100 changes/s", "s", WORST, {0: Limit(1)}),
    Figure("finding-cpu", "CPU, Overview, 5,000 nodes, 100 changes/s", "%", limits={0: Limit(5)}),
    Figure("configz-ratio", "configz of 1,000 nodes, 4 in flight ÷ a bare client's time", "×", limits={0: Limit(1.2)}),
    Figure("configz-stall", "the same: longest turn of the event loop", "ms", WORST, {0: Limit(50, 20)}),
    Figure("configz-compared", "5,000 configurations folded and compared", "s", limits={0: Limit(1)}),
    Figure("top-poll", "one Top poll of 5,000 nodes, pods by CPU: CPU time", "s", limits={0: Limit(1)}),
    Figure("top-poll-namespaces", "the same, summed by namespace", "s", limits={0: Limit(1)}),
    Figure("top-poll-stall", "the same: longest turn of the event loop", "ms", WORST, {0: Limit(50, 20)}),
    Figure("logs-lost", "100,000 lines/s of 20 pods into the Logs pane for 60 s: lost", "", WORST, {0: Limit(0)}),
    Figure("logs-twice", "the same: twice", "", WORST, {0: Limit(0)}),
    Figure("logs-taken", "the same: taken in", "lines/s"),
    Figure("logs-behind", "the same: last line written → in the pane", "s", WORST),
    Figure("logs-flood-stall", "the same: longest turn of the event loop", "ms", WORST, {0: Limit(50, 20)}),
    Figure("logs-in", "log lines through the engine, of one core", "lines/s"),
    Figure("logs-held", "resident, 1,000,000 log lines of 120 bytes", "MiB", limits={0: Limit(300, 180)}),
    Figure("logs-filter", "a substring or plain expression among these", "s", WORST, {0: Limit(0.5)}),
    Figure("logs-filter-any", "any expression or a level among these, in steps", "s", WORST, {0: Limit(4)}),
    Figure("logs-filter-stall", "the same: longest step", "ms", WORST, {0: Limit(50, 20)}),
    Figure("logs-once", "200,000 log lines of 4 pods read once, on a real node", "s"),
    Figure("logs-once-ratio", "the same ÷ `kubectl logs`", "×", limits={0: Limit(1.5)}),
    Figure("azure-first", "first nodes → Azure's figures beside them, 5,000 instances", "s", limits={0: Limit(2)}),
    Figure("azure-stall", "the same: longest turn of the event loop", "ms", WORST, {0: Limit(50, 20)}),
    Figure("azure-stall-own", "the same, without the time that no core was free", "ms", WORST),
    Figure("azure-rows-ratio", "start → first nodes with Azure read behind ÷ without", "×"),
    Figure("azure-read", "5,000 instances read, without the screen", "s"),
    Figure("azure-ratio", "the same ÷ reading and discarding the same pages", "×"),
    Figure("beside-textual", "beside it: Textual's smallest app, first frame", "s"),
    Figure("beside-pages", "beside it: reading and discarding the pages of all pods", "s"),
    Figure("beside-kubectl", "beside it: `kubectl get pods -A`", "s"),
    Figure("beside-kubectl-logs", "beside it: `kubectl logs -l` of the same 4 pods", "s"),
    Figure("beside-korvid-rows", "beside it: korvid, first rows, all namespaces", "s"),
    Figure("beside-korvid-resident", "beside it: korvid, resident", "MiB"),
)
BY_KEY = {figure.key: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Measured:
    """Samples of one figure at one size of cluster (pods; 0: no cluster)."""

    key: str
    size: int
    samples: tuple[float, ...]
    at: str = ""
    """When, ``2026-11-21 12:04Z``."""
    revision: str = ""
    """Of the program, as git names it."""

    @property
    def figure(self) -> Figure:
        """What was measured."""
        return BY_KEY[self.key]

    @property
    def value(self) -> float:
        """By the figure's statistic."""
        return self.figure.statistic.of(self.samples)

    @property
    def verdict(self) -> str:
        """``ok``, ``aim`` where that is met too, ``over``, or nothing."""
        limit = self.figure.limit(self.size)
        if limit.bound is None:
            return ""
        if self.value > limit.bound:
            return "over"
        return "aim" if limit.aim is not None and self.value <= limit.aim else "ok"
