"""The Overview's blocks, made from what is known. Pure: every figure that is not known is ``–`` and says why."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from typing import Final, NamedTuple

from kubetui.cluster.health import HealthPoll, Reading
from kubetui.insight.components import ComponentState
from kubetui.insight.control_plane import LEADERS, LeaseBook
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import NOWHERE, Finding, Target
from kubetui.insight.pod_trouble import Trouble
from kubetui.insight.timeline import Change
from kubetui.kinds.kind import Meaning
from kubetui.store.state import Phase, SyncState
from kubetui.ui.feed import KNOWN
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.moments import SECOND_OF_DAY, local_times, moment
from kubetui.ui.node_columns import pool_name
from kubetui.ui.state_words import count, words_for
from kubetui.ui.widgets.board_layout import Block, BoardRow, Side, is_wide
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Style
from kubetui.ui.widgets.sparkline import sparkline

ADVISED, ADVISED_NARROW = 6, 3
"""Findings that say what to do next at once, on a wide screen and on a narrow one."""
MOST_FINDINGS: Final = 40
MOST_CHANGES: Final = 40
ROOMY: Final = 160
"""Cells from which long names are written out in a right column."""
_INSTANCE: Final = re.compile(r"aks-[a-z0-9]{1,12}-[0-9]+-vmss(?P<number>[0-9a-z]{6})", re.ASCII)
NOT_KNOWN: Final = Cell("–", "dim")
_NOTHING: Final = Cell("")


class Picture(NamedTuple):
    """What the blocks are made from."""

    evidence: Evidence
    findings: Sequence[Finding]
    changes: Sequence[Change]
    health: HealthPoll
    leases: LeaseBook
    states: States
    whole: bool
    """All pods are followed, not only those that need a look."""
    pod_count: int | None
    width: int
    plain: bool
    """Signs in ASCII."""


class States(NamedTuple):
    """How far each part is in step."""

    nodes: SyncState
    pods: SyncState
    workloads: SyncState
    leases: SyncState


class Blocks(NamedTuple):
    """Blocks, and what stands behind their rows."""

    blocks: Sequence[Block]
    targets: dict[tuple[str, Hashable], Target]


class _Rows:
    """Collects the rows of one block and their targets."""

    def __init__(self, block: str, targets: dict[tuple[str, Hashable], Target]) -> None:
        self.rows: list[BoardRow] = []
        self._block, self._targets = block, targets

    def add(self, key: Hashable, *cells: Cell, target: Target = NOWHERE, below: Iterable[Cell] = ()) -> None:
        self.rows.append(BoardRow(key, cells, tuple(below)))
        if target.kind:
            self._targets[self._block, key] = target

    @property
    def done(self) -> tuple[BoardRow, ...]:
        return tuple(self.rows)


def blocks_of(picture: Picture) -> Blocks:
    """All blocks, the most urgent first, which is the order of a narrow screen."""
    targets: dict[tuple[str, Hashable], Target] = {}
    blocks = [
        _wrong(picture, targets),
        _components(picture, targets),
        _totals(picture, targets),
        _control_plane(picture, targets),
        _pools(picture, targets),
        _changes(picture, targets),
    ]
    return Blocks(blocks, targets)


def since_text(since: float, now: float) -> str:
    """A coarse age that changes seldom: ``20s``, ``3m``, ``2h``, ``4d``; ``""`` where it is not known."""
    if not since:
        return ""
    seconds = max(0, int(now - since))
    if seconds < 60:
        return f"{seconds // 10 * 10}s" if seconds >= 10 else "<10s"
    for size, unit, most in ((60, "m", 120), (3600, "h", 48)):
        if seconds < size * most:
            return f"{seconds // size}{unit}"
    return f"{seconds // 86_400}d"


def _note(state: SyncState, now: float) -> Cell:
    """A part's state, where it is not simply in step."""
    words = words_for(state, now)
    if words.word == "live":
        return _NOTHING
    return Cell(words.word if words.calm else f"▲ {words.word}", "dim" if words.calm else "look")


# --- what is wrong


def _wrong(picture: Picture, targets: dict[tuple[str, Hashable], Target]) -> Block:
    now, wide = picture.evidence.now, is_wide(picture.width)
    rows = _Rows("wrong", targets)
    for place, finding in enumerate(picture.findings[:MOST_FINDINGS]):
        below = [] if wide else [Cell(finding.detail)]
        if place < (ADVISED if wide else ADVISED_NARROW) and finding.advice:
            below.append(Cell(f"→ {finding.advice}" if not picture.plain else f"> {finding.advice}"))
        title = f"{mark(finding.meaning, plain=picture.plain)} {finding.title}"
        cells = [Cell(title, STYLES[finding.meaning]), Cell(since_text(finding.since, now))]
        if wide:
            cells.append(Cell(finding.detail))
        rows.add(finding.subject, *cells, target=finding.target, below=below)
    columns = [ColumnSpec("title", "", min_width=20, max_width=90, priority=0),
               ColumnSpec("since", "", right=True, min_width=4, max_width=4, priority=1),
               ColumnSpec("detail", "", min_width=20, max_width=200, priority=3)]  # fmt: skip
    return Block(
        "wrong",
        _wrong_title(picture.findings),
        tuple(columns if wide else columns[:2]),
        rows.done,
        note=_not_seen(picture) if rows.rows else _NOTHING,
        empty=_nothing_wrong(picture),
    )


def _wrong_title(findings: Sequence[Finding]) -> str:
    if not findings:
        return "What is wrong"
    counts = [
        (sum(finding.meaning is meaning for finding in findings), word)
        for meaning, word in ((Meaning.ACT, "to act on"), (Meaning.LOOK, "to look at"), (Meaning.PLANNED, "planned"))
    ]
    return "What is wrong: " + ", ".join(f"{number} {word}" for number, word in counts if number)


def _not_seen(picture: Picture) -> Cell:
    """What findings could not be made from."""
    states = picture.states
    missing = [
        name
        for name, state in (("nodes", states.nodes), ("workloads", states.workloads), ("pods", states.pods))
        if state.phase not in KNOWN
    ]
    return Cell(f"{', '.join(missing)} not known" if missing else "", "dim")


def _nothing_wrong(picture: Picture) -> Cell:
    missing = _not_seen(picture)
    if missing.text:
        return Cell(f"nothing seen; {missing.text}", "dim")
    sign = mark(Meaning.FINE, plain=picture.plain)
    return Cell(f"{sign} nothing: nodes, components and rollouts are well, no pod waits", "fine")


# --- components


def _components(picture: Picture, targets: dict[tuple[str, Hashable], Target]) -> Block:
    rows = _Rows("components", targets)
    for state in picture.evidence.components:
        rows.add((state.kind, state.name), *_component_cells(state, picture.plain), target=state.target)
    aks = picture.evidence.nodes.is_aks
    return Block(
        "components",
        "AKS components" if aks else "kube-system",
        (
            ColumnSpec("name", "NAME", min_width=12, max_width=40, priority=0),
            ColumnSpec("kind", "KIND", min_width=4, max_width=10, priority=6),
            ColumnSpec("ready", "READY", right=True, min_width=5, priority=1),
            ColumnSpec("restarts", "RESTARTS 1H", right=True, min_width=11, priority=4),
            ColumnSpec("version", "VERSION", min_width=7, max_width=22, priority=3),
            ColumnSpec("signal", "SIGNAL", min_width=8, max_width=48, priority=2),
        ),
        rows.done,
        Side.LEFT,
        note=_note(picture.states.workloads, picture.evidence.now),
        heads=True,
    )


def _component_cells(state: ComponentState, plain: bool) -> tuple[Cell, ...]:
    absent = state.desired == 0
    known = state.ready is not None and not absent
    style = STYLES[state.meaning]
    quiet = state.meaning in (Meaning.FINE, Meaning.PLAIN, Meaning.UNKNOWN)
    restarts = state.restarts
    times = NOT_KNOWN if restarts is None else Cell(restarts.text, "look" if restarts.times >= 3 else "")
    if restarts is not None and not restarts.times:
        times = Cell("0", "dim")
    return (
        Cell(state.name, "dim" if absent else "bold"),
        Cell(state.kind, "dim"),
        Cell(f"{count(state.ready or 0)}/{count(state.desired or 0)}", style) if known else NOT_KNOWN,
        _NOTHING if state.kind == "node" else times if known else NOT_KNOWN,
        Cell(state.version, "" if known else "dim"),
        Cell(state.signal, "dim") if quiet else Cell(f"{mark(state.meaning, plain=plain)} {state.signal}", style),
    )


# --- pools, totals


def _pools(picture: Picture, targets: dict[tuple[str, Hashable], Target]) -> Block:
    rows = _Rows("pools", targets)
    known = picture.states.nodes.phase in KNOWN
    for pool in picture.evidence.nodes.pools if known else ():
        style = STYLES[pool.meaning] if pool.ready < pool.nodes else ""
        status = ", ".join(
            f"{count(number)} {word}"
            for number, word in ((pool.nodes - pool.ready, "not ready"), (pool.cordoned, "cordoned"))
            if number
        )
        keys = tuple(("", row.name) for row in picture.evidence.nodes.of_pool(pool.name))
        rows.add(
            pool.name,
            Cell(pool_name(pool), "bold"),
            Cell(f"{count(pool.ready)}/{count(pool.nodes)}", style),
            Cell(pool.version_text, "look" if len(pool.versions) > 1 else ""),
            Cell(pool.image_text, "look" if len(pool.images) > 1 else ""),
            Cell(f"{mark(pool.meaning, plain=picture.plain)} {status}" if status else "", STYLES[pool.meaning]),
            target=Target("nodes", keys, pool.name),
        )
    return Block(
        "pools",
        "Pools",
        (
            ColumnSpec("pool", "POOL", min_width=12, max_width=44, priority=0),
            ColumnSpec("ready", "READY", right=True, min_width=5, priority=1),
            ColumnSpec("version", "VERSION", min_width=7, max_width=20, priority=2),
            ColumnSpec("image", "IMAGE", min_width=8, max_width=16, priority=5),
            ColumnSpec("status", "STATUS", min_width=6, max_width=32, priority=3),
        ),
        rows.done,
        Side.LEFT,
        note=_note(picture.states.nodes, picture.evidence.now),
        empty=Cell("no nodes" if known else "–", "dim"),
        heads=True,
    )


_PHASES: Final = ("Running", "Pending", "Failed", "Unknown")
_TROUBLES: Final = (
    (Trouble.CRASH, "crash"),
    (Trouble.IMAGE, "image not pulled"),
    (Trouble.CONFIG, "not created"),
    (Trouble.UNSCHEDULABLE, "no node"),
    (Trouble.UNREADY, "not ready"),
    (Trouble.EVICTED, "evicted"),
)


def _totals(picture: Picture, targets: dict[tuple[str, Hashable], Target]) -> Block:
    rows = _Rows("totals", targets)
    evidence, states = picture.evidence, picture.states
    nodes = evidence.nodes
    if states.nodes.phase in KNOWN:
        silent = len(nodes.not_ready)
        cordoned = sum(pool.cordoned for pool in nodes.pools)
        words = [f"{count(len(nodes) - silent)}/{count(len(nodes))} ready"]
        words += [f"{count(number)} {word}" for number, word in ((cordoned, "cordoned"),) if number]
        rows.add("nodes", Cell("nodes"), Cell(", ".join(words), "look" if silent else ""), target=Target("nodes"))
    else:
        rows.add("nodes", Cell("nodes"), _why_not(states.nodes, evidence.now), target=Target("nodes"))
    rows.add("pods", Cell("pods"), _pods_cell(picture), target=Target("pods"))
    troubles = [(sum(len(group.rows) for group in evidence.pods.groups(trouble)), word) for trouble, word in _TROUBLES]
    found = ", ".join(f"{count(number)} {word}" for number, word in troubles if number)
    if states.pods.phase in KNOWN:
        rows.add(
            "troubles",
            Cell("in trouble"),
            Cell(found, "look") if found else Cell("none", "dim"),
            target=Target("pods") if found else NOWHERE,
            below=[] if picture.whole else [Cell("running: kube-system's only")],
        )
    return _facts("totals", "Nodes and pods", rows, note=_note(states.pods, evidence.now))


def _pods_cell(picture: Picture) -> Cell:
    """All of them, and how many are in each phase, as far as that is followed."""
    pods, state = picture.evidence.pods, picture.states.pods
    if state.phase not in KNOWN:
        return _why_not(state, picture.evidence.now)
    about = "–" if picture.pod_count is None else f"~{count(picture.pod_count)}"
    total = count(len(pods)) if picture.whole else about
    # Of other namespaces only pods that neither run nor are done may be followed: then nobody counts the others.
    shown = [phase for phase in _PHASES if pods.phases[phase] and (picture.whole or phase != "Running")]
    parts = [f"{count(pods.phases[phase])} {phase}" for phase in shown]
    return Cell(", ".join([total, *parts]))


def _why_not(state: SyncState, now: float) -> Cell:
    words = words_for(state, now)
    return Cell(f"–  {words.word}", "dim" if words.calm else "look")


def _facts(block: str, title: str, rows: _Rows, note: Cell = _NOTHING) -> Block:
    """Names and what is known of each."""
    columns = (
        ColumnSpec("name", "", min_width=10, max_width=18, priority=0),
        ColumnSpec("text", "", min_width=10, max_width=120, priority=0),
    )
    return Block(block, title, columns, rows.done, Side.RIGHT, note=note)


# --- control plane


def _control_plane(picture: Picture, targets: dict[tuple[str, Hashable], Target]) -> Block:
    rows = _Rows("control", targets)
    health = picture.health
    line = sparkline(health.latencies, 16, low=0.0, unicode=not picture.plain).strip()
    for name, reading in (("readyz", health.ready), ("livez", health.live)):
        cell = _reading_cell(reading)
        if name == "readyz" and reading is not None and reading.ok:
            cell = Cell(f"{cell.text:<10} {line}", cell.style)
        rows.add(name, Cell(name), cell, target=Target("readyz"))
    ready = health.ready
    etcd = next((check for check in ready.checks if check.name == "etcd"), None) if ready is not None else None
    if etcd is not None:
        rows.add("etcd", Cell("etcd"), Cell("ok") if etcd.passed else Cell("fails", "act"), target=Target("readyz"))
    _leases(picture, rows)
    return _facts("control", "Control plane", rows)


def _reading_cell(reading: Reading | None) -> Cell:
    if reading is None:
        return Cell("–  asking", "dim")
    if reading.forbidden:
        return Cell("forbidden: get /readyz", "look")
    took = "" if reading.seconds is None else f"{reading.seconds * 1000:.0f} ms"
    if reading.ok:
        return Cell(f"ok {took}", "")
    if reading.failing:
        return Cell(f"fails: {', '.join(reading.failing[:3])}", "act")
    return Cell(reading.error or "no answer", "act")


def _leases(picture: Picture, rows: _Rows) -> None:
    """Who leads; a lease that is absent is no fault: on most clusters not every leader shows itself."""
    state, now = picture.states.leases, picture.evidence.now
    if state.phase not in KNOWN:
        rows.add("leases", Cell("leases"), _why_not(state, now))
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


def _changes(picture: Picture, targets: dict[tuple[str, Hashable], Target]) -> Block:
    rows = _Rows("changes", targets)
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
        empty=Cell("none within the last hour", "dim"),
    )


def short_name(name: str, ellipsis: str = "…") -> str:
    """An instance of a VM scale set by its number: ``…00000h`` of ``aks-general-27182818-vmss00000h``.

    Other names stay as they are.
    """
    found = _INSTANCE.fullmatch(name)
    return f"{ellipsis}{found['number']}" if found else name
