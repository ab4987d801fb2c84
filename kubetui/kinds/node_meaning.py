"""What a node's state asks of the reader, and which nodes are a problem."""

from __future__ import annotations

from typing import Final

from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_row import NodeRow

_GOING: Final = {
    "remediator.kubernetes.azure.com/unschedulable": "AKS drains it",
    "ToBeDeletedByClusterAutoscaler": "scaled in",
    "karpenter.sh/disrupted": "Karpenter replaces it",
    "node.cloudprovider.kubernetes.io/uninitialized": "joining",
}
_WORST: Final = (Meaning.ACT, Meaning.LOOK, Meaning.PLANNED, Meaning.UNKNOWN, Meaning.FINE, Meaning.PLAIN)


def worst(meanings: set[Meaning]) -> Meaning:
    """Of several the one that asks most; fine where there is none."""
    return next((meaning for meaning in _WORST if meaning in meanings), Meaning.FINE)


def planned(row: NodeRow) -> str:
    """Why the node's trouble is meant, in a few words; ``""`` where nothing says so."""
    if row.deleted:
        return "being deleted"
    for taint in row.taints:
        if taint.key in _GOING:
            return _GOING[taint.key]
    announced = any(condition.meaning is Meaning.PLANNED for condition in row.conditions)
    return "maintenance announced by Azure" if announced else ""


def status_meaning(row: NodeRow) -> Meaning:
    """Act where it is not ready and nobody planned it; planned where somebody did, or while cordoned."""
    if row.provisional:
        return Meaning.UNKNOWN
    if row.ready != "True":
        return Meaning.PLANNED if planned(row) else Meaning.ACT
    if row.unschedulable or planned(row):
        return Meaning.PLANNED
    return Meaning.FINE


def conditions_meaning(row: NodeRow) -> Meaning:
    """The worst of the bad conditions; Ready speaks through STATUS."""
    found = {condition.meaning for condition in row.conditions if condition.type != "Ready"}
    return worst(found) if found else Meaning.PLAIN


def node_meaning(row: NodeRow) -> Meaning:
    """The node as a whole."""
    status = status_meaning(row)  # never better than fine
    return worst({status, conditions_meaning(row), Meaning.FINE}) if row.conditions else status


def problem(row: NodeRow) -> bool:
    """Not ready, cordoned, on its way out, or with any bad condition."""
    return node_meaning(row) not in (Meaning.FINE, Meaning.UNKNOWN)
