"""A Deployment's ReplicaSets with their pods, as lines of a table under the pods' columns."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kubetui.insight.revisions import image_words, newest_first
from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Key
from kubetui.kinds.pod import POD_COLUMNS
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.replica_set import ReplicaSetRow
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.row_tree import Entry, RowTree
from kubetui.ui.view_source import cell_of
from kubetui.ui.widgets.row_source import Cell


@dataclass(frozen=True, slots=True)
class RevisionKey:
    """The key of a ReplicaSet's line."""

    name: str


def revision_columns() -> tuple[Column[PodRow], ...]:
    """The pods' own, with a column for what only ReplicaSets have."""
    own = {column.title: column for column in POD_COLUMNS}
    shown = ("NAME", "READY", "STATUS", "RESTARTS", "AGE", "REASON")
    image: Column[PodRow] = Column("IMAGE", lambda row, now: "", lambda row: "", width=8, max_width=64, priority=3)
    rest = [own[title] for title in ("NODE", "IP", "QOS", "CPU REQ/LIM", "MEM REQ/LIM")]
    return (*(own[title] for title in shown), image, *rest)


class RevisionTree(RowTree):
    """Laid out from the ReplicaSets and the pods in view."""

    def __init__(self, newest: Callable[[Key], PodRow | None], columns: Sequence[Column[PodRow]]) -> None:
        super().__init__(self._cells)
        self._newest = newest
        self.columns = columns
        self.now = 0.0
        self._sets: dict[str, ReplicaSetRow] = {}
        self._words: dict[str, tuple[str, str]] = {}
        self._folded: set[str] = set()
        self._bare: frozenset[str] = frozenset()
        """ReplicaSets without pods."""

    def build(
        self,
        sets: Iterable[ReplicaSetRow],
        pods: Iterable[PodRow],
        *,
        sort: Callable[[PodRow], Any] | None,
        reverse: bool,
        everything: bool,
    ) -> int:
        """Lay the lines out anew; how many pods are among them.

        ``everything``: the pods were chosen by a filter, so that ReplicaSets without one are left out.
        """
        ordered = newest_first(sets)
        self._sets = {row.name: row for row in ordered}
        self._words = _words_of(ordered)
        members: dict[str, list[PodRow]] = {}
        for pod in pods:
            if pod.owner_kind == "ReplicaSet" and pod.owner in self._sets:
                members.setdefault(pod.owner, []).append(pod)
        self._bare = frozenset(row.name for row in ordered if row.name not in members)
        entries: list[Entry] = []
        for row in ordered:
            rows = members.get(row.name, [])
            if everything and not rows:
                continue
            rows.sort(key=sort or (lambda pod: pod.name), reverse=reverse)
            unfolded = row.name not in self._folded
            entries.append(Entry(RevisionKey(row.name), expanded=unfolded if rows else None))
            if unfolded:
                entries += [Entry((pod.namespace, pod.name), depth=1) for pod in rows]
        self.lay(entries)
        return sum(len(rows) for rows in members.values())

    def turn(self, name: str) -> None:
        """Fold or unfold a ReplicaSet."""
        self._folded ^= {name}

    def turn_all(self) -> None:
        """Unfold all; if they are, fold them."""
        self._folded = set() if self._folded else set(self._sets)

    def replica_set(self, key: Hashable) -> ReplicaSetRow | None:
        """The ReplicaSet of a line."""
        return self._sets.get(key.name) if isinstance(key, RevisionKey) else None

    def _cells(self, key: Hashable) -> Sequence[Cell]:
        row = self.replica_set(key)
        if row is not None:
            return [self._cell(column.title, row) for column in self.columns]
        pod = self._newest(key) if isinstance(key, tuple) else None
        return [cell_of(column, pod, self.now) for column in self.columns] if pod is not None else ()

    def _cell(self, title: str, row: ReplicaSetRow) -> Cell:
        words, images = self._words[row.name]
        meaning = row.meaning
        if title == "NAME":
            indent = "  " if row.name in self._bare else ""  # where the others have their mark
            return Cell(f"{indent}{row.name}", "total" if row.desired or row.current else "dim")
        if title == "READY":
            return Cell(f"{row.ready}/{row.desired}", STYLES[meaning] or ("total" if row.desired else "dim"))
        if title == "STATUS":
            shown = mark(meaning) if STYLES[meaning] else " "
            return Cell(f"{shown} {words}", STYLES[meaning] or "dim")
        texts = {"AGE": age(row.created, self.now), "REASON": row.reason, "IMAGE": images}
        return Cell(texts.get(title, ""), "act" if title == "REASON" else "")


def _words_of(ordered: Sequence[ReplicaSetRow]) -> dict[str, tuple[str, str]]:
    """Each ReplicaSet's status and images: the newest against the one before it, the others against the newest."""
    found = {}
    for at, row in enumerate(ordered):
        number = f"revision {row.revision}" if row.revision else "no revision"
        if at == 0:
            before = ordered[1] if len(ordered) > 1 else None
            found[row.name] = (f"{number}, current", image_words(row, before, only_changes=False))
        else:
            found[row.name] = (number, image_words(row, ordered[0], only_changes=True))
    return found
