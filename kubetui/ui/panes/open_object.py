"""What Enter opens, by kind: a declaration. A kind that is not named here opens as YAML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kubetui.cluster.session import Scope, Session
from kubetui.kinds.kind import Kind, Row
from kubetui.kinds.served_kind import ServedKind, table_kind
from kubetui.ui.panes.pane import Desk, Pane

Opens = Callable[[Desk, Session, Kind[Any], Row], Pane]


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


_OPENS: Final[Mapping[tuple[str, str], Opens]] = {
    ("", "services"): _service,
    ("", "configmaps"): _data,
    ("", "secrets"): _data,
}
