"""The Overview's blocks, the most urgent first: what is wrong, components, pools, and the right column's. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kubetui.insight.components import ComponentState
from kubetui.insight.finding import Finding, Target
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_meaning import worst
from kubetui.store.state import Phase
from kubetui.ui.feed import KNOWN
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.node_columns import pool_name
from kubetui.ui.overview_picture import NOT_KNOWN, NOTHING, Blocks, Picture, Rows, Targets, note_of, since_text
from kubetui.ui.overview_right_blocks import changes, control_plane, totals
from kubetui.ui.state_words import count
from kubetui.ui.widgets.board_layout import Below, Block, Side, is_wide
from kubetui.ui.widgets.row_source import Cell, ColumnSpec

ADVISED, ADVISED_NARROW = 6, 3
"""Findings that say what to do next at once, on a wide screen and on a narrow one."""
MOST_FINDINGS: Final = 40
_WAY_IN: Final = "n chooses a namespace that you may look at"


def blocks_of(picture: Picture) -> Blocks:
    """All blocks, the most urgent first, which is the order of a narrow screen."""
    targets: Targets = {}
    blocks = [
        _wrong(picture, targets),
        _components(picture, targets),
        totals(picture, targets),
        control_plane(picture, targets),
        _pools(picture, targets),
        changes(picture, targets),
    ]
    return Blocks(blocks, targets)


# --- what is wrong


def _wrong(picture: Picture, targets: Targets) -> Block:
    now, wide = picture.evidence.now, is_wide(picture.width)
    rows = Rows("wrong", targets)
    for place, finding in enumerate(picture.findings[:MOST_FINDINGS]):
        below = [] if wide else [Below(finding.detail)]
        if place < (ADVISED if wide else ADVISED_NARROW) and finding.advice:
            below.append(Below(f"→ {finding.advice}" if not picture.plain else f"> {finding.advice}"))
            below += [Below(f"$ {finding.command}", rows=1)] if finding.command else []  # c copies it whole
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
        spills="detail",
        note=_note(picture) if rows.rows else Cell(picture.azure, "dim"),
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


def _note(picture: Picture) -> Cell:
    """What is missing, and how old the part of it is that is not live."""
    return Cell(", ".join(part for part in (_not_seen(picture).text, picture.azure) if part), "dim")


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
        parts = (f"nothing seen; {missing.text}", _WAY_IN if _kept_out(picture) else "")
        return Cell(" · ".join(part for part in parts if part), "dim")
    sign = mark(Meaning.FINE, plain=picture.plain)
    return Cell(f"{sign} nothing: nodes, components and rollouts are well, no pod waits", "fine")


def _kept_out(picture: Picture) -> bool:
    """The account may not look everywhere, which is where it looks."""
    states = picture.states
    return picture.everywhere and Phase.FORBIDDEN in (states.workloads.phase, states.pods.phase)


# --- components


def _components(picture: Picture, targets: Targets) -> Block:
    rows = Rows("components", targets)
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
        note=note_of(picture.states.workloads, picture.evidence.now),
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
        NOTHING if state.kind == "node" else times if known else NOT_KNOWN,
        Cell(state.version, "" if known else "dim"),
        Cell(state.signal, "dim") if quiet else Cell(f"{mark(state.meaning, plain=plain)} {state.signal}", style),
    )


# --- pools


def _changing(picture: Picture, pool: str) -> str:
    """What Azure does with a pool: ``upgrading``; ``""``: nothing, or Azure is not known."""
    machines = picture.evidence.machines
    found = machines.joined.pools.get(pool) if machines is not None else None
    return found.changing.lower() if found is not None else ""


def _pools(picture: Picture, targets: Targets) -> Block:
    rows = Rows("pools", targets)
    known = picture.states.nodes.phase in KNOWN
    for pool in picture.evidence.nodes.pools if known else ():
        going = _changing(picture, pool.name)
        meaning = worst({pool.meaning, Meaning.PLANNED}) if going else pool.meaning
        style = STYLES[meaning] if pool.ready < pool.nodes else ""
        counted = ((pool.nodes - pool.ready, "not ready"), (pool.cordoned, "cordoned"))
        parts = [f"{count(number)} {word}" for number, word in counted if number]
        status = ", ".join([*parts, going] if going else parts)
        keys = picture.evidence.nodes.keys_of_pool(pool.name)
        rows.add(
            pool.name,
            Cell(pool_name(pool), "bold"),
            Cell(f"{count(pool.ready)}/{count(pool.nodes)}", style),
            Cell(pool.version_text, "look" if len(pool.versions) > 1 else ""),
            Cell(pool.image_text, "look" if len(pool.images) > 1 else ""),
            Cell(f"{mark(meaning, plain=picture.plain)} {status}" if status else "", STYLES[meaning]),
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
            ColumnSpec("status", "STATUS", min_width=6, max_width=32, priority=1, keep=20),
        ),
        rows.done,
        Side.LEFT,
        note=note_of(picture.states.nodes, picture.evidence.now),
        empty=Cell("no nodes" if known else "–", "dim"),
        heads=True,
    )
