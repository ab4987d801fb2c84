"""Choosing where to look: a context, namespaces. The lists come while they are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubetui.ui.connector import Connected
from kubetui.ui.screens.contexts import ContextsScreen
from kubetui.ui.screens.namespaces import NamespacesScreen

if TYPE_CHECKING:
    from kubetui.ui.app import KubetuiApp
    from kubetui.ui.session_desk import SessionDesk


def choose_context(app: KubetuiApp, sessions: SessionDesk) -> None:
    """Ask for a context and go there; needs no cluster."""

    def chosen(names: frozenset[str] | None) -> None:
        for name in names or ():
            app.connect(name)

    present = sessions.connected.session.context if sessions.connected else ""
    app.push_screen(ContextsScreen(sessions.context_names, present, sessions.read_contexts), chosen)


def choose_namespaces(app: KubetuiApp, connected: Connected) -> None:
    """Ask for one namespace or several; all panes look there then."""

    def chosen(names: frozenset[str] | None) -> None:
        if names:
            app.look_at(names)

    present = app.panes.scope.namespaces if app.panes.scope else None
    app.push_screen(NamespacesScreen(connected.session, connected.namespace, present or frozenset()), chosen)


def namespace_names(connected: Connected | None) -> list[str]:
    """The namespaces that are known by now."""
    from kubetui.kinds.namespace import NAMESPACE

    store = connected.session.store_of(NAMESPACE) if connected is not None else None
    return sorted(row.name for row in store) if store is not None else []
