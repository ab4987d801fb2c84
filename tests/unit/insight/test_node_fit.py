"""Node selectors, required node affinity, taints and tolerations: the rules of Kubernetes' own scheduler."""

from __future__ import annotations

import pytest

from kubetui.insight.node_fit import tolerates, unmet, untolerated
from kubetui.kinds.node_row import NodeRow, Taint
from kubetui.kinds.placement import Placement, Requirement, Term, Toleration

NODE = NodeRow("n1", 1, labels=(("cores", "8"), ("os", "linux"), ("pool", "general")))


def affinity(*requirements: Requirement) -> Placement:
    return Placement(terms=(Term(requirements),))


@pytest.mark.parametrize(
    ("requirement", "fits"),
    [
        (Requirement("pool", "In", ("general", "system")), True),
        (Requirement("pool", "In", ("system",)), False),
        (Requirement("gpu", "In", ("a100",)), False),
        (Requirement("pool", "NotIn", ("system",)), True),
        (Requirement("pool", "NotIn", ("general",)), False),
        (Requirement("gpu", "NotIn", ("a100",)), True),
        (Requirement("pool", "Exists"), True),
        (Requirement("gpu", "Exists"), False),
        (Requirement("gpu", "DoesNotExist"), True),
        (Requirement("pool", "DoesNotExist"), False),
        (Requirement("cores", "Gt", ("4",)), True),
        (Requirement("cores", "Gt", ("8",)), False),
        (Requirement("cores", "Lt", ("16",)), True),
        (Requirement("cores", "Lt", ("many",)), False),
        (Requirement("cores", "Gt", ("1", "2")), False),
        (Requirement("pool", "Gt", ("1",)), False),
        (Requirement("cores", "Gt", ("9" * 19,)), False),
        (Requirement("pool", "Resembles", ("general",)), False),
    ],
)
def test_one_requirement(requirement: Requirement, fits: bool) -> None:
    assert (unmet(affinity(requirement), NODE) == "") is fits


@pytest.mark.parametrize(
    ("placement", "words"),
    [
        (Placement(), ""),
        (Placement(node_name="n1"), ""),
        (Placement(node_name="n2"), "node name n2"),
        (Placement(node_selector=(("os", "linux"),)), ""),
        (Placement(node_selector=(("os", "windows"),)), "node selector os=windows, it has linux"),
        (Placement(node_selector=(("gpu", "a100"),)), "node selector gpu=a100"),
        (affinity(Requirement("gpu", "Exists")), "node affinity gpu Exists"),
        (affinity(Requirement("pool", "In", ("system", "gpu"))), "node affinity pool In (system,gpu)"),
        # Terms are alternatives; one without requirements matches nothing, and no term at all neither.
        (Placement(terms=(Term((Requirement("gpu", "Exists"),)), Term((Requirement("os", "Exists"),)))), ""),
        (Placement(terms=(Term(),)), "node affinity"),
        (Placement(terms=()), "node affinity"),
        (Placement(terms=(Term((), (Requirement("metadata.name", "In", ("n1",)),)),)), ""),
        (Placement(terms=(Term((), (Requirement("metadata.name", "NotIn", ("n2",)),)),)), ""),
        (
            Placement(terms=(Term((), (Requirement("metadata.name", "In", ("n2",)),)),)),
            "node affinity metadata.name In (n2)",
        ),
        (
            Placement(terms=(Term((Requirement("os", "Exists"),), (Requirement("metadata.name", "In", ("a", "b")),)),)),
            "node affinity metadata.name In (a,b)",
        ),
    ],
)
def test_what_a_node_lacks_in_words(placement: Placement, words: str) -> None:
    assert unmet(placement, NODE) == words


GPU = Taint("sku", "gpu", "NoSchedule")


@pytest.mark.parametrize(
    ("toleration", "taint", "held"),
    [
        (Toleration(operator="Exists"), GPU, True),
        (Toleration("sku", "Exists"), GPU, True),
        (Toleration("sku", "Equal", "gpu"), GPU, True),
        (Toleration("sku", "", "gpu"), GPU, True),
        (Toleration("sku", "Equal", "fpga"), GPU, False),
        (Toleration("sku", "Exists", "", "NoSchedule"), GPU, True),
        (Toleration("sku", "Exists", "", "NoExecute"), GPU, False),
        (Toleration("spot", "Exists"), GPU, False),
        (Toleration("", "Equal", "gpu"), GPU, True),
        (Toleration("sku", "Resembles", "gpu"), GPU, False),
        (Toleration("tier", "Gt", "3"), Taint("tier", "4", "NoSchedule"), True),
        (Toleration("tier", "Gt", "4"), Taint("tier", "4", "NoSchedule"), False),
        (Toleration("tier", "Lt", "5"), Taint("tier", "4", "NoSchedule"), True),
        (Toleration("tier", "Lt", "5"), Taint("tier", "04", "NoSchedule"), False),
        (Toleration("tier", "Lt", "many"), Taint("tier", "4", "NoSchedule"), False),
    ],
)
def test_whether_a_toleration_covers_a_taint(toleration: Toleration, taint: Taint, held: bool) -> None:
    assert tolerates(toleration, taint) is held


def test_only_taints_that_keep_away_count() -> None:
    soft = Taint("busy", "", "PreferNoSchedule")

    assert untolerated((soft, GPU), ()) == [GPU]
    assert untolerated((soft, GPU), (Toleration("sku", "Exists"),)) == []
