"""Nodes of a variant, or those that gave no answer. Enter: a node's fields; ``^r`` asks these nodes anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from kubetui.cluster.session import Session
from kubetui.commands.subject import Subject, resource_of
from kubetui.insight.kubelet.compare import differing_words
from kubetui.insight.kubelet.drift import Configured, Variant
from kubetui.kinds.kind import Column
from kubetui.kinds.node import NODE, version_key
from kubetui.kinds.node_row import NodeRow
from kubetui.store.state import SyncState
from kubetui.ui.configz_book import ConfigzBook
from kubetui.ui.configz_words import WHY_WORDS
from kubetui.ui.footer import OwnKeys
from kubetui.ui.panes.configz_fields import ConfigzFieldsPane
from kubetui.ui.panes.configz_table import NO_OBJECTS, ConfigzTable
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.yaml import YamlPane
from kubetui.ui.row_tree import Entry
from kubetui.ui.state_words import count, span
from kubetui.ui.widgets.row_source import Cell, Style


@dataclass(frozen=True, slots=True)
class ConfiguredRow:
    """One node's line."""

    name: str
    pool: str
    kubelet: str
    status: str
    variant: str
    """Its letter; ``–``: its configuration is not known."""
    words: str
    """In what it is not as its pool, or why it gave no answer."""
    at: float
    """When its configuration came; 0: never."""
    bad: bool
    namespace: str = ""
    version: int = 0
    provisional: bool = False


COLUMNS: tuple[Column[ConfiguredRow], ...] = (
    Column("NODE", lambda row, _: row.name, lambda row: row.name, width=16, max_width=63, priority=0),
    Column("VARIANT", lambda row, _: row.variant, lambda row: row.variant, width=7, priority=3),
    Column("POOL", lambda row, _: row.pool, lambda row: row.pool, priority=4),
    Column("KUBELET", lambda row, _: row.kubelet, lambda row: version_key(row.kubelet), width=8, priority=2),
    Column("STATUS", lambda row, _: row.status, lambda row: row.status, width=6, priority=5),
    Column("READ", lambda row, now: span(now - row.at) if row.at else "–", lambda row: row.at, right=True, priority=6,
           timed=True),
    Column("DIFFERS IN", lambda row, _: row.words, lambda row: row.words, width=10, max_width=120, priority=1),
)  # fmt: skip


class ConfigzNodesPane(ConfigzTable[ConfiguredRow]):
    """Some of the nodes."""

    own_keys: ClassVar[OwnKeys] = OwnKeys(
        {"describe": "fields", "mark": "mark", "reconnect": "ask these anew", "copy": "copy names", "save": "save",
         "yaml": "yaml"},
        NO_OBJECTS - {"yaml"} | {"wide"},
    )  # fmt: skip

    def __init__(
        self, desk: Desk, session: Session, book: ConfigzBook, nodes: frozenset[str], title: str, **kwargs: Any
    ) -> None:
        super().__init__(desk, session, **kwargs)
        self.book, self._members, self._called = book, nodes, title
        self._rows: dict[Hashable, ConfiguredRow] = {}
        self._keeps: Callable[[Configured], bool] | None = None
        self._seen = -1
        self._now = 0.0

    @property
    def all_columns(self) -> Sequence[Column[ConfiguredRow]]:
        """Who, how old, in what it differs."""
        return COLUMNS

    @property
    def state(self) -> SyncState:
        """The nodes' and the kubelets'."""
        return self.book.state

    def refetch(self) -> None:
        """Ask these nodes anew."""
        self.book.fetch(self._members)

    def take_back(self) -> bool:
        """Esc stops asking, then clears the search."""
        return self.book.stop() or super().take_back()

    def searched(self, text: str, keeps: Callable[[Any], bool] | None) -> None:
        """Look at what is found."""
        self._keeps = keeps

    # --- lines

    def refresh_rows(self, now: float) -> None:
        """Follow the survey."""
        self._now = now
        self.book.tick()
        if self.book.version != self._seen or self._due:
            self._seen, self._due = self.book.version, False
            self._lay_out()

    def _lay_out(self) -> None:
        survey = self.book.survey
        variants = {name: variant for variant in survey.drift.variants for name in variant.nodes}
        found = [row for row in self.book.nodes if row.name in self._members]
        if self._keeps is not None:
            known = survey.configured
            found = [row for row in found if row.name in known and self._keeps(known[row.name])]
        rows = [self._row(row, variants.get(row.name)) for row in found]
        if self.problems_only:
            rows = [row for row in rows if row.bad]
        sort = self.sort_column.sort if self.sort_column is not None else lambda row: row.name
        rows.sort(key=sort, reverse=self.reverse)
        self._rows = {("", row.name): row for row in rows}
        self._tree.lay([Entry(key) for key in self._rows])

    def _row(self, node: NodeRow, variant: Variant | None) -> ConfiguredRow:
        answer = self.book.configs.answers.get(node.name)
        failure = self.book.configs.failures.get(node.name)
        words, bad = "", failure is not None
        if failure is not None and failure.why is not None and failure.error is not None:
            words = f"{WHY_WORDS[failure.why]}: {failure.error.answer}"
        elif variant is not None:
            order = [path for path in self.book.survey.drift.differing if path in variant.differs]
            words = differing_words(order, 6)
            bad = bool(variant.differs or variant.wrong)
        return ConfiguredRow(
            node.name,
            node.pool,
            node.kubelet,
            node.status,
            variant.letter if variant is not None and not self.book.survey.without else "–",
            words,
            answer.at if answer is not None else 0.0,
            bad,
        )

    def cells(self, key: Hashable) -> Sequence[Cell]:
        """A node's."""
        row = self._rows.get(key)
        if row is None:
            return ()
        styles: dict[str, Style] = {"NODE": "bold", "DIFFERS IN": "look" if row.bad else "dim"}
        return [Cell(one.text(row, self._now), styles.get(one.title, "")) for one in self.columns]

    # --- what lines are

    def row_under_cursor(self) -> ConfiguredRow | None:
        """The node."""
        return self._rows.get(self.table.cursor_key)

    def _chosen(self) -> list[str]:
        marked = [row.name for key in self.table.marked if (row := self._rows.get(key)) is not None]
        under = self.row_under_cursor()
        return sorted(marked) or ([under.name] if under is not None else [])

    def subjects(self) -> Sequence[Subject]:
        """The nodes."""
        return [Subject(resource_of(NODE), name, "") for name in self._chosen()]

    def open_key(self, key: Hashable) -> None:
        """The node's fields."""
        row = self._rows.get(key)
        if row is not None:
            self.desk.open_pane(ConfigzFieldsPane(self.desk, self.session, self.book, [(row.name, row.name)]))

    def action_describe(self) -> None:
        """The node's fields, or those of two or three that are marked side by side."""
        names = self._chosen()
        if names:
            sides = [(name, name) for name in names[:3]]
            self.desk.open_pane(ConfigzFieldsPane(self.desk, self.session, self.book, sides))

    def action_yaml(self) -> None:
        """The Node object: its labels, capacity, allocatable."""
        row = self.row_under_cursor()
        if row is not None:
            self.desk.open_pane(YamlPane(self.desk, self.session, NODE, ("", row.name)))

    # --- what is said

    @property
    def heading(self) -> str:
        """``Configz  variant C · 12 nodes``."""
        shown, held = len(self._rows), len(self._members)
        amount = (
            f"{count(shown)} node{'s' if shown != 1 else ''}"
            if shown == held
            else f"{count(shown)} of {count(held)} nodes"
        )
        parts = [self._called, amount]
        if self.filter is not None:
            parts.append(f"filter {self.filter.text}")
        if len(self.table.marked) > 1:
            parts.append(f"{len(self.table.marked)} marked, d compares")
        return f"Configz  {' · '.join(parts)} · ^r reads these anew"

    @property
    def save_parts(self) -> Sequence[str]:
        """``Configz``, ``variant C.txt``."""
        return ("Configz", f"{self._called}.txt")

    def empty_text(self) -> str:
        """Why there is no line."""
        return "no node matches · Esc clears" if self.filter is not None else "these nodes are gone"
