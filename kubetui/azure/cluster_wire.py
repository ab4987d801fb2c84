"""The managed cluster and its agent pools, read of whatever Azure Resource Manager answers.

Each field by itself: one that is of an unexpected type counts as not said and takes nothing else with it. Names of
fields: ``Microsoft.ContainerService/managedClusters``, API 2025-05-01.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from kubetui.azure.machines import AgentPool, ManagedCluster, Network

CONTAINER_SERVICE: Final = "2025-05-01"
"""The API version that is asked for."""
LONGEST: Final = 2_000
"""Characters of one text that are kept."""


class ClusterWire(msgspec.Struct, gc=False):
    """A managed cluster's outermost fields; what is in them is read by name."""

    id: str = ""
    name: Any = None
    sku: Any = None
    properties: Any = None


def managed_cluster(wire: ClusterWire) -> ManagedCluster:
    """The cluster and its pools."""
    told = wire.properties
    pools = _at(told, "agentPoolProfiles")
    return ManagedCluster(
        id=wire.id,
        name=_text(wire.name) or wire.id.rpartition("/")[2],
        provisioning=_text(told, "provisioningState"),
        tier=_text(wire.sku, "tier"),
        pools=tuple(_agent_pool(one) for one in (pools if isinstance(pools, list) else ()) if _text(one, "name")),
        error=_error(told),
        power=_text(told, "powerState", "code"),
        version=_text(told, "kubernetesVersion"),
        current=_text(told, "currentKubernetesVersion"),
        node_group=_text(told, "nodeResourceGroup"),
        support=_text(told, "supportPlan"),
        upgrades=_text(told, "autoUpgradeProfile", "upgradeChannel"),
        images=_text(told, "autoUpgradeProfile", "nodeOSUpgradeChannel"),
        private=_flag(told, "apiServerAccessProfile", "enablePrivateCluster"),
        provisioner=_text(told, "nodeProvisioningProfile", "mode"),
        network=_network(_at(told, "networkProfile")),
    )


def _network(told: Any) -> Network:
    return Network(
        plugin=_text(told, "networkPlugin"),
        mode=_text(told, "networkPluginMode"),
        policy=_text(told, "networkPolicy"),
        data_plane=_text(told, "networkDataplane"),
        pods=_texts(told, "podCidrs") or _texts(told, "podCidr"),
        services=_texts(told, "serviceCidrs") or _texts(told, "serviceCidr"),
        dns=_text(told, "dnsServiceIP"),
        outbound=_text(told, "outboundType"),
        load_balancer=_text(told, "loadBalancerSku"),
        outbound_ports=_number(told, "loadBalancerProfile", "allocatedOutboundPorts"),
    )


def _agent_pool(told: Any) -> AgentPool:
    # A pool of single machines may have several sizes, and tells counts and limits of each.
    by_hand, by_itself = (
        _entries(_at(told, "virtualMachinesProfile", "scale", way)) for way in ("manual", "autoscale")
    )
    counted = _number(told, "count")
    return AgentPool(
        name=_text(told, "name"),
        count=counted if counted is not None else _sum(by_hand, "count"),
        autoscaled=_flag(told, "enableAutoScaling") or bool(by_itself),
        least=_number(told, "minCount") or _sum(by_itself, "minCount"),
        most=_number(told, "maxCount") or _sum(by_itself, "maxCount"),
        provisioning=_text(told, "provisioningState"),
        power=_text(told, "powerState", "code"),
        version=_text(told, "orchestratorVersion"),
        current=_text(told, "currentOrchestratorVersion"),
        image=_text(told, "nodeImageVersion"),
        surge=_text(told, "upgradeSettings", "maxSurge"),
        error=_error(told),
        kind=_text(told, "type"),
        mode=_text(told, "mode"),
        size=_text(told, "vmSize") or ", ".join(_sizes((*by_hand, *by_itself))),
        os=_text(told, "osSKU") or _text(told, "osType"),
        zones=_texts(told, "availabilityZones"),
        spot=_text(told, "scaleSetPriority").casefold() == "spot",
        eviction=_text(told, "scaleSetEvictionPolicy"),
        price=_text(told, "spotMaxPrice"),
        scale_in=_text(told, "scaleDownMode"),
        unavailable=_text(told, "upgradeSettings", "maxUnavailable"),
        drain=_number(told, "upgradeSettings", "drainTimeoutInMinutes"),
        soak=_number(told, "upgradeSettings", "nodeSoakDurationInMinutes"),
        undrainable=_text(told, "upgradeSettings", "undrainableNodeBehavior"),
        max_pods=_number(told, "maxPods") or 0,
    )


def _entries(found: Any) -> list[Any]:
    """A list's, or the one that stands there."""
    return found if isinstance(found, list) else [found] if isinstance(found, dict) else []


def _sizes(entries: Iterable[Any]) -> Iterable[str]:
    return dict.fromkeys(size for one in entries if (size := _text(one, "size")))


def _sum(entries: list[Any], name: str) -> int:
    return sum(_number(one, name) or 0 for one in entries)


def _error(told: Any) -> str:
    """``QuotaExceeded: …`` of ``status.provisioningError``, or of the older ``statusDetails``; ``""`` without one.

    Azure nests errors: the innermost details say what happened, so theirs are added.
    """
    for place in (("status", "provisioningError"), ("status", "errorDetail"), ("statusDetails", "provisioningError")):
        found = _at(told, *place)
        outer = _code_and_words(found)
        details = _at(found, "details")
        inner = next((words for one in _entries(details) if (words := _code_and_words(one))), "")
        words = outer if not inner or inner in outer else f"{outer} ({inner})" if outer else inner
        if words:
            return words[:LONGEST]
    return ""


def _code_and_words(told: Any) -> str:
    return ": ".join(part for part in (_text(told, "code"), _text(told, "message")) if part)


def _at(told: Any, *path: str) -> Any:
    """What stands there; None where anything on the way is missing or no object."""
    for name in path:
        if not isinstance(told, dict):
            return None
        told = told.get(name)
    return told


def _text(told: Any, *path: str) -> str:
    """A text, or a number as text; ``""`` for anything else."""
    found = _at(told, *path)
    if isinstance(found, str):
        return found[:LONGEST]
    return f"{found:g}" if isinstance(found, int | float) and not isinstance(found, bool) else ""


def _texts(told: Any, *path: str) -> tuple[str, ...]:
    """A list's texts, or the one that stands there."""
    found = _at(told, *path)
    return tuple(text for one in (found if isinstance(found, list) else [found]) if (text := _text(one)))


def _number(told: Any, *path: str) -> int | None:
    """A whole number, also one written as text; None where there is none."""
    found = _at(told, *path)
    if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < 10:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _flag(told: Any, *path: str) -> bool:
    return _at(told, *path) is True
