"""Configz: how kubelets are really configured, folded into variants; which nodes drifted, and in what.

Enter: a variant's nodes. ``d``: its fields beside its pool's, AKS's, upstream's; with two marked, both side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from kubetui.cluster.component_config import COMPONENT_CONFIGS
from kubetui.cluster.kubelet_config import Why
from kubetui.cluster.session import Session
from kubetui.insight.kubelet.compare import note_of
from kubetui.insight.kubelet.drift import Variant
from kubetui.insight.kubelet.flat import shown
from kubetui.insight.kubelet.survey import Survey, Trouble
from kubetui.kinds.kind import Column
from kubetui.store.state import Phase, SyncState
from kubetui.ui.configz_book import ConfigzBook
from kubetui.ui.configz_words import WHY_WORDS, heading, short_titles, who
from kubetui.ui.footer import OwnKeys
from kubetui.ui.panes.configz_fields import ConfigzFieldsPane
from kubetui.ui.panes.configz_nodes import ConfigzNodesPane
from kubetui.ui.panes.configz_table import NO_OBJECTS, ConfigzTable
from kubetui.ui.panes.configz_text import ConfigzTextPane
from kubetui.ui.panes.pane import Desk
from kubetui.ui.row_tree import Entry
from kubetui.ui.state_words import count, words_for
from kubetui.ui.widgets.row_source import Cell, Style

MOST_FIELDS: Final = 40
"""Columns of fields; a configuration that differs in more is another one altogether."""
MOST_VARIANTS: Final = 1000
"""Lines of variants."""
NARROW: Final = 110
"""Cells below which two fields have no room, and what differs is told in one column."""
USUAL: Final = ("maxPods", "kubeReserved.memory", "evictionHard.memory.available", "containerLogMaxSize")
"""Fields that are shown where none differs."""


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One variant's line."""

    variant: Variant
    who: str
    namespace: str = ""
    version: int = 0
    provisional: bool = False

    @property
    def name(self) -> str:
        """``A``."""
        return self.variant.letter


@dataclass(frozen=True, slots=True)
class TroubleKey:
    """The line of nodes without an answer."""

    why: Why


@dataclass(frozen=True, slots=True)
class ComponentKey:
    """The line of another component's configuration; ``""``: the line above them."""

    name: str


@dataclass(frozen=True, slots=True)
class VariantKey:
    """The line of a variant. Its letter may change while answers come in; what it holds does not."""

    content: int = field(compare=True)


class ConfigzPane(ConfigzTable[VariantRow]):
    """The variants; below them who gave no answer, and what else is configured in kube-system."""

    own_keys: ClassVar[OwnKeys] = OwnKeys(
        {"describe": "fields", "mark": "mark", "reconnect": "ask anew", "problems": "problems", "copy": "copy names",
         "save": "save"},
        NO_OBJECTS | {"wide"},
    )  # fmt: skip

    def __init__(self, desk: Desk, session: Session, **kwargs: Any) -> None:
        super().__init__(desk, session, **kwargs)
        self.book = ConfigzBook(session, desk.request_tick)
        self._rows: dict[Hashable, VariantRow] = {}
        self._troubles: dict[Hashable, Trouble] = {}
        self._fields: tuple[str, ...] = ()
        self._titles: dict[str, str] = {}
        self._versions = self._narrow = False
        self._seen = (-1, False)
        self._folded = False

    # --- columns

    @property
    def all_columns(self) -> Sequence[Column[VariantRow]]:
        """Who, how many, and each field that differs."""
        return (
            Column("VARIANT", _named, lambda row: row.who, width=24, max_width=36, priority=0),
            Column("NODES", _nodes, lambda row: len(row.variant.nodes), right=True, priority=0),
            *([_KUBELET] if self._versions else ()),
            *([self._differs_in] if self._narrow else ()),
            *(_field_column(path, self._titles[path], place) for place, path in enumerate(self._fields)),
        )

    @property
    def _differs_in(self) -> Column[VariantRow]:
        return Column("DIFFERS IN", self._differing_text, lambda row: len(row.variant.differs), width=10,
                      max_width=120, keep=10, priority=0)  # fmt: skip

    def _differing_text(self, row: VariantRow, now: float) -> str:
        """``maxPods 30, memory.available 750Mi``: in one column what has no room in columns of its own."""
        variant = row.variant
        paths = [path for path in self._fields if path in variant.differs or path in variant.wrong]
        return ", ".join(f"{self._titles[path]} {shown(variant.flat.get(path))}" for path in paths)

    def _chosen_fields(self) -> tuple[str, ...]:
        drift = self.book.survey.drift
        wrong = {path for variant in drift.variants for path in variant.wrong}
        chosen = tuple(dict.fromkeys((*drift.drifting, *sorted(wrong), *drift.differing)))[:MOST_FIELDS]
        if not drift.variants:
            return chosen
        held = drift.variants[0].flat
        if self.book.survey.without:
            return tuple(dict.fromkeys((*chosen, *held)))
        if chosen:
            return chosen
        return tuple(path for path in USUAL if path in held) or tuple(held)[:6]

    # --- coming and going

    def enter(self) -> None:
        """Take the nodes and ask their kubelets."""
        self.book.enter()
        super().enter()

    def leave(self) -> None:
        """Ask no further."""
        self.book.leave()

    def refetch(self) -> None:
        """``^r``: ask anew; with a search, only the nodes that it found."""
        survey = self.book.survey
        self.book.fetch(survey.configured if self.filter is not None and not survey.without else None)

    def take_back(self) -> bool:
        """Esc stops asking, then clears the search."""
        return self.book.stop() or super().take_back()

    def searched(self, text: str, keeps: Callable[[Any], bool] | None) -> None:
        """Survey what is found."""
        self.book.search(keeps)

    @property
    def state(self) -> SyncState:
        """The nodes' and the kubelets'."""
        return self.book.state

    # --- lines

    def refresh_rows(self, now: float) -> None:
        """Follow the survey."""
        self.book.tick()
        if (self.book.version, self._settled) != self._seen:
            self._seen, self._due = (self.book.version, self._settled), True
        if not self._due:
            return
        self._due = False
        fields = self._chosen_fields()
        versions = len({version for one in self.book.survey.drift.variants for version in one.versions}) > 1
        narrow = 0 < self.size.width < NARROW and not self.book.survey.without
        if (fields, versions, narrow) != (self._fields, self._versions, self._narrow):
            self._fields, self._titles, self._versions, self._narrow = fields, short_titles(fields), versions, narrow
            self._show_columns()
            self._due = False
        self._lay_out(self.book.survey)

    def _lay_out(self, survey: Survey) -> None:
        rows = [VariantRow(variant, who(variant, survey)) for variant in survey.drift.variants[:MOST_VARIANTS]]
        if self.problems_only:
            rows = [row for row in rows if row.variant.differs or row.variant.wrong]
        if self.sort_column is not None:
            rows.sort(key=self.sort_column.sort, reverse=self.reverse)
        self._rows = {_key(row.variant): row for row in rows}
        self._troubles = {TroubleKey(trouble.why): trouble for trouble in survey.troubles}
        entries = [Entry(key) for key in (*self._rows, *self._troubles)]
        if self.filter is None and not self.problems_only and self._settled:
            entries.append(Entry(ComponentKey(""), expanded=not self._folded))
            if not self._folded:
                entries += [Entry(ComponentKey(component.name), depth=1) for component in COMPONENT_CONFIGS]
        self._tree.lay(entries)

    @property
    def _settled(self) -> bool:
        """Whether it is known what there is of nodes, if only that none may be seen."""
        return bool(self.book.survey.nodes) or self.book.nodes_state.phase not in (Phase.CONNECTING, Phase.SYNCING)

    def cells(self, key: Hashable) -> Sequence[Cell]:
        """A variant's fields, a trouble's words, a component's name."""
        if isinstance(key, ComponentKey):
            return (Cell(key.name, "bold") if key.name else Cell("other configuration", "total"),)
        trouble = self._troubles.get(key)
        if trouble is not None:
            words = Cell(f"▲ {WHY_WORDS[trouble.why]}", "look")
            return (
                words,
                Cell(count(len(trouble.nodes)), "look"),
                *([Cell(trouble.words, "dim")] if self._fields else []),
            )
        row = self._rows.get(key)
        if row is None:
            return ()
        style: Style = "look" if row.variant.differs or row.variant.wrong else "bold"
        first = Cell(_named(row, 0.0), style)
        kubelet = [Cell(_KUBELET.text(row, 0.0))] if self._versions else []
        return (
            first,
            Cell(count(len(row.variant.nodes))),
            *kubelet,
            *([Cell(self._differing_text(row, 0.0), "look")] if self._narrow else ()),
            *(field_cell(path, row.variant) for path in self._fields),
        )

    def action_fold(self) -> None:
        """Fold or unfold the other configuration."""
        self._folded = not self._folded
        self._due = True
        self.desk.request_tick()

    def on_resize(self) -> None:
        """Another width may need other columns."""
        self._due = True
        self.desk.request_tick()

    # --- what lines are

    def row_under_cursor(self) -> VariantRow | None:
        """The variant."""
        return self._rows.get(self.table.cursor_key)

    def open_key(self, key: Hashable) -> None:
        """A variant's nodes; the nodes without an answer; a component's configuration."""
        row, trouble = self._rows.get(key), self._troubles.get(key)
        if row is not None:
            nodes = frozenset(row.variant.nodes)
            self.desk.open_pane(ConfigzNodesPane(self.desk, self.session, self.book, nodes, f"variant {row.name}"))
        elif trouble is not None:
            title = WHY_WORDS[trouble.why]
            self.desk.open_pane(ConfigzNodesPane(self.desk, self.session, self.book, frozenset(trouble.nodes), title))
        elif isinstance(key, ComponentKey):
            component = next((one for one in COMPONENT_CONFIGS if one.name == key.name), None)
            if component is None:
                self.action_fold()
            else:
                self.desk.open_pane(ConfigzTextPane(self.desk, self.session, component))

    def action_describe(self) -> None:
        """A variant's fields; of two or more that are marked, side by side."""
        rows = [row for key in self.table.marked if (row := self._rows.get(key)) is not None]
        rows.sort(key=lambda row: (-len(row.variant.nodes), row.name))
        under = self.row_under_cursor()
        chosen = rows[:3] or ([under] if under is not None else [])
        if chosen:
            sides = [(row.variant.nodes[0], f"{row.name} {row.who}") for row in chosen]
            self.desk.open_pane(ConfigzFieldsPane(self.desk, self.session, self.book, sides))
        elif self.table.cursor_key is not None:
            self.open_key(self.table.cursor_key)

    def action_copy(self) -> None:
        """The names of the nodes, a line each."""
        keys = sorted(self.table.marked, key=str) or [self.table.cursor_key]
        found = [row.variant.nodes for key in keys if (row := self._rows.get(key)) is not None]
        found += [trouble.nodes for key in keys if (trouble := self._troubles.get(key)) is not None]
        names = [name for nodes in found for name in nodes]
        if names:
            self.desk.copy("\n".join(names), names[0] if len(names) == 1 else f"{len(names):,} nodes")

    # --- what is said

    @property
    def heading(self) -> str:
        """How many answered, how old that is, how they differ."""
        first, _, rest = heading(self.book.survey, self.book.configs, self.desk.now()).partition(" · ")
        marked = len(self.table.marked)
        # What the person did stands before what may be too long for the line.
        parts = [
            first,
            self._found,
            f"{marked} marked, d compares" if marked > 1 else "",
            rest,
        ]
        return " · ".join(part for part in parts if part)

    @property
    def _found(self) -> str:
        """``filter maxPods=30: 3 nodes``."""
        if self.filter is None:
            return ""
        found = len(self.book.survey.configured)
        return f"filter {self.filter.text}: {count(found)} node{'s' if found != 1 else ''}"

    @property
    def save_parts(self) -> Sequence[str]:
        """``Configz.txt``."""
        return ("Configz.txt",)

    def empty_text(self) -> str:
        """Why there is no line."""
        if self.state.phase in (Phase.CONNECTING, Phase.SYNCING):
            return f"{words_for(self.state, 0.0).word} …"
        if self.filter is not None:
            return f"no node's configuration matches “{self.filter.text}” · Esc clears it"
        return "each pool alike · Esc shows all" if self.problems_only else "no nodes"


def field_cell(path: str, variant: Variant) -> Cell:
    """A value, marked where it is not as the pool's, or not as AKS must have set it."""
    text = shown(variant.flat.get(path))
    if path in variant.differs:
        return Cell(f"{text} ◆ {note_of(path, variant)}".rstrip(), "look")
    if path in variant.wrong:
        return Cell(f"{text} ▲ AKS sets {shown(variant.wrong[path])}", "look")
    return Cell(text, "dim" if text == "–" else "")


def _kubelet(row: VariantRow, now: float) -> str:
    newest, *older = row.variant.versions or ("",)
    return f"{newest} +{len(older)}" if older else newest


_KUBELET: Final[Column[VariantRow]] = Column("KUBELET", _kubelet, lambda row: row.variant.versions, width=8, priority=1)


def _key(variant: Variant) -> VariantKey:
    return VariantKey(hash((frozenset(variant.flat.items()), variant.differs)))


def _named(row: VariantRow, now: float) -> str:
    sign = "◆" if row.variant.differs else "▲" if row.variant.wrong else " "
    return f"{row.name} {sign} {row.who}"


def _nodes(row: VariantRow, now: float) -> str:
    return count(len(row.variant.nodes))


def _field_column(path: str, title: str, place: int) -> Column[VariantRow]:
    return Column(
        title,
        lambda row, _: field_cell(path, row.variant).text,
        lambda row: shown(row.variant.flat.get(path)),
        width=6,
        max_width=44,
        priority=min(place + 1, 60),
    )
