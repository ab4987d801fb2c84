"""A pod's QoS class: what the server says, else as kubectl works it out."""

from __future__ import annotations

from typing import Final

from kubetui.insight.describe.amounts import Amounts, amounts, total
from kubetui.insight.describe.reading import Json, get, items, mapping, text

_COUNTED: Final = ("cpu", "memory")


def qos_class(pod: Json) -> str:
    """``Guaranteed``, ``Burstable`` or ``BestEffort``."""
    return text(pod, "status", "qosClass") or _worked_out(mapping(pod, "spec"))


def _worked_out(spec: Json) -> str:
    own = get(spec, "resources") is not None
    resources = (
        [mapping(spec, "resources")]
        if own
        else [mapping(one, "resources") for field in ("containers", "initContainers") for one in items(spec, field)]
    )
    requests = total(_positive(one, "requests") for one in resources)
    limits = total(_positive(one, "limits") for one in resources)
    if not requests and not limits:
        return "BestEffort"
    limited = all(set(_positive(one, "limits")) == set(_COUNTED) for one in resources)
    same = len(requests) == len(limits) and all(
        name in limits and limits[name].value == amount.value for name, amount in requests.items()
    )
    return "Guaranteed" if limited and same else "Burstable"


def _positive(resources: Json, field: str) -> Amounts:
    found = amounts(mapping(resources, field))
    return {name: amount for name, amount in found.items() if name in _COUNTED and amount.value > 0}
