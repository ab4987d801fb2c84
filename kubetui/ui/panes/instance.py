"""One machine as Azure tells of it, and the node on it: both live, with what there is to copy."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

from rich.style import Style
from textual.binding import BindingType

from kubetui.cluster.object_at import object_at
from kubetui.cluster.session import Session
from kubetui.commands.subject import Subject, machine_subject, subject_of
from kubetui.insight.instance_facts import COMMAND, NOW, PORTAL, RESOURCE_ID, Facts, instance_facts
from kubetui.insight.instance_view import InstanceView, instance_view, machine_key, told_by_node
from kubetui.insight.instances import Joined
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node import NODE
from kubetui.kinds.node_row import NodeRow
from kubetui.store.store import Store
from kubetui.ui.actions import Focus, bindings_for
from kubetui.ui.header import clock_text
from kubetui.ui.meanings import mark
from kubetui.ui.node_machines import NodeMachines
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.widgets.line_source import Span, TextStyle

_LABEL: Final = 16
_TO_COPY: Final = frozenset({RESOURCE_ID, PORTAL, COMMAND})
"""Not folded at blanks: a line that is copied from the screen stays one."""
_NARROWEST: Final = 40


class InstancePane(TextPane):
    """The machine with the case-folded id ``key``.

    ``machines`` and ``held``, the nodes, are those of the pane below: both stay in step while this one is open.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Focus.INSTANCE)
    focus_group = Focus.INSTANCE

    def __init__(
        self, desk: Desk, session: Session, key: str, machines: NodeMachines, held: Store[NodeRow], **kwargs: Any
    ) -> None:
        super().__init__(desk, session, **kwargs)
        self._key = key
        self._machines, self._held = machines, held
        self._joined: Joined | None = None
        """The join that was looked through last, for ``_found``."""
        self._found: InstanceView | None = None
        self._view: InstanceView | None = None
        self._facts: Facts = []
        self._shown = _Lines()
        self._gone_since = ""
        self._moved = True
        self._unwatch: Callable[[], None] = lambda: None

    # --- coming and going

    def enter(self) -> None:
        """Follow the nodes; the machines follow with each tick."""
        self._unwatch()
        self._unwatch = self._held.on_change(self._nodes_changed)
        self.lines.wrapped = True
        self._moved = True

    def leave(self) -> None:
        """Follow them no more; who is below goes on."""
        self._unwatch()
        self._unwatch = lambda: None

    def refetch(self) -> None:
        """Azure is asked anew."""
        self._machines.retry_now()

    def _nodes_changed(self) -> None:
        self._moved = True
        self.desk.request_tick()

    # --- what is shown

    def tick(self, now: float) -> None:
        """What is known now."""
        view = self._view
        pools = (view.pool,) if view is not None else ()
        self._machines.follow(tuple(self._held), now, moved=self._moved, pools=pools)
        self._moved = False
        self._look(now)
        self._show(now)
        super().tick(now)

    def on_resize(self) -> None:
        """Another width: prose folds elsewhere."""
        self.desk.request_tick()

    def _look(self, now: float) -> None:
        if self._machines.joined is not self._joined:
            self._joined = self._machines.joined
            self._found = instance_view(self._joined, self._key)
        found = self._found
        if found is None and (self._view is None or not self._machines.known):
            # Azure was not read, or does not tell of it: what the node itself tells.
            found = next((told_by_node(node) for node in self._held if machine_key(node) == self._key), None)
            self._gone_since = clock_text(now) if found is None or self._machines.known else ""
        elif found is None:
            self._gone_since = self._gone_since or clock_text(now)
        else:
            self._gone_since = ""
        self._view = found or self._view

    @property
    def _node(self) -> NodeRow | None:
        """The node on the machine, as it is now."""
        return self._held.get(("", self._view.node)) if self._view is not None and self._view.node else None

    def _show(self, now: float) -> None:
        if self._view is None:
            self.lines.set_empty("Azure tells of no such machine, and no node is on it")
            return
        portal = self._machines.page_of(self._view.instance.id)
        facts = instance_facts(self._view, self._node, portal, now)
        notice = ""
        if self._gone_since:
            notice = f"Azure does not have it, as of {self._gone_since}; below is what was known last"
        trouble = self._view.trouble_at(now)
        meaning = trouble.meaning if trouble is not None else Meaning.PLAIN
        first, self._facts = not len(self._shown), facts
        # Before the first layout the lines have no width yet.
        if not self._shown.put(facts, notice, meaning, self.lines.line_width or self.app.size.width):
            return
        if first:
            self.lines.set_source(self._shown)
        else:
            self.lines.source_changed()

    @property
    def heading(self) -> str:
        """``Instance 74  aks-general-27182818-vmss · Azure 30s ago``."""
        if self._view is None:
            return "Instance"
        one = self._view.instance
        name = "  ".join(part for part in (f"Instance {one.number}", one.scale_set) if part)
        return " · ".join(part for part in (name, self._machines.read_words(self.desk.now())) if part)

    @property
    def text(self) -> str:
        """All lines, each value in one."""
        return "\n".join(f"{label:<{_LABEL}}{' '.join(value.split())}" for label, value in self._facts)

    @property
    def save_parts(self) -> Sequence[str]:
        """``Instance``, ``aks-general-27182818-vmss-74.txt``."""
        one = self._view.instance if self._view is not None else None
        name = "-".join(part for part in (one.scale_set, one.number) if part) if one is not None else "instance"
        return ("Instance", f"{name}.txt")

    # --- what can be done

    def subjects(self) -> Sequence[Subject]:
        """The node; where there is none, the machine."""
        node = self._node
        if node is not None:
            return [subject_of(NODE, node)]
        if self._view is None:
            return ()
        one = self._view.instance
        return [machine_subject(one.id, one.number, one.computer_name, self._view.pool)]

    def action_node(self) -> None:
        """The node on the machine, described."""
        if self._node is None:
            self.desk.say("there is no node on this machine")
            return
        at = object_at(NODE, ("", self._node.name))
        self.desk.open_pane(Described(at, self._held).pane(self.desk, self.session))

    def action_copy_id(self) -> None:
        """The resource id."""
        self._copy(RESOURCE_ID, "the resource id")

    def action_copy_page(self) -> None:
        """The address of the machine's page in the portal."""
        self._copy(PORTAL, "the address in Azure's portal")

    def action_copy_command(self) -> None:
        """The line that looks further."""
        self._copy(COMMAND, "the az command")

    def _copy(self, label: str, what: str) -> None:
        value = dict(self._facts).get(label, "")
        if value:
            self.desk.copy(value, what)


class _Lines:
    """Facts under their labels, prose folded beside them; the portal's address is a link."""

    def __init__(self) -> None:
        self._made: tuple[Facts, str, Meaning, int] | None = None
        self._lines: list[tuple[Span, ...]] = []

    def put(self, facts: Facts, notice: str, meaning: Meaning, width: int) -> bool:
        """Show these from now on; False where they look as those before."""
        made = (facts, notice, meaning, width)
        if made == self._made:
            return False
        self._made = made
        self._lines = [(Span(f"{mark(Meaning.LOOK)} {notice}", "look"),), ()] if notice else []
        for label, value in facts:
            words = " ".join(value.split()) if "\n" in value else value
            if label == NOW:
                words = f"{mark(meaning)} {words}"
            style: TextStyle = _STYLES.get(meaning, "") if label == NOW else ""
            link = Style(link=words, underline=True) if label == PORTAL else None
            room = max(width - _LABEL, _NARROWEST)
            parts = [words] if label in _TO_COPY else _folded(words, room)
            for at, part in enumerate(parts):
                self._lines.append((Span(f"{'' if at else label:<{_LABEL}}", "dim"), Span(part, style, link)))
        return True

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, index: int) -> Sequence[Span]:
        """See ``LineSource``."""
        return self._lines[index]


def _folded(words: str, room: int) -> list[str]:
    return textwrap.wrap(words, room, break_on_hyphens=False) if len(words) > room else [words]


_STYLES: Final[dict[Meaning, TextStyle]] = {
    Meaning.LOOK: "look", Meaning.ACT: "act", Meaning.PLANNED: "planned", Meaning.FINE: "fine",
}  # fmt: skip
