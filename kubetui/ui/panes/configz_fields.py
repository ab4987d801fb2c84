"""One node's configuration, field by field, beside its pool's majority, what AKS sets and upstream defaults to; or two
nodes' side by side. Changed fields first; ``v`` shows a tree."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from kubetui.cluster.kubelet_config import next_step
from kubetui.cluster.session import Session
from kubetui.commands.subject import Subject, resource_of
from kubetui.insight.kubelet.compare import FieldLine, Side, explained, one_against_all, side_by_side
from kubetui.insight.kubelet.drift import Configured
from kubetui.insight.kubelet.flat import shown
from kubetui.insight.kubelet.survey import own_of
from kubetui.kinds.kind import Column
from kubetui.kinds.node import NODE
from kubetui.store.state import SyncState
from kubetui.ui.configz_book import ConfigzBook
from kubetui.ui.configz_columns import (
    BESIDE,
    MEANING,
    SAME,
    WIDEST,
    FieldRow,
    other_column,
    path_of,
    title_of,
    value_column,
)
from kubetui.ui.configz_words import WHY_WORDS, failed_state
from kubetui.ui.footer import OwnKeys
from kubetui.ui.panes.configz_table import NO_OBJECTS, ConfigzTable
from kubetui.ui.panes.pane import Desk
from kubetui.ui.row_tree import Entry
from kubetui.ui.state_words import span
from kubetui.ui.widgets.live_table import LiveTable
from kubetui.ui.widgets.row_source import Cell
from kubetui.ui.widgets.safe_text import safe


@dataclass(frozen=True, slots=True)
class GroupKey:
    """The line above the fields of one object: ``evictionHard``."""

    name: str


class ConfigzFieldsPane(ConfigzTable[FieldRow]):
    """``sides``: nodes, and how each is called."""

    own_keys: ClassVar[OwnKeys] = OwnKeys(
        {"tree": "tree", "problems": "what differs", "wide": "meanings", "copy": "copy", "save": "save",
         "reconnect": "ask anew"},
        NO_OBJECTS | {"open", "describe"},
    )  # fmt: skip

    def __init__(
        self, desk: Desk, session: Session, book: ConfigzBook, sides: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(desk, session, **kwargs)
        self.book, self._sides = book, tuple(sides)
        self._rows: dict[Hashable, FieldRow] = {}
        self._keeps: Callable[[Configured], bool] | None = None
        self._seen = -1
        self._as_tree, self._on_aks = False, True
        self._folded: set[str] = set()
        self._amounts = (0, 0, 0)
        self._explained = Static(classes="explained")
        # Two lines, so that it stays where it is; a value that needs more has them.
        styles = self._explained.styles
        styles.height, styles.min_height, styles.max_height = "auto", 2, 6
        self._taller = False

    def compose(self) -> ComposeResult:
        """The table, and below it what the field under the cursor means."""
        yield from super().compose()
        yield self._explained

    # --- columns

    @property
    def _alone(self) -> bool:
        return len(self._sides) == 1

    @property
    def all_columns(self) -> Sequence[Column[FieldRow]]:
        """The field, its values, and what others have there."""
        first: Column[FieldRow] = Column(
            "FIELD", path_of, lambda row: row.name.lower(), width=20, max_width=52, priority=0
        )
        if self._alone:
            values = [value_column("VALUE", 0), other_column("POOL", lambda line: line.majority, 2)]
        else:
            values = [
                value_column(title_of(place, title), place, BESIDE) for place, (_, title) in enumerate(self._sides)
            ]
        others = [other_column("AKS SETS", lambda line: line.aks, 3)] if self._on_aks else []
        others.append(other_column("DEFAULT", lambda line: line.upstream, 4))
        return (first, *values, *others, MEANING)

    # --- coming and going

    @property
    def state(self) -> SyncState:
        """The nodes' and the kubelets', these nodes' above all."""
        configs = self.book.configs
        failure = next((found for name, _ in self._sides if (found := configs.failures.get(name)) is not None), None)
        if failure is None or configs.running or configs.stopped is not None:
            return self.book.state
        return failed_state(failure, configs.answers.get(failure.node))

    def refetch(self) -> None:
        """Ask these nodes anew."""
        self.book.fetch(name for name, _ in self._sides)

    def take_back(self) -> bool:
        """Esc stops asking, then clears the search."""
        return self.book.stop() or super().take_back()

    def searched(self, text: str, keeps: Callable[[Any], bool] | None) -> None:
        """Look at what is found."""
        self._keeps = keeps

    # --- lines

    def refresh_rows(self, now: float) -> None:
        """Follow the survey."""
        self.book.tick()
        if self.book.version != self._seen or self._due:
            self._seen, self._due = self.book.version, False
            self._lay_out()
            self._explain()

    def _configured(self, node: str) -> Configured | None:
        """As its kubelet says; where none of these nodes' did and none will now, as its Node object tells."""
        answers, failures = self.book.configs.answers, self.book.configs.failures
        if any(name in answers for name, _ in self._sides):
            return self.book.surveyed(node)
        hopeless = self.book.whole.without or all(name in failures for name, _ in self._sides)
        return self.book.told(node) if hopeless else None

    def _lines(self) -> list[FieldLine]:
        known = [(one, title) for node, title in self._sides if (one := self._configured(node)) is not None]
        sides = [Side(title, one.flat, one.shape) for one, title in known]
        if len(sides) != len(self._sides):
            return []
        if not self._alone:
            return side_by_side(sides)
        node = self.book.node(known[0][0].node)
        drift = self.book.whole.drift
        if node is None or known[0][0].node in self.book.configs.answers:
            return one_against_all(sides[0], drift, known[0][0])
        # Beside a pool whose kubelets did answer, what a Node object tells has nothing to be compared with.
        own = own_of(node) if self.book.whole.without else sides[0].flat
        return one_against_all(sides[0], drift, known[0][0] if self.book.whole.without else None, own)

    def _lay_out(self) -> None:
        lines = self._lines()
        on_aks = any(line.aks is not None for line in lines)
        if lines and on_aks != self._on_aks:
            self._on_aks = on_aks
            self._show_columns()
            self._due = False
        self._amounts = (len(lines), sum(line.changed for line in lines), sum(line.off_aks for line in lines))
        if self._keeps is not None:
            lines = [line for line in lines if any(self._found(line, value) for value in line.values)]
        if self.problems_only:
            lines = [line for line in lines if line.changed or line.off_aks]
        self._rows = {("", line.path): FieldRow(line.path, line) for line in lines}
        self._tree.lay(self._tree_entries() if self._as_tree else self._flat_entries())

    def _found(self, line: FieldLine, value: str | None) -> bool:
        assert self._keeps is not None
        return self._keeps(Configured("", "", {line.path: value if value is not None else '""'}))

    def _flat_entries(self) -> list[Entry]:
        rows = list(self._rows.items())
        if self.sort_column is not None:
            sort = self.sort_column.sort
            rows.sort(key=lambda item: sort(item[1]), reverse=self.reverse)
        else:
            rows.sort(key=lambda item: (not item[1].line.changed, not item[1].line.off_aks))
        return [Entry(key) for key, _ in rows]

    def _tree_entries(self) -> list[Entry]:
        groups: dict[str, list[Hashable]] = {}
        for key, row in self._rows.items():
            groups.setdefault(row.name.partition(".")[0], []).append(key)
        entries: list[Entry] = []
        for name, keys in groups.items():
            if keys == [("", name)]:
                entries.append(Entry(keys[0]))
                continue
            shown_now = name not in self._folded
            entries.append(Entry(GroupKey(name), expanded=shown_now))
            entries += [Entry(key, depth=1) for key in keys if shown_now]
        return entries

    def cells(self, key: Hashable) -> Sequence[Cell]:
        """A field's values; those that others share are told by ``=``."""
        if isinstance(key, GroupKey):
            return (Cell(key.name, "total"),)
        row = self._rows.get(key)
        if row is None:
            return ()
        name = row.name.partition(".")[2] or row.name if self._as_tree else row.name
        first = Cell(name, "look" if row.line.changed else "bold")
        return (first, *(self._cell(column, row) for column in self.columns[1:]))

    def _cell(self, column: Column[FieldRow], row: FieldRow) -> Cell:
        text, line = column.text(row, 0.0), row.line
        if column.title in ("POOL", "AKS SETS", "DEFAULT"):
            off = {"POOL": line.changed, "AKS SETS": line.off_aks, "DEFAULT": False}[column.title]
            return Cell(text, "look" if off and text not in (SAME, "–") else "dim")
        if column.title == "MEANING":
            return Cell(text, "dim")
        return Cell(f"{text} ◆" if line.changed else text, "look" if line.changed else "")

    # --- keys

    def action_tree(self) -> None:
        """The fields as a tree, or flat with the changed ones first."""
        self._as_tree = not self._as_tree
        self.rearrange()
        self.desk.request_tick()

    def _turn(self, key: Hashable) -> None:
        name = (
            key.name if isinstance(key, GroupKey) else str(key[1]).partition(".")[0] if isinstance(key, tuple) else ""
        )
        if name and self._as_tree:
            self._folded ^= {name}
            self.rearrange()
            self.desk.request_tick()

    @on(LiveTable.Toggled)
    def _toggled(self, event: LiveTable.Toggled) -> None:
        event.stop()
        self._turn(event.key)

    def action_fold(self) -> None:
        """Fold or unfold the object under the cursor."""
        self._turn(self.table.cursor_key)

    def action_fold_all(self) -> None:
        """Fold or unfold all objects."""
        names = {row.name.partition(".")[0] for row in self._rows.values() if "." in row.name}
        self._folded = set() if self._folded >= names else names
        self.rearrange()
        self.desk.request_tick()

    def open_key(self, key: Hashable) -> None:
        """An object folds or unfolds."""
        if isinstance(key, GroupKey):
            self._turn(key)

    def action_copy(self) -> None:
        """The fields that are marked, or the one under the cursor: ``maxPods: 110``, a line each."""
        keys = [key for key in self._rows if key in self.table.marked] or [self.table.cursor_key]
        lines = [self._rows[key].line for key in keys if key in self._rows]
        texts = [f"{line.path}: {' | '.join(shown(value) for value in line.values)}" for line in lines]
        if texts:
            self.desk.copy("\n".join(texts), texts[0] if len(texts) == 1 else f"{len(texts)} fields")

    def subjects(self) -> Sequence[Subject]:
        """The nodes."""
        return [Subject(resource_of(NODE), node, "") for node, _ in self._sides]

    # --- what is said

    @on(LiveTable.Cursor)
    def _cursor_moved(self, event: LiveTable.Cursor) -> None:
        event.stop()
        self._explain()

    def _explain(self) -> None:
        key = self.table.cursor_key
        first = self._configured(self._sides[0][0])
        words = ""
        path = key.name if isinstance(key, GroupKey) else str(key[1]) if isinstance(key, tuple) else ""
        if first is not None and path:
            words = explained(path, first.shape, first.flat)
            value = shown(first.flat.get(path))
            if len(value) > WIDEST:  # what the column cuts stands here
                words = f"{path}: {value}"
        # Only where it takes more lines than it always has, or did before, is there anything to lay out anew.
        taller, self._taller = self._taller, len(words) > 2 * max(1, self.size.width - 2)
        self._explained.update(Text(safe(words), overflow="fold"), layout=taller or self._taller)

    @property
    def heading(self) -> str:
        """``Configz  aks-general…00000v · 2 not as the pool · 1 not as AKS sets it · 104 fields``."""
        fields, changed, off = self._amounts
        title = " | ".join(title for _, title in self._sides)
        parts = [title]
        if fields:
            differ = f"{changed} not as the pool" if self._alone else f"{changed} differ{'s' if changed == 1 else ''}"
            parts.append(differ if changed else "as its pool" if self._alone else "alike")
        if off:
            parts.append(f"{off} not as AKS sets it")
        if fields:
            parts.append(f"{fields} fields")
        answer = self.book.configs.answers.get(self._sides[0][0])
        if answer is not None:
            parts.append(f"read {span(self.desk.now() - answer.at)} ago")
        if self.filter is not None:
            parts.append(f"filter {self.filter.text}")
        if self.problems_only:
            parts.append("what differs only")
        return f"Configz  {' · '.join(parts)}"

    @property
    def save_parts(self) -> Sequence[str]:
        """``Configz``, ``aks-…00000v.json``; a comparison as the table it is."""
        names = " ".join(node for node, _ in self._sides)
        return ("Configz", f"{names}.json" if self._alone else f"{names}.txt")

    async def saved_text(self) -> str:
        """The kubelet's own answer; of several the table."""
        answer = self.book.configs.answers.get(self._sides[0][0])
        if not self._alone or answer is None:
            return await super().saved_text()
        body = msgspec.json.encode({"kubeletconfig": answer.whole})
        return msgspec.json.format(body, indent=2).decode() + "\n"

    def empty_text(self) -> str:
        """Why there is no line."""
        failure = next((self.book.configs.failures.get(node) for node, _ in self._sides), None)
        if failure is not None and failure.why is not None and failure.error is not None:
            return f"▲ {WHY_WORDS[failure.why]}: {failure.error.answer}\n\n{next_step(failure.error)}"
        if self.filter is not None:
            return f"no field matches “{self.filter.text}” · Esc clears it"
        return "nothing differs · Esc shows all" if self.problems_only else "not read yet · ^r reads it"
