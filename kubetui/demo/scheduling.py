"""Which pools a pod may run on: node selector, required node affinity, taints and tolerations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kubetui.demo.entries.node import Taint


def allows(spec: Mapping[str, Any], labels: Mapping[str, str], taints: Sequence[Taint]) -> bool:
    """Nodes with these labels and taints may take a pod with this spec."""
    selector = spec.get("nodeSelector", {})
    if any(labels.get(key) != wanted for key, wanted in selector.items()):
        return False
    if not _affinity(spec.get("affinity", {}), labels):
        return False
    tolerations = spec.get("tolerations", ())
    return all(
        any(_tolerates(toleration, taint) for toleration in tolerations)
        for taint in taints
        if taint.effect in ("NoSchedule", "NoExecute")
    )


def _affinity(affinity: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    required = affinity.get("nodeAffinity", {}).get("requiredDuringSchedulingIgnoredDuringExecution")
    if required is None:
        return True
    return any(
        all(_matches(expression, labels) for expression in term.get("matchExpressions", ()))
        for term in required["nodeSelectorTerms"]
    )


def _matches(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    label = labels.get(expression["key"])
    operator = expression["operator"]
    if operator == "In":
        return label in expression["values"]
    if operator == "NotIn":
        return label not in expression["values"]
    return (label is not None) is (operator == "Exists")


def _tolerates(toleration: Mapping[str, Any], taint: Taint) -> bool:
    if toleration.get("effect") not in (None, "", taint.effect):
        return False
    if not toleration.get("key"):
        return bool(toleration.get("operator") == "Exists")
    if toleration["key"] != taint.key:
        return False
    return toleration.get("operator") == "Exists" or toleration.get("value", "") == taint.value
