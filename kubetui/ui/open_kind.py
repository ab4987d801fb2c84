"""Opening a kind's objects by any name that kubectl knows: from the palette, from anywhere."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kubetui.cluster.session import EVERYWHERE, Lease, Scope
from kubetui.kinds.served_kind import SERVED_KIND, ServedKind
from kubetui.store.state import Phase
from kubetui.ui.kind_groups import OWN_PANES, found_by
from kubetui.ui.panes.kinds import KindsPane
from kubetui.ui.panes.open_object import pane_of_kind

if TYPE_CHECKING:
    from kubetui.ui.app import KubetuiApp

SOON = 1.0
"""Seconds that a person who named a kind may wait for discovery."""


async def until_known(lease: Lease[ServedKind], seconds: float = SOON) -> None:
    """Until discovery came or failed, at most so long."""
    changed = asyncio.Event()
    end = lease.store.on_change(changed.set)
    try:
        async with asyncio.timeout(seconds):
            while lease.store.state.phase in (Phase.CONNECTING, Phase.SYNCING):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        pass  # the list of kinds says how far it is
    finally:
        end()


async def open_kind(app: KubetuiApp, name: str, namespace: str = "") -> None:
    """The Kinds pane, and over it the objects of the kind that ``name`` means; Esc leads back to the list.

    In ``namespace``, where one is given: other panes look where they looked before.
    """
    if app.connected is None:
        return
    own = Scope(frozenset({namespace})) if namespace else None
    lease = app.connected.session.open(SERVED_KIND)
    try:
        await until_known(lease)
        served = found_by(lease.store, name)
        await app.action_pane("kinds")
        if served is None:
            app.say(f"the server has no kind {name}")
        elif served.listable and (served.group, served.plural) not in OWN_PANES and app.connected is not None:
            pane = pane_of_kind(app, app.connected.session, served, own or app.scope or EVERYWHERE)
            app.panes.open(pane, own)
        elif own is not None and (pane_name := OWN_PANES.get((served.group, served.plural))) is not None:
            await app.panes.show(pane_name, own)
        elif isinstance(app.current, KindsPane):
            app.current.open_served(served)
    finally:
        lease.close()
