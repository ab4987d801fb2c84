"""What the Overview's blocks are made from, and what they share in saying it. Pure.

Every figure that is not known is ``–`` and says why.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Final, NamedTuple

from kubetui.cluster.health import HealthPoll
from kubetui.insight.control_plane import LeaseBook
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import NOWHERE, Finding, Target
from kubetui.insight.timeline import Change
from kubetui.store.state import SyncState
from kubetui.ui.state_words import words_for
from kubetui.ui.widgets.board_layout import Below, Block, BoardRow
from kubetui.ui.widgets.row_source import Cell

NOT_KNOWN: Final = Cell("–", "dim")
NOTHING: Final = Cell("")
Targets = dict[tuple[str, Hashable], Target]
"""What stands behind each row: by block and key."""


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
    azure: str = ""
    """How old the look at Azure is; ``""``: there was none."""
    everywhere: bool = True
    """All namespaces are looked at, not some that were chosen."""


class States(NamedTuple):
    """How far each part is in step."""

    nodes: SyncState
    pods: SyncState
    workloads: SyncState
    leases: SyncState


class Blocks(NamedTuple):
    """Blocks, and what stands behind their rows."""

    blocks: Sequence[Block]
    targets: Targets


class Rows:
    """Collects the rows of one block and their targets."""

    def __init__(self, block: str, targets: Targets) -> None:
        self.rows: list[BoardRow] = []
        self._block, self._targets = block, targets

    def add(self, key: Hashable, *cells: Cell, target: Target = NOWHERE, below: Iterable[Below] = ()) -> None:
        """One row, what Enter leads to from it, and the lines that belong to it."""
        self.rows.append(BoardRow(key, cells, tuple(below)))
        if target.kind:
            self._targets[self._block, key] = target

    @property
    def done(self) -> tuple[BoardRow, ...]:
        """All rows, in their order."""
        return tuple(self.rows)


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


def note_of(state: SyncState, now: float) -> Cell:
    """A part's state, where it is not simply in step."""
    words = words_for(state, now)
    if words.word == "live":
        return NOTHING
    return Cell(words.word if words.calm else f"▲ {words.word}", "dim" if words.calm else "look")


def why_not(state: SyncState, now: float) -> Cell:
    """Instead of a figure: that it is not known, and why."""
    words = words_for(state, now)
    return Cell(f"–  {words.word}", "dim" if words.calm else "look")
