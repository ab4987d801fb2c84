"""Nodes that the account may not list, from what it may see: their names, and what those give away.

Azure Kubernetes Service RBAC Reader has no nodes, but node metrics and pods, which both name them.
"""

from __future__ import annotations

import re
from typing import Final

from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.provider_id import machine_of

_LINUX: Final = re.compile(r"aks-(?P<pool>[a-z0-9]+)-\d{8}-vmss[0-9a-z]{6}", re.ASCII)
_WINDOWS: Final = re.compile(r"aks(?P<pool>[a-z0-9]{1,6})[0-9a-z]{6}", re.ASCII)


def unlisted_node(name: str) -> NodeRow:
    """A row with a name, its pool and instance where an AKS name tells them, and nothing else that is known."""
    pool = pool_of(name)
    return NodeRow(name=name, version=0, provisional=True, status="–", pool=pool, machine=machine_of("", name, pool))


def pool_of(name: str) -> str:
    """``general`` of ``aks-general-27182818-vmss00000h``, ``win`` of ``akswin00000h``; ``""`` for other names."""
    match = _LINUX.fullmatch(name) or _WINDOWS.fullmatch(name)
    return match["pool"] if match else ""
