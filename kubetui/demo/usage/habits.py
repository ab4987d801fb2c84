"""How much each program uses by and large: AKS's components by name, applications by their requests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from kubetui.demo.entries.pod_template import PodTemplate, millicores

MI = 1024 * 1024
_UNITS = {"Ki": 1024, "Mi": MI, "Gi": 1024 * MI}


class Habit(NamedTuple):
    """A container's usual use and bounds; 0 for no request or no limit."""

    cpu: float
    """Millicores."""
    memory: float
    """Bytes of working set."""
    request: int
    """Millicores."""
    cpu_limit: int
    memory_limit: int
    """Bytes."""
    hot: float
    """Millicores of those of its pods that run against their limit; 0: none does."""


_COMPONENTS: Mapping[str, tuple[float, float]] = {
    "coredns": (14, 31),
    "autoscaler": (1.1, 12),
    "konnectivity-agent": (6, 24),
    "metrics-server": (9, 58),
    "metrics-server-vpa": (0.6, 19),
    "kube-proxy": (2.6, 34),
    "azure-ip-masq-agent": (0.7, 14),
    "cloud-node-manager": (0.9, 29),
    "cns-container": (5, 46),
    "azuredisk": (1.6, 38),
    "azurefile": (1.5, 36),
    "liveness-probe": (0.5, 11),
    "node-driver-registrar": (0.3, 10),
    "log-shipper": (11, 52),
    "mesh-proxy": (7, 58),
}
"""Millicores and MiB of those whose use has nothing to do with their requests."""

_JAVA = frozenset(("search", "ledger"))
_IDLE = frozenset(("invoices", "export", "reviews"))
"""They ask for far more than they use."""
_HOT = frozenset(("ranker",))
"""Some of their pods run against their CPU limit."""


def memory_bytes(quantity: str) -> int:
    """``128Mi`` in bytes."""
    factor = _UNITS.get(quantity[-2:])
    return int(float(quantity[:-2]) * factor) if factor else int(quantity)


@lru_cache(maxsize=4096)
def habits(template: PodTemplate) -> tuple[Habit, ...]:
    """Of a template's containers, in order."""
    return tuple(_habit(container) for container in template.spec["containers"])


def _habit(container: Mapping[str, Any]) -> Habit:
    resources = container.get("resources", {})
    requests, limits = resources.get("requests", {}), resources.get("limits", {})
    request = millicores(requests.get("cpu", "0"))
    cpu_limit = millicores(limits.get("cpu", "0"))
    memory_request = memory_bytes(requests.get("memory", "0"))
    memory_limit = memory_bytes(limits.get("memory", "0"))
    cpu, memory = _usual(container["name"], request, memory_request, memory_limit)
    hot = cpu_limit * 0.9 if container["name"] in _HOT else 0.0
    return Habit(cpu, memory, request, cpu_limit, memory_limit, hot)


def _usual(name: str, request: int, memory_request: int, memory_limit: int) -> tuple[float, float]:
    if name in _COMPONENTS:
        cpu, memory = _COMPONENTS[name]
        return cpu, memory * MI
    if name in _IDLE:
        return max(0.5, request * 0.03), memory_request * 0.22
    memory = memory_limit * 0.78 if name in _JAVA and memory_limit else max(12.0 * MI, memory_request * 0.7)
    return max(1.0, request * 0.45), memory
