"""The Overview's right column: nodes and pods counted, the control plane, the latest changes. Pure."""

from __future__ import annotations

import re
from typing import Final

from kubetui.cluster.health import Reading
from kubetui.insight.control_plane import LEADERS
from kubetui.insight.finding import NOWHERE, Target
from kubetui.insight.pod_trouble import Trouble
from kubetui.kinds.kind import Meaning
from kubetui.store.state import Phase, SyncState
from kubetui.ui.feed import KNOWN
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.moments import SECOND_OF_DAY, local_times, moment
from kubetui.ui.overview_picture import NOT_KNOWN, NOTHING, Picture, Rows, Targets, note_of, since_text, why_not
from kubetui.ui.state_words import count
from kubetui.ui.widgets.board_layout import Below, Block, Side, is_wide
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Style
from kubetui.ui.widgets.sparkline import sparkline

MOST_CHANGES: Final = 40
_LATENCIES: Final = 8
"""The latest: what is cut off for want of room would be the newest."""
ROOMY: Final = 160
"""Cells from which long names are written out in a right column."""
_INSTANCE: Final = re.compile(r"aks-[a-z0-9]{1,12}-[0-9]+-vmss(?P<number>[0-9a-z]{6})", re.ASCII)
_PHASES: Final = ("Running", "Pending", "Failed", "Unknown")
_TROUBLES: Final = (
    (Trouble.CRASH, "crashing"),
    (Trouble.IMAGE, "image not pulled"),
    (Trouble.CONFIG, "not created"),
    (Trouble.UNSCHEDULABLE, "no node"),
    (Trouble.UNREADY, "not ready"),
    (Trouble.EVICTED, "evicted"),
)


def totals(picture: Picture, targets: Targets) -> Block:
    """Nodes and pods: how many, how many of them in trouble."""
    rows = Rows("totals", targets)
    evidence, states = picture.evidence, picture.states
    nodes = evidence.nodes
    if states.nodes.phase in KNOWN:
        silent = len(nodes.not_ready)
        cordoned = sum(pool.cordoned for pool in nodes.pools)
        words = [f"{count(len(nodes) - silent)}/{count(len(nodes))} ready"]
        words += [f"{count(number)} {word}" for number, word in ((cordoned, "cordoned"),) if number]
        rows.add("nodes", Cell("nodes"), Cell(", ".join(words), "look" if silent else ""), target=Target("nodes"))
    else:
        rows.add("nodes", Cell("nodes"), why_not(states.nodes, evidence.now), target=Target("nodes"))
    rows.add("pods", Cell("pods"), _pods_cell(picture), target=Target("pods"))
    troubles = [(sum(len(group.rows) for group in evidence.pods.groups(trouble)), word) for trouble, word in _TROUBLES]
    found = ", ".join(f"{count(number)} {word}" for number, word in troubles if number)
    if states.pods.phase in KNOWN:
        rows.add(
            "troubles",
            Cell("in trouble"),
            Cell(found, "look") if found else Cell("none", "dim"),
            target=Target("pods") if found else NOWHERE,
            below=[] if picture.whole else [Below("running pods: kube-system's only")],
        )
    return _facts("totals", "Nodes and pods", rows, note=note_of(states.pods, evidence.now))


def _pods_cell(picture: Picture) -> Cell:
    """All of them, and how many are in each phase, as far as that is followed."""
    pods, state = picture.evidence.pods, picture.states.pods
    if state.phase not in KNOWN:
        return why_not(state, picture.evidence.now)
    about = "–" if picture.pod_count is None else f"~{count(picture.pod_count)}"
    total = count(len(pods)) if picture.whole else about
    # Of other namespaces only pods that neither run nor are done may be followed: then nobody counts the others.
    shown = [phase for phase in _PHASES if pods.phases[phase] and (picture.whole or phase != "Running")]
    parts = [f"{count(pods.phases[phase])} {phase}" for phase in shown]
    return Cell(", ".join([total, *parts]))


def _facts(block: str, title: str, rows: Rows, note: Cell = NOTHING) -> Block:
    """Names and what is known of each."""
    columns = (
        ColumnSpec("name", "", min_width=10, max_width=18, priority=0),
        ColumnSpec("text", "", min_width=10, max_width=120, priority=0),
    )
    return Block(block, title, columns, rows.done, Side.RIGHT, note=note, folds="text")


# --- control plane


def control_plane(picture: Picture, targets: Targets) -> Block:
    """The API server's own checks, its latency, and who leads."""
    rows = Rows("control", targets)
    health = picture.health
    line = sparkline(health.latencies, _LATENCIES, low=0.0, unicode=not picture.plain).strip()
    for name, reading, other in (("readyz", health.ready, health.live), ("livez", health.live, health.ready)):
        cell = _reading_cell(reading)
        if reading is not None and reading.ok and _of_the_past(reading, other, picture.states.nodes):
            cell = Cell(f"–  ok {since_text(reading.at, picture.evidence.now)} ago", "dim")
        elif name == "readyz" and reading is not None and reading.ok:
            cell = Cell(f"{cell.text:<9} {line}", cell.style)
        rows.add(name, Cell(name), cell, target=Target("readyz"))
    ready = health.ready
    etcd = next((check for check in ready.checks if check.name == "etcd"), None) if ready is not None else None
    past = ready is not None and _of_the_past(ready, health.live, picture.states.nodes)
    if etcd is not None and past:
        rows.add("etcd", Cell("etcd"), NOT_KNOWN, target=Target("readyz"))
    elif etcd is not None:
        rows.add("etcd", Cell("etcd"), Cell("ok") if etcd.passed else Cell("fails", "act"), target=Target("readyz"))
    _leases(picture, rows)
    return _facts("control", "Control plane", rows)


def _of_the_past(reading: Reading, other: Reading | None, nodes: SyncState) -> bool:
    """Whether contact was lost after ``reading``: the next question had no answer, or the nodes' watch none."""
    if other is not None and other.at > reading.at and other.seconds is None:
        return True
    return nodes.phase is Phase.STALE and nodes.since is not None and reading.at <= nodes.since


def _reading_cell(reading: Reading | None) -> Cell:
    if reading is None:
        return Cell("–  asking", "dim")
    if reading.forbidden:
        return Cell("forbidden: get /readyz", "look")
    took = "" if reading.seconds is None else f"{reading.seconds * 1000:.0f} ms"
    if reading.ok:
        return Cell(f"ok {took}", "")
    if not reading.asked:
        return Cell("–  not asked", "look")
    if reading.failing:
        return Cell(f"fails: {', '.join(reading.failing[:3])}", "act")
    return Cell(reading.error or "no answer", "act")


def _leases(picture: Picture, rows: Rows) -> None:
    """Who leads; a lease that is absent is no fault: on most clusters not every leader shows itself."""
    state, now = picture.states.leases, picture.evidence.now
    if state.phase not in KNOWN:
        rows.add("leases", Cell("leases"), why_not(state, now))
        return
    for lease, name in LEADERS:
        leader = picture.leases.leader(lease, name, now)
        target = Target("leases", (("kube-system", lease),))
        if leader is None:
            if lease in ("kube-scheduler", "kube-controller-manager"):
                rows.add(lease, Cell(name), Cell("–  no lease in kube-system", "dim"))
        elif state.phase is not Phase.LIVE:
            rows.add(lease, Cell(name), NOT_KNOWN, target=target)
        elif leader.late:
            text = (
                f"{mark(Meaning.ACT, plain=picture.plain)} lease not renewed for {since_text(now - leader.late, now)}"
            )
            rows.add(lease, Cell(name), Cell(text, "act"), target=target)
        else:
            led = f", changed {leader.transitions}×" if leader.transitions else ""
            rows.add(lease, Cell(name), Cell(f"leads{led}"), target=target)
    servers = picture.leases.api_servers(now)
    if servers:
        rows.add("servers", Cell("API servers"), Cell(f"{servers} with a lease"))


# --- latest changes


def changes(picture: Picture, targets: Targets) -> Block:
    """The latest changes, the newest first."""
    rows = Rows("changes", targets)
    roomy = picture.width >= ROOMY or not is_wide(picture.width)
    for change in picture.changes[:MOST_CHANGES]:
        when = moment(change.at, SECOND_OF_DAY).removesuffix("Z")
        sign = mark(change.meaning, plain=picture.plain)
        subject = change.subject if roomy else short_name(change.subject, "..." if picture.plain else "…")
        style: Style = "" if change.meaning is Meaning.FINE else STYLES[change.meaning]
        rows.add(
            (change.at, change.subject, change.words),
            Cell(when, "dim"),
            Cell(f"{sign} {subject} {change.words}", style),
            target=change.target,
        )
    columns = (
        ColumnSpec("when", "", min_width=8, max_width=8, priority=0),
        ColumnSpec("words", "", min_width=10, max_width=120, priority=0),
    )
    return Block(
        "changes",
        "Latest changes",
        columns,
        rows.done,
        Side.RIGHT,
        note=Cell("local" if local_times() else "UTC", "dim"),
        folds="words",
        empty=Cell("none within the last hour" if _anything_known(picture) else "–", "dim"),
    )


def _anything_known(picture: Picture) -> bool:
    return any(state.phase in KNOWN for state in (picture.states.nodes, picture.states.workloads, picture.states.pods))


def short_name(name: str, ellipsis: str = "…") -> str:
    """An instance of a VM scale set by its number: ``…00000h`` of ``aks-general-27182818-vmss00000h``.

    Other names stay as they are.
    """
    found = _INSTANCE.fullmatch(name)
    return f"{ellipsis}{found['number']}" if found else name
