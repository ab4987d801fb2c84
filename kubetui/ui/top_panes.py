"""The top-level panes by name. Each is imported when it is first opened, so that the first frame waits for none."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kubetui.cluster.session import Scope, Session
    from kubetui.ui.panes.pane import Desk, Pane


_LARGE: Final = {"overview": "kubetui.ui.panes.overview"}
"""Panes whose modules take more than a frame to import."""


async def load(name: str) -> None:
    """Import a large pane's modules off the loop: keys are answered meanwhile."""
    module = _LARGE.get(name)
    if module is not None and module not in sys.modules:
        await asyncio.to_thread(import_module, module)


def _overview(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.overview import OverviewPane

    return OverviewPane(desk, session, scope)


def _nodes(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.nodes import NodesPane

    return NodesPane(desk, session)


def _daemon_sets(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.daemon_sets import DaemonSetsPane

    return DaemonSetsPane(desk, session, scope)


def _deployments(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.deployments import DeploymentsPane

    return DeploymentsPane(desk, session, scope)


def _pods(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.pods import PodsPane

    return PodsPane(desk, session, scope)


def _logs(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.logs import TopLogsPane

    return TopLogsPane(desk, session, desk.logs)


def _top(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.top import TopPane

    return TopPane(desk, session, scope)


def _configz(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.configz import ConfigzPane

    return ConfigzPane(desk, session)


def _events(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.events import EventsPane

    return EventsPane(desk, session, scope)


def _kinds(desk: Desk, session: Session, scope: Scope) -> Pane:
    from kubetui.ui.panes.kinds import KindsPane

    return KindsPane(desk, session, scope)


TOP_PANES: Final[Mapping[str, Callable[[Desk, Session, Scope], Pane]]] = {
    "overview": _overview,
    "nodes": _nodes,
    "daemonsets": _daemon_sets,
    "deployments": _deployments,
    "pods": _pods,
    "logs": _logs,
    "configz": _configz,
    "top": _top,
    "events": _events,
    "kinds": _kinds,
}
"""Name, as in ``PANE_KEYS``, to what makes the pane."""
