"""Pods: what runs where, what restarts, what waits and why. Enter: the containers."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from kubetui.cluster.session import EVERYWHERE, Scope, Session
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_row import PodRow
from kubetui.ui.panes.containers import ContainersPane
from kubetui.ui.panes.kind_pane import KindPane
from kubetui.ui.panes.pane import Desk


class PodsPane(KindPane[PodRow]):
    """The pods of the namespaces in scope."""

    def __init__(self, desk: Desk, session: Session, scope: Scope = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(desk, session, POD, scope, **kwargs)

    def open_key(self, key: Hashable) -> None:
        """The pod's containers."""
        row = self.row(key)
        if row is not None and self._lease is not None:
            self.desk.open_pane(ContainersPane(self.desk, self.session, (row.namespace, row.name)))
