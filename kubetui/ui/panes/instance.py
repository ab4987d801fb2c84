"""One instance as Azure tells of it: state, last message, bootstrap, image, resource id, a command to look further."""

from __future__ import annotations

from kubetui.azure.machines import Instance, ScaleSet
from kubetui.cluster.session import Session
from kubetui.insight.instance_facts import instance_facts
from kubetui.insight.instances import Trouble
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.widgets.line_source import Span, TextLines

_LABEL = 16


class InstancePane(TextPane):
    """What was known when it was opened."""

    def __init__(
        self, desk: Desk, session: Session, one: Instance, scale_set: ScaleSet | None, trouble: Trouble | None
    ) -> None:
        super().__init__(desk, session)
        self._one = one
        facts = instance_facts(one, scale_set, trouble, desk.now())
        self._texts = [f"{label:<{_LABEL}}{' '.join(value.split())}" for label, value in facts]

    @property
    def heading(self) -> str:
        """``Instance 74  aks-general-27182818-vmss``."""
        return "  ".join(part for part in (f"Instance {self._one.number}", self._one.scale_set) if part)

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self._texts)

    def enter(self) -> None:
        """Show them."""
        self.lines.wrapped = True
        self.lines.set_source(TextLines(self._texts, _spans))


def _spans(line: str) -> tuple[Span, ...]:
    return (Span(line[:_LABEL], "dim"), Span(line[_LABEL:]))
