"""Nodes folded by their configuration: nothing is lost, nothing alike is told apart, what drifted is found."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from kubetui.insight.kubelet.aks import NodeShape
from kubetui.insight.kubelet.drift import Configured, Drift, Peers, drift, letter

PATHS = ("maxPods", "evictionHard.memory.available", "failSwapOn")
FLATS = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(("1", '"1"', "true")), max_size=3)
FLEETS = st.lists(st.tuples(st.sampled_from(("", "general", "spot")), FLATS), max_size=25).map(
    lambda rows: [Configured(f"n{place:02}", pool, flat) for place, (pool, flat) in enumerate(rows)]
)

AKS = NodeShape("v1.36.3", 8000, 32 << 30, aks=True)


def fleet(*groups: tuple[str, int, dict[str, str]]) -> list[Configured]:
    """(pool, how many, their configuration) …"""
    rows = [(pool, flat) for pool, number, flat in groups for _ in range(number)]
    return [Configured(f"n{place:03}", pool, flat) for place, (pool, flat) in enumerate(rows)]


@given(FLEETS)
def test_every_node_is_in_the_variant_that_has_its_configuration(nodes: list[Configured]) -> None:
    found = drift(nodes)
    placed = {name: variant for variant in found.variants for name in variant.nodes}
    assert sorted(placed) == sorted(one.node for one in nodes)
    assert sum(len(variant.nodes) for variant in found.variants) == found.nodes == len(nodes)
    for one in nodes:
        assert placed[one.node].flat == one.flat
    parts = {(frozenset(variant.flat.items()), variant.differs) for variant in found.variants}
    assert len(parts) == len(found.variants)
    assert found.configurations == len({content for content, _ in parts})
    assert found.drifted == sum(len(variant.nodes) for variant in found.variants if variant.differs)


@given(FLEETS)
def test_fields_are_either_alike_everywhere_or_named_as_differing(nodes: list[Configured]) -> None:
    found = drift(nodes)
    every = {path for one in nodes for path in one.flat}
    alike = {path for path in every if len({one.flat.get(path) for one in nodes}) == 1}
    assert set(found.differing) == every - alike
    assert found.alike == len(alike)
    assert set(found.drifting) <= set(found.differing)


@given(FLEETS)
def test_what_drifted_is_not_as_most_of_its_pool(nodes: list[Configured]) -> None:
    found = drift(nodes)
    drifted = set()
    for one in nodes:
        for path in found.differing:
            votes = Counter(other.flat.get(path) for other in nodes if other.pool == one.pool)
            own = votes.pop(one.flat.get(path))
            if votes and max(votes.values()) > own:
                drifted.add(one.node)
                variant = next(variant for variant in found.variants if one.node in variant.nodes)
                assert path in variant.differs
            if not votes:
                majority = found.majority(one.peers, one.flat)
                assert majority.get(path) == one.flat.get(path)
    assert found.drifted >= len(drifted)


@given(FLEETS)
def test_neither_order_nor_shared_documents_matter(nodes: list[Configured]) -> None:
    copies = [one._replace(flat=dict(one.flat)) for one in reversed(nodes)]
    first, second = drift(nodes), drift(copies)
    assert {variant.nodes for variant in first.variants} == {variant.nodes for variant in second.variants}
    assert (first.drifted, first.alike, set(first.differing)) == (second.drifted, second.alike, set(second.differing))


def test_a_pool_of_its_own_kind_has_not_drifted() -> None:
    found = drift(fleet(("general", 86, {"maxPods": "110"}), ("system", 3, {"maxPods": "30"})))
    assert [(variant.letter, len(variant.nodes)) for variant in found.variants] == [("A", 86), ("B", 3)]
    assert found.differing == ("maxPods",)
    assert (found.drifted, found.drifting) == (0, ())


def test_few_nodes_of_a_pool_have() -> None:
    usual = {"maxPods": "110", "failSwapOn": "false"}
    found = drift(fleet(("general", 86, usual), ("general", 12, usual | {"maxPods": "30"}), ("spot", 2, usual)))
    odd = found.variants[1]
    assert odd.differs == {"maxPods"}
    assert found.drifted == 12
    assert found.drifting == ("maxPods",)
    assert found.majority(Peers("general"), odd.flat) == usual


def test_what_is_one_pools_own_is_drift_in_another() -> None:
    old, new = {"maxPods": "110"}, {"maxPods": "110", "mergeDefaultEvictionSettings": "false"}
    found = drift(fleet(("general", 20, old), ("spot", 6, new), ("general", 2, new)))
    assert [(one.letter, one.pools, len(one.nodes), bool(one.differs)) for one in found.variants] == [
        ("A", ("general",), 20, False),
        ("B", ("spot",), 6, False),
        ("B", ("general",), 2, True),
    ]
    assert (found.configurations, found.drifted) == (2, 2)


def test_a_tie_is_decided_by_the_other_pools_or_by_nobody() -> None:
    usual, odd = {"containerLogMaxSize": '"50M"'}, {"containerLogMaxSize": '"10Mi"'}
    found = drift(fleet(("spot", 1, usual), ("spot", 1, odd), ("general", 6, usual)))
    assert [bool(variant.differs) for variant in found.variants] == [False, True]
    undecided = drift(fleet(("spot", 1, usual), ("spot", 1, odd)))
    assert undecided.drifted == 2


def test_nodes_of_other_sizes_are_no_peers() -> None:
    small = Configured("a", "karpenter", {"kubeReserved.cpu": '"100m"'}, NodeShape(millicpu=2000))
    large = Configured("b", "karpenter", {"kubeReserved.cpu": '"180m"'}, NodeShape(millicpu=8000))
    assert drift([small, large]).drifted == 0


def test_a_reservation_that_aks_cannot_have_made_is_wrong_even_where_all_have_it() -> None:
    flat = {"maxPods": "110", "kubeReserved.memory": '"3645Mi"', "kubeReserved.cpu": '"180m"'}
    (variant,) = drift([Configured(f"n{place}", "general", flat, AKS) for place in range(3)]).variants
    assert variant.wrong == {"kubeReserved.memory": '"2250Mi"'}
    right = flat | {"kubeReserved.memory": '"2304000Ki"'}  # 2250Mi, written otherwise
    (variant,) = drift([Configured("n0", "general", right, AKS)]).variants
    assert variant.wrong == {}


def test_nothing_is_nothing() -> None:
    assert drift([]) == Drift()


def test_letters_go_on_after_z() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
