"""Whether a node is one that a pod spec asks for, by Kubernetes' own rules. Pure.

The rules are those of ``k8s.io/component-helpers/scheduling/corev1`` (node affinity) and of ``ToleratesTaint`` in
``k8s.io/api/core/v1`` (taints).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from kubetui.kinds.node_row import NodeRow, Taint
from kubetui.kinds.placement import Placement, Requirement, Term, Toleration

KEEPS_AWAY: Final = frozenset({"NoSchedule", "NoExecute"})
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_DECIMAL: Final = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)
_INT64: Final = 2**63


def unmet(placement: Placement, node: NodeRow) -> str:
    """The first thing that the pod spec asks for and the node is not, in words; ``""`` where it fits.

    Taints are another matter: see ``untolerated``.
    """
    if placement.node_name and placement.node_name != node.name:
        return f"node name {placement.node_name}"
    labels = dict(node.labels)
    for key, value in placement.node_selector:
        if labels.get(key) != value:
            return f"node selector {key}={value}{_has(labels, key)}"
    terms = placement.terms
    if terms is None or any(_term_holds(term, labels, node.name) for term in terms):
        return ""
    return f"node affinity {_first_unmet(terms, labels, node.name)}".rstrip()


def untolerated(taints: Iterable[Taint], tolerations: Iterable[Toleration]) -> list[Taint]:
    """The taints that keep the pod away, in the node's order."""
    held = tuple(tolerations)
    return [t for t in taints if t.effect in KEEPS_AWAY and not any(tolerates(one, t) for one in held)]


def tolerates(toleration: Toleration, taint: Taint) -> bool:
    """Whether the toleration covers the taint.

    ``Lt`` and ``Gt`` compare numbers (KEP-5471); a server without them lets nobody write them.
    """
    if toleration.effect and toleration.effect != taint.effect:
        return False
    if toleration.key and toleration.key != taint.key:
        return False
    if toleration.operator in ("", "Equal"):
        return toleration.value == taint.value
    if toleration.operator == "Exists":
        return True
    ours, theirs = _number(toleration.value, _DECIMAL), _number(taint.value, _DECIMAL)
    if ours is None or theirs is None:
        return False
    return theirs < ours if toleration.operator == "Lt" else toleration.operator == "Gt" and theirs > ours


def _has(labels: Mapping[str, str], key: str) -> str:
    return f", it has {labels[key] or 'no value'}" if key in labels else ""


def _term_holds(term: Term, labels: Mapping[str, str], name: str) -> bool:
    """All requirements hold. A term without any matches nothing."""
    if not term.labels and not term.fields:
        return False
    return all(_holds(one, labels) for one in term.labels) and all(_field_holds(one, name) for one in term.fields)


def _first_unmet(terms: Iterable[Term], labels: Mapping[str, str], name: str) -> str:
    for term in terms:
        for one in term.labels:
            if not _holds(one, labels):
                return one.text
        for one in term.fields:
            if not _field_holds(one, name):
                return one.text
    return ""


def _holds(one: Requirement, labels: Mapping[str, str]) -> bool:
    value = labels.get(one.key)
    match one.operator:
        case "In":
            return value is not None and value in one.values
        case "NotIn":
            return bool(one.values) and (value is None or value not in one.values)
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case "Gt" | "Lt":
            return _compares(one, value)
        case _:
            return False


def _compares(one: Requirement, value: str | None) -> bool:
    if value is None or len(one.values) != 1:
        return False
    theirs, ours = _number(value, _INTEGER), _number(one.values[0], _INTEGER)
    if theirs is None or ours is None:
        return False
    return theirs > ours if one.operator == "Gt" else theirs < ours


def _field_holds(one: Requirement, name: str) -> bool:
    """``metadata.name`` is the only field there is; any other has no value."""
    if len(one.values) != 1:
        return False
    is_it = (name if one.key == "metadata.name" else "") == one.values[0]
    return is_it if one.operator == "In" else one.operator == "NotIn" and not is_it


def _number(text: str, shape: re.Pattern[str]) -> int | None:
    """A whole number that fits into 64 bits."""
    number = int(text) if shape.fullmatch(text) else None
    return number if number is not None and -_INT64 <= number < _INT64 else None
