"""What ``d`` describes: an object, where it is, and the store in which its changes are seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubetui.cluster.object_at import ObjectAt
from kubetui.cluster.own_kinds import own_place
from kubetui.store.store import Store

if TYPE_CHECKING:
    from kubetui.cluster.session import Session
    from kubetui.insight.describe.page import Entry
    from kubetui.kinds.event import EventRow
    from kubetui.ui.panes.pane import Desk, Pane


@dataclass(frozen=True, slots=True)
class Described:
    """One object. ``held`` must stay in step while its description is open; None: the object is watched."""

    at: ObjectAt
    held: Store[Any] | None = None

    def pane(self, desk: Desk, session: Session, led_here: Sequence[Entry] = ()) -> Pane:
        """The pane that describes it; ``led_here``: what was found wrong with it elsewhere."""
        # Not before: describing is a room of its own, which the first rows need not wait for.
        from kubetui.ui.panes.describe import DescribePane

        pane = DescribePane(desk, session, self.at, self.held)
        pane.led_here = led_here
        return pane


def involved_object(row: EventRow) -> Described | None:
    """The object that an event is about; None where only the server knows where its kind is."""
    at = own_place(row.object_kind, row.object_namespace, row.object_name)
    group = row.object_api.rpartition("/")[0]
    # A Service may be Knative's.
    return Described(at) if at is not None and (at.group == group or not row.object_api) else None
