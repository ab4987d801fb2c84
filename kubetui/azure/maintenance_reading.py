"""Reads a managed cluster's maintenance configurations, seldom: they change when somebody edits them.

What can't be read stops nothing and is no gap: few need it, and who asks for it is told why it is not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from kubetui.azure.cluster_wire import CONTAINER_SERVICE
from kubetui.azure.machine_wire import NOT_UNDERSTOOD
from kubetui.azure.maintenance import Maintenance, Window
from kubetui.azure.maintenance_wire import MOST, window
from kubetui.azure.resource_manager import ResourceManager
from kubetui.cluster.errors import ClusterError, Forbidden, NotFound

AGAIN_S: Final = 1800.0
"""Seconds between two readings: one call in some thirty looks."""
AFTER_FAILURE_S: Final = 600.0
"""Seconds until it is tried again, where the right or the answer was missing."""
NO_RIGHT: Final = "no right to read them; ask for the role Reader on the cluster"


async def read_maintenance(
    azure: ResourceManager, cluster: str, known: Iterable[Maintenance], now: float
) -> Maintenance:
    """Of the managed cluster with the id ``cluster``: what is ``known``, or, where that is old, read anew.

    Raises nothing: errors are told in ``unread``.
    """
    key = cluster.casefold()
    before = next((one for one in known if one.cluster == key), Maintenance(key))
    if before.at and now - before.at < (AFTER_FAILURE_S if before.unread else AGAIN_S):
        return before
    found: list[Window] = []
    try:
        tried = "list maintenance configurations"
        async for page in azure.pages(f"{cluster}/maintenanceConfigurations", tried, api_version=CONTAINER_SERVICE):
            found += map(_window, page.value[: MOST - len(found)])
    except Forbidden:
        return before._replace(at=now, unread=NO_RIGHT)
    except NotFound:
        return before._replace(at=now, unread="Azure has none for it")
    except ClusterError as error:
        return before._replace(at=now, unread=error.answer)
    return Maintenance(key, tuple(found), now)


def _window(raw: msgspec.Raw) -> Window:
    try:
        return window(msgspec.json.decode(raw))
    except NOT_UNDERSTOOD:  # nested too deep, say
        return window(None)
