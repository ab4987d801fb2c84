"""What Enter opens, by kind: a declaration. A kind that is not named here opens as YAML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kubetui.cluster.session import EVERYWHERE, Scope, Session
from kubetui.kinds.kind import Kind, Row
from kubetui.kinds.served_kind import SERVED_KIND, ServedKind, table_kind
from kubetui.ui.panes.pane import Desk, Pane

Opens = Callable[[Desk, Session, Kind[Any], Row], Pane | None]


def pane_of_kind(desk: Desk, session: Session, served: ServedKind, scope: Scope) -> Pane:
    """The objects of a kind that discovery told of."""
    from kubetui.ui.panes.server_table import ServerTablePane

    return ServerTablePane(desk, session, table_kind(served), scope)


def pane_of_object(desk: Desk, session: Session, kind: Kind[Any], row: Row) -> Pane | None:
    """What an object of this kind is opened for; None: its YAML."""
    opens = _OPENS.get((kind.group, kind.plural))
    return opens(desk, session, kind, row) if opens is not None else None


def _service(desk: Desk, session: Session, kind: Kind[Any], row: Row) -> Pane:
    from kubetui.ui.panes.service_endpoints import ServiceEndpointsPane

    return ServiceEndpointsPane(desk, session, (row.namespace, row.name))


def _data(desk: Desk, session: Session, kind: Kind[Any], row: Row) -> Pane:
    from kubetui.ui.panes.data_keys import DataKeysPane

    return DataKeysPane(desk, session, kind, (row.namespace, row.name))


def _pods_of(desk: Desk, session: Session, kind: Kind[Any], row: Row) -> Pane:
    from kubetui.ui.panes.selected_pods import SelectedPodsPane

    return SelectedPodsPane(desk, session, kind, (row.namespace, row.name))


def _pods_in(desk: Desk, session: Session, kind: Kind[Any], row: Row) -> Pane:
    from kubetui.ui.panes.selected_pods import NamespacePodsPane

    return NamespacePodsPane(desk, session, row.name)


def _definition(desk: Desk, session: Session, kind: Kind[Any], row: Row) -> Pane | None:
    store = session.store_of(SERVED_KIND)
    served = next((one for one in store if one.plural and one.full_name == row.name), None) if store else None
    return pane_of_kind(desk, session, served, EVERYWHERE) if served is not None else None


_OPENS: Final[Mapping[tuple[str, str], Opens]] = {
    ("", "services"): _service,
    ("", "configmaps"): _data,
    ("", "secrets"): _data,
    ("", "namespaces"): _pods_in,
    ("", "replicationcontrollers"): _pods_of,
    ("apps", "statefulsets"): _pods_of,
    ("apps", "replicasets"): _pods_of,
    ("batch", "jobs"): _pods_of,
    ("apiextensions.k8s.io", "customresourcedefinitions"): _definition,
}
