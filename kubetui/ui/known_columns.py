"""The columns of the panes whose columns are known without a cluster, to check the settings by."""

from __future__ import annotations

from kubetui.kinds.container import CONTAINER_COLUMNS
from kubetui.kinds.node import NODE
from kubetui.kinds.registry import KINDS
from kubetui.kinds.served_kind import SERVED_KIND
from kubetui.settings.reading import nearest
from kubetui.settings.settings import Read
from kubetui.ui.node_columns import node_columns
from kubetui.ui.node_machines import NodeMachines
from kubetui.ui.preferences import check_columns


def known_columns() -> dict[str, list[str]]:
    """Pane, as the settings call it, to its columns' titles."""
    found = {kind.plural: [column.title for column in kind.columns] for kind in (*KINDS, SERVED_KIND)}
    found[NODE.plural] = [column.title for column in node_columns(lambda name: None, NodeMachines(None, lambda: None))]
    found["containers"] = [column.title for column in CONTAINER_COLUMNS]
    return found


def check_panes(read: Read) -> None:
    """Name columns that a pane has not, and panes that are called almost as one that there is.

    Kinds that only the server knows have panes too, so that a name like none is no mistake.
    """
    known = known_columns()
    for pane in read.settings.panes:
        check_columns(read, pane, known.get(pane))
        if pane not in known and (meant := nearest(pane, known)):
            read.wrong(("panes", pane), f"no pane is called {pane!r}{meant}")
