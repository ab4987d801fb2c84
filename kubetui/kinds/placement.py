"""What a pod spec asks of the node it runs on: name, selector, required affinity, tolerations. Data and decoding only.

The names are those of ``k8s.io/api/core/v1``; what they decide is in ``insight/node_fit.py``.
"""

from __future__ import annotations

from typing import NamedTuple

from kubetui.kinds.wire import Labels, Wire, labels_of, word, words


class NodeRequirementWire(Wire):
    """``matchExpressions[]`` and ``matchFields[]`` of a node selector term."""

    key: str = ""
    operator: str = ""
    values: list[str] | None = None


class NodeTermWire(Wire):
    """``nodeSelectorTerms[]``."""

    match_expressions: list[NodeRequirementWire] | None = None
    match_fields: list[NodeRequirementWire] | None = None


class NodeSelectorWire(Wire):
    """``requiredDuringSchedulingIgnoredDuringExecution`` of a node affinity."""

    node_selector_terms: list[NodeTermWire] | None = None


class NodeAffinityWire(Wire):
    """``affinity.nodeAffinity``."""

    required_during_scheduling_ignored_during_execution: NodeSelectorWire | None = None


class AffinityWire(Wire):
    """``affinity``."""

    node_affinity: NodeAffinityWire | None = None


class TolerationWire(Wire):
    """``tolerations[]``."""

    key: str | None = None
    operator: str | None = None
    value: str | None = None
    effect: str | None = None


class PodPlaceWire(Wire):
    """The part of a pod spec that chooses nodes."""

    node_name: str | None = None
    node_selector: dict[str, str] | None = None
    affinity: AffinityWire | None = None
    tolerations: list[TolerationWire] | None = None
    host_network: bool | None = None


class Requirement(NamedTuple):
    """One requirement on a label or field of the node."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """``pool In (a,b)``, ``gpu Exists``."""
        values = f" ({','.join(self.values)})" if self.values else ""
        return f"{self.key} {self.operator}{values}"


class Term(NamedTuple):
    """Requirements that must all hold."""

    labels: tuple[Requirement, ...] = ()
    fields: tuple[Requirement, ...] = ()


class Toleration(NamedTuple):
    """One toleration; an empty part matches everything, but an empty operator is ``Equal``."""

    key: str = ""
    operator: str = ""
    value: str = ""
    effect: str = ""


class Placement(NamedTuple):
    """What a pod asks of its node."""

    node_name: str = ""
    node_selector: Labels = ()
    terms: tuple[Term, ...] | None = None
    """The required node affinity: one of them must hold; None where nothing is required."""
    tolerations: tuple[Toleration, ...] = ()
    host_network: bool = False


def placement_of(spec: PodPlaceWire) -> Placement:
    """The placement that a pod spec asks for."""
    return Placement(
        node_name=word(spec.node_name),
        node_selector=labels_of(spec.node_selector),
        terms=required_terms(spec.affinity),
        tolerations=tuple(
            Toleration(word(t.key), word(t.operator), word(t.value), word(t.effect)) for t in spec.tolerations or ()
        ),
        host_network=bool(spec.host_network),
    )


def required_terms(affinity: AffinityWire | None) -> tuple[Term, ...] | None:
    """The terms of the required node affinity; None where none is required."""
    node = affinity.node_affinity if affinity else None
    required = node.required_during_scheduling_ignored_during_execution if node else None
    if required is None:
        return None
    return tuple(
        Term(_requirements(term.match_expressions), _requirements(term.match_fields))
        for term in required.node_selector_terms or ()
    )


def target_node(affinity: AffinityWire | None) -> str:
    """The one node that the required affinity names, as the DaemonSet controller writes it; ``""`` where none is."""
    for term in required_terms(affinity) or ():
        for one in term.fields:
            if one.key == "metadata.name" and one.operator == "In" and len(one.values) == 1:
                return one.values[0]
    return ""


def _requirements(wire: list[NodeRequirementWire] | None) -> tuple[Requirement, ...]:
    return tuple(Requirement(word(one.key), word(one.operator), words(tuple(one.values or ()))) for one in wire or ())
