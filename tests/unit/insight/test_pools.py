"""Pools: what their nodes have in common, where they differ, how full they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubetui.insight.node_load import Load, NodeLoads, load_of
from kubetui.insight.pools import KeptPools, pools, spread
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_row import Capacity, NodeRow
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.provider_id import Machine

GI = 1 << 30


def node(
    name: str, pool: str = "general", kubelet: str = "v1.36.3", ready: str = "True", zone: str = "1", mode: str = "user"
) -> NodeRow:
    return NodeRow(
        name,
        1,
        pool=pool,
        kubelet=kubelet,
        ready=ready,
        zone=zone,
        mode=mode,
        size="Standard_D8s_v5",
        os_sku="Ubuntu",
        image=f"AKSUbuntu-2204gen2containerd-2026{kubelet[-1]}.1.0",
        machine=Machine(vmss=f"aks-{pool}-1-vmss"),
        allocatable=Capacity(8000, 32 * GI, 110),
    )


def test_a_pool_in_the_middle_of_an_upgrade() -> None:
    rows = [node("a"), node("b", zone="2"), node("c", kubelet="v1.35.4", ready="Unknown", zone="")]
    loads = {"a": Load(30, 4000, 8 * GI), "c": Load(10, 2000, GI)}
    [pool] = pools(rows, lambda name: loads.get(name, Load()))
    assert (pool.name, pool.vmss, pool.sizes, pool.os_skus) == (
        "general",
        ("aks-general-1-vmss",),
        ("Standard_D8s_v5",),
        ("Ubuntu",),
    )
    assert (pool.ready, pool.nodes, pool.zones, pool.spot) == (2, 3, ("1", "2"), False)
    assert (pool.pods, pool.pod_capacity) == (40, 330)
    assert (pool.cpu_used, pool.memory_used) == (6000 / 24000, 9 / 96)
    assert pool.version_text == "1.36.3 ·1 old"
    assert pool.image_text == "2 versions"
    assert pool.meaning is Meaning.ACT


def test_a_pool_of_equals() -> None:
    [pool] = pools([node("a"), node("b")])
    assert (pool.version_text, pool.image_text, pool.meaning) == ("1.36.3", "20263.1.0", Meaning.FINE)


def test_system_pools_come_first_and_nodes_without_a_pool_last() -> None:
    rows = [node("x", pool=""), node("a", pool="apps"), node("s", pool="system", mode="system")]
    assert [pool.name for pool in pools(rows)] == ["system", "apps", ""]


def test_shares_are_not_known_while_requests_are_missing() -> None:
    [pool] = pools([node("a")], lambda name: Load(5, 100, 100, unread=2))
    assert (pool.cpu_used, pool.memory_used, pool.pods) == (None, None, 5)


def test_nothing_known_is_a_dash() -> None:
    [pool] = pools([NodeRow("bare", 1)])
    assert (pool.version_text, pool.image_text, pool.cpu_used) == ("–", "–", None)


def test_the_newest_version_is_named_first_by_number() -> None:
    assert spread(["1.9.3", "1.10.0", "1.9.3", ""]) == (("1.10.0", 1), ("1.9.3", 2))


_pods = st.builds(
    PodRow,
    namespace=st.just("ns"),
    name=st.sampled_from(["a", "b", "c", "d"]),
    version=st.just(1),
    provisional=st.booleans(),
    status=st.sampled_from(["Running", "Completed"]),
    phase=st.sampled_from(["Pending", "Running", "Succeeded", "Failed"]),
    node=st.sampled_from(["", "n1", "n2", "n3"]),
    cpu_request=st.integers(0, 500),
    memory_request=st.integers(0, 500),
)


@given(st.lists(_pods | st.sampled_from(["a", "b", "c", "d"])))
def test_a_history_folded_equals_what_is_counted_afresh(history: list[PodRow | str]) -> None:
    """Given pods that come, change, move and go, when each change is folded, then the loads are as counted."""
    held: dict[str, PodRow] = {}
    loads = NodeLoads()
    for change in history:
        name = change if isinstance(change, str) else change.name
        after = None if isinstance(change, str) else change
        loads.fold(held.pop(name, None), after)
        if after is not None:
            held[name] = after
    for node_name in ("n1", "n2", "n3"):
        expected = Load()
        for pod in held.values():
            if pod.node == node_name:
                expected = expected.plus(load_of(pod))
        assert loads.of(node_name) == expected
    assert len(loads) == len({pod.node for pod in held.values() if load_of(pod).pods})


def test_who_was_touched_is_told_once() -> None:
    loads = NodeLoads()
    pod = PodRow("ns", "p", 1, phase="Running", node="n1", cpu_request=100)
    loads.fold(None, pod)
    assert loads.take_changed() == {"n1"}
    assert loads.take_changed() == set()


def test_a_finished_pod_holds_nothing() -> None:
    assert load_of(PodRow("ns", "p", 1, phase="Succeeded", node="n1", cpu_request=100)) == Load()
    assert load_of(PodRow("ns", "p", 1, provisional=True, status="Completed", node="n1")) == Load()


_NODES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.sampled_from(["general", "spot", ""]), st.sampled_from(["v1.36.3", "v1.35.4"]), st.sampled_from("TF")),
)


@given(st.lists(st.tuples(_NODES, st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9))), max_size=6))
def test_pools_that_are_kept_are_those_that_are_folded_anew(
    history: list[tuple[dict[str, tuple[str, str, str]], dict[str, int]]],
) -> None:
    kept = KeptPools()
    held: dict[str, NodeRow] = {}
    for nodes, counts in history:
        rows = {name: node(name, pool, kubelet, ready) for name, (pool, kubelet, ready) in nodes.items()}
        held = {name: held[name] if held.get(name) == row else row for name, row in rows.items()}

        def load(name: str, counts: dict[str, int] = counts) -> Load:
            return Load(counts.get(name, 0), counts.get(name, 0) * 100, GI, 0)

        assert kept.of(held.values(), load) == pools(rows.values(), load)
