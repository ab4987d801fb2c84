"""The instance views of machines by themselves: Karpenter's, and those of pools of single VMs.

Azure lists them without their views (``$expand=instanceView`` needs a scale set's filter, and ``statusOnly`` lists the
whole subscription, which few may), so that each view is a call of its own. A look takes few of them: first of machines
whose nodes are not ready or that Azure changes, then of those that were not looked at for longest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Final

from kubetui.azure.machine_wire import ViewWire, with_view
from kubetui.azure.machines import OF_VIEW, Instance
from kubetui.cluster.errors import ClusterError, NotFound

MOST_VIEWS: Final = 20
"""Views read in one look: a pool of that many machines is known whole each minute."""
FORGOTTEN_S: Final = 600.0
"""Seconds after which a view says nothing any more."""
_AT_ONCE: Final = 4

Read = Callable[[Instance], Coroutine[Any, Any, ViewWire]]
"""Reads one machine's view. Raises ClusterError types."""


def as_known(found: Iterable[Instance], before: Iterable[Instance], now: float) -> list[Instance]:
    """Machines as just listed, with what was read of their views before, where that still holds."""
    known = {one.key: one for one in before if one.viewed and now - one.viewed < FORGOTTEN_S}
    return [_with_old(one, known) for one in found]


def _with_old(one: Instance, known: Mapping[str, Instance]) -> Instance:
    old = known.get(one.key)
    if old is None or old.provisioning != one.provisioning:
        return one
    return one._replace(**{field: getattr(old, field) for field in OF_VIEW})


def due(found: Iterable[Instance], nodes: Collection[str], asking: Collection[str]) -> list[Instance]:
    """Whose views to read in this look, the most urgent first.

    ``nodes``: names of machines that nodes run on, ``asking``: of those whose node is not ready; both case-folded.
    Other machines are looked at only if they are of a pool: what else stands in the resource group is not ours.
    """
    ours = [one for one in found if one.number.casefold() in nodes or one.pool]
    ours.sort(key=lambda one: (not _asks(one, nodes, asking), one.viewed, one.created))
    return ours[:MOST_VIEWS]


def _asks(one: Instance, nodes: Collection[str], asking: Collection[str]) -> bool:
    name = one.number.casefold()
    odd = one.provisioning.casefold() != "succeeded" or one.power not in ("", "running")
    return name in asking or name not in nodes or odd


async def with_views(
    found: Sequence[Instance], wanted: Sequence[Instance], read: Read, now: float
) -> tuple[tuple[Instance, ...], ClusterError | None]:
    """``found`` with the views of ``wanted``, and what ended the reading; None: nothing did."""
    limit = asyncio.Semaphore(_AT_ONCE)
    machines = {one.key: one for one in found}
    errors: list[ClusterError] = []

    async def view(one: Instance) -> None:
        async with limit:
            if errors:  # what refuses one refuses all, or is to be spared
                return
            try:
                machines[one.key] = with_view(one, await read(one))._replace(viewed=now)
            except NotFound:
                pass  # gone meanwhile: the next list will not have it
            except ClusterError as error:
                errors.append(error)

    async with asyncio.TaskGroup() as group:
        for one in wanted:
            group.create_task(view(one))
    return tuple(machines.values()), errors[0] if errors else None
