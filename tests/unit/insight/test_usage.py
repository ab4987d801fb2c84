"""Top's rows: samples beside what was asked for, totals that are the sum of their members, whatever happens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kubetui.insight.usage import (
    Asked,
    Sample,
    Trouble,
    UsageRow,
    container_usage,
    node_usage,
    pod_usage,
    sampled_anew,
)
from kubetui.insight.usage_book import Level, UsageBook, workload_of
from kubetui.insight.usage_totals import Together
from kubetui.insight.usage_words import trouble_words
from kubetui.kinds.kind import Key
from kubetui.kinds.node_metrics import NodeMetricsRow
from kubetui.kinds.node_row import Capacity, NodeRow
from kubetui.kinds.pod_metrics import PodMetricsRow
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.usage import Usage
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.store.usage_history import LENGTH, UsageHistory

NOW = 1_795_000_000.0
AT = 1_794_999_990
MI = 1 << 20


def pod(name: str = "a", namespace: str = "x", **more: Any) -> PodRow:
    given: dict[str, Any] = {"phase": "Running", "status": "Running", "node": "n1", "containers": ("main",),
                             "shares": ((100, 200, 100 * MI, 200 * MI),), "cpu_request": 100, "cpu_limit": 200,
                             "memory_request": 100 * MI, "memory_limit": 200 * MI}  # fmt: skip
    return PodRow(namespace, name, 1, **(given | more))


def sample(name: str = "a", namespace: str = "x", milli: int = 50, mebi: int = 80, at: int = AT) -> PodMetricsRow:
    return PodMetricsRow(namespace, name, at, at=at, containers=("main",), used=(Usage(milli * 1_000_000, mebi * MI),))


def used(milli: float, mebi: float) -> Sample:
    return Sample(AT, Usage(int(milli * 1_000_000), int(mebi * MI)))


@pytest.mark.parametrize(
    ("found", "trouble"),
    [
        (used(50, 80), ()),
        (used(190, 80), (Trouble.THROTTLED,)),
        (used(50, 180), (Trouble.NEAR_MEMORY_LIMIT,)),
        (used(200, 200), (Trouble.NEAR_MEMORY_LIMIT, Trouble.THROTTLED)),
        (None, ()),
    ],
)
def test_what_a_pods_numbers_mean(found: Sample | None, trouble: tuple[Trouble, ...]) -> None:
    assert pod_usage(pod(), found, NOW).trouble == trouble


def test_a_pod_that_asks_far_more_than_it_uses() -> None:
    greedy = pod(cpu_request=2000, cpu_limit=0)
    assert pod_usage(greedy, used(40, 80), NOW).trouble == (Trouble.ASKS_TOO_MUCH,)
    assert pod_usage(greedy, used(400, 80), NOW).trouble == ()
    assert trouble_words(pod_usage(greedy, used(40, 80), NOW), NOW) == "asks 2000m CPU, uses 2 % of it"
    hoarder = pod(memory_request=4096 * MI, memory_limit=0)
    assert trouble_words(pod_usage(hoarder, used(50, 80), NOW), NOW) == "asks 4096Mi memory, uses 1 % of it"
    assert pod_usage(hoarder, used(50, 800), NOW).trouble == ()


def test_a_pod_that_was_killed_for_memory_lately() -> None:
    killed = pod(last_reason="OOMKilled", restarted=int(NOW) - 720)
    row = pod_usage(killed, used(50, 80), NOW)
    assert (row.trouble, row.since) == ((Trouble.OOM_KILLED,), int(NOW) - 720)
    assert pod_usage(killed, None, NOW + 3600).trouble == ()


def test_what_was_not_sampled_is_unknown_and_not_zero() -> None:
    row = pod_usage(pod(), None, NOW)
    assert row.usage is None
    assert (row.cpu_share, row.memory_share, row.unsampled) == (None, None, 1)


def test_a_nodes_shares_are_of_what_is_allocatable() -> None:
    node = NodeRow("n1", 1, pool="system", allocatable=Capacity(cpu=4000, memory=1000 * MI, pods=110))
    row = node_usage(node, used(1000, 950), 2000, 0)
    assert (row.cpu_share, row.memory_share) == (0.25, 0.95)
    assert row.trouble == (Trouble.NODE_FULL,)
    assert trouble_words(row, NOW) == "MEM 95 % full"
    both = node_usage(node, used(3900, 950), 2000, 0)
    assert trouble_words(both, NOW) == "MEM 95 % full and CPU 97 % full"
    assert row.group == "system"


def with_proxy(**more: Any) -> PodRow:
    """An app without much use of its limit, and a proxy with a small one."""
    shares = ((100, 1000, 100 * MI, 1000 * MI), (10, 100, 10 * MI, 100 * MI))
    given = {"shares": shares, "cpu_limit": 1100, "memory_limit": 1100 * MI}
    return pod(**{"containers": ("app", "proxy"), **given, **more})


def of_both(app: tuple[int, int], proxy: tuple[int, int]) -> PodMetricsRow:
    """(millicores, mebibytes) of each, in metrics-server's order."""
    used = tuple(Usage(milli * 1_000_000, mebi * MI) for milli, mebi in (proxy, app))
    return PodMetricsRow("x", "a", AT, at=AT, containers=("proxy", "app"), used=used)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (of_both((10, 10), (10, 10)), ""),
        (of_both((10, 10), (10, 96)), "memory 96 % of limit of proxy: killed at 100 %"),
        (of_both((10, 10), (99, 10)), "at CPU limit (100m) of proxy: throttled"),
        (of_both((10, 950), (10, 99)), "memory 99 % of limit of proxy: killed at 100 %"),
    ],
)
def test_a_pod_is_in_trouble_where_one_of_its_containers_is(found: PodMetricsRow, words: str) -> None:
    row = pod_usage(with_proxy(), found, NOW)
    assert trouble_words(row, NOW) == words
    # and the same where only the sample is another
    assert sampled_anew(pod_usage(with_proxy(), of_both((1, 1), (1, 1)), NOW), found, found.usage, NOW) == row


def test_a_pod_that_was_killed_tells_which_container_comes_next() -> None:
    killed = with_proxy(last_reason="OOMKilled", restarted=int(NOW) - 720)
    words = trouble_words(pod_usage(killed, of_both((10, 10), (10, 96)), NOW), NOW)
    assert words == "OOMKilled 12m ago, memory 96 % of limit of proxy: killed at 100 %"


def test_a_pod_has_no_limit_while_one_of_its_containers_has_none() -> None:
    open_ended = with_proxy(shares=((100, 1000, 0, 0), (10, 0, 0, 100 * MI)), cpu_limit=1000, memory_limit=100 * MI)
    row = pod_usage(open_ended, of_both((50, 900), (990, 10)), NOW)
    assert (row.cpu_share, row.memory_share, row.trouble) == (None, None, ())


def test_a_limit_of_the_whole_pod_counts_for_all_of_its_containers() -> None:
    whole = with_proxy(shares=((0, 0, 0, 0), (0, 0, 0, 0)), cpu_limit=1000, memory_limit=1000 * MI)
    row = pod_usage(whole, of_both((10, 900), (10, 60)), NOW)
    assert (row.memory_share, row.trouble) == (0.96, (Trouble.NEAR_MEMORY_LIMIT,))
    assert trouble_words(row, NOW) == "memory 96 % of limit: killed at 100 %"


def test_a_containers_line_has_its_own_shares() -> None:
    two = pod(containers=("main", "proxy"), shares=((100, 0, 0, 0), (5, 10, MI, 2 * MI)))
    row = container_usage(two, 1, used(9.9, 1))
    assert (row.name, row.group) == ("a/proxy", "a")
    assert row.asked == Asked(5, 10, MI, 2 * MI)
    assert row.trouble == (Trouble.THROTTLED,)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"owner_kind": "ReplicaSet", "owner": "web-abc", "labels": (("pod-template-hash", "abc"),)}, "Deployment/web"),
        ({"owner_kind": "ReplicaSet", "owner": "web-abc"}, "ReplicaSet/web-abc"),
        ({"owner_kind": "DaemonSet", "owner": "kube-proxy"}, "DaemonSet/kube-proxy"),
        ({}, "Pod/a"),
    ],
)
def test_what_runs_a_pod(more: dict[str, Any], name: str) -> None:
    assert workload_of(pod(**more)) == name


class Cluster:
    """The four stores, and a book over them."""

    def __init__(self, level: Level, history: UsageHistory | None = None) -> None:
        self.pods: Store[PodRow] = Store()
        self.nodes: Store[NodeRow] = Store()
        self.pod_samples: Store[PodMetricsRow] = Store()
        self.node_samples: Store[NodeMetricsRow] = Store()
        self.book = UsageBook(self.pods, self.nodes, self.pod_samples, self.node_samples, level, lambda: NOW,
                              history)  # fmt: skip

    def rows(self) -> dict[Key, UsageRow]:
        while self.book.step():
            pass
        return {(row.namespace, row.name): row for row in self.book.rows}


def test_pods_join_their_samples_whichever_comes_first() -> None:
    cluster = Cluster(Level.PODS)
    cluster.pod_samples.put([sample("a"), sample("nobody")])
    cluster.pods.put([pod("a"), pod("b"), pod("done", phase="Succeeded", status="Completed")])

    rows = cluster.rows()

    assert set(rows) == {("x", "a"), ("x", "b")}
    assert rows["x", "a"].usage == Usage(50_000_000, 80 * MI)
    assert rows["x", "b"].usage is None


def test_a_node_counts_what_its_pods_ask_for() -> None:
    cluster = Cluster(Level.NODES)
    cluster.nodes.put([NodeRow("n1", 1, allocatable=Capacity(cpu=4000, memory=1000 * MI, pods=110))])
    cluster.pods.put([pod("a"), pod("b"), pod("c", node="")])
    assert cluster.rows()["", "n1"].asked == Asked(200, 4000, 200 * MI, 1000 * MI)

    cluster.pods.remove([("x", "a")])
    assert cluster.rows()["", "n1"].asked.cpu == 100


def test_containers_come_and_go_with_their_pod() -> None:
    cluster = Cluster(Level.CONTAINERS)
    cluster.pods.put([pod("a", containers=("main", "proxy"))])
    assert set(cluster.rows()) == {("x", "a/main"), ("x", "a/proxy")}
    cluster.pods.put([pod("a")])
    assert set(cluster.rows()) == {("x", "a/main")}
    cluster.pods.remove([("x", "a")])
    assert not cluster.rows()


_NAMES = st.sampled_from("abcd")
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pod"), _NAMES, st.sampled_from("xy"), st.integers(0, 3)),
        st.tuples(st.just("sample"), _NAMES, st.sampled_from("xy"), st.integers(0, 500)),
        st.tuples(st.just("gone"), _NAMES, st.sampled_from("xy"), st.just(0)),
        st.tuples(st.just("unsampled"), _NAMES, st.sampled_from("xy"), st.just(0)),
        st.tuples(st.just("look"), st.just(""), st.just(""), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(_STEPS, st.sampled_from([Level.NAMESPACES, Level.WORKLOADS]))
def test_totals_are_the_sums_of_their_members_after_any_history(
    steps: list[tuple[str, str, str, int]], level: Level
) -> None:
    cluster = Cluster(level)
    for what, name, namespace, number in steps:
        if what == "pod":
            cluster.pods.put([pod(name, namespace, cpu_request=number, owner_kind="StatefulSet", owner=f"s{number}")])
        elif what == "sample":
            cluster.pod_samples.put([sample(name, namespace, milli=number)])
        elif what == "gone":
            cluster.pods.remove([(namespace, name)])
        elif what == "unsampled":
            cluster.pod_samples.remove([(namespace, name)])
        else:
            cluster.rows()

    rows = cluster.rows()

    expected: dict[Key, list[UsageRow]] = {}
    for row in cluster.pods:
        found = cluster.pod_samples.get((row.namespace, row.name))
        one = pod_usage(row, found, NOW)
        group = ("", row.namespace) if level is Level.NAMESPACES else (row.namespace, workload_of(row))
        expected.setdefault(group, []).append(one)
    assert set(rows) == set(expected)
    for key, members in expected.items():
        sampled = [row.usage for row in members if row.usage is not None]
        assert rows[key].members == len(members)
        assert rows[key].unsampled == len(members) - len(sampled)
        assert rows[key].asked.cpu == sum(row.asked.cpu for row in members)
        cpu = sum(usage.cpu for usage in sampled)
        assert rows[key].usage == (Usage(cpu, sum(usage.memory for usage in sampled)) if sampled else None)


def test_a_total_tells_how_many_of_its_members_are_in_trouble() -> None:
    cluster = Cluster(Level.NAMESPACES)
    cluster.pods.put([pod("a"), pod("b"), pod("c", last_reason="OOMKilled", restarted=int(NOW) - 60)])
    cluster.pod_samples.put([sample("a", mebi=190), sample("b", mebi=195), sample("c")])
    row = cluster.rows()["", "x"]
    assert trouble_words(row, NOW) == "1 OOMKilled lately, 2 near memory limit"
    cluster.pod_samples.put([sample("a", mebi=10), sample("b", mebi=10)])
    assert trouble_words(cluster.rows()["", "x"], NOW) == "1 OOMKilled lately"
    cluster.pods.remove([("x", "c")])
    assert cluster.rows()["", "x"].trouble == ()


def test_a_total_has_no_limit_while_one_of_its_members_has_none() -> None:
    cluster = Cluster(Level.NAMESPACES)
    cluster.pods.put([pod("a"), pod("b", memory_limit=0, shares=((100, 200, 100 * MI, 0),))])
    cluster.pod_samples.put([sample("a"), sample("b", mebi=9000)])
    row = cluster.rows()["", "x"]
    assert (row.cpu_share, row.memory_share, row.asked.memory_limit) == (0.25, None, 0)
    cluster.pods.remove([("x", "b")])
    assert cluster.rows()["", "x"].memory_share == 0.4


def test_history_keeps_the_last_samples_each_once() -> None:
    history = UsageHistory()
    for at in range(1, LENGTH + 5):
        history.add(history.place("a"), at, at, 0)
        history.add(history.place("a"), at, 99, 0)
    assert list(history.cpu("a")) == [float(at) for at in range(5, LENGTH + 5)]
    history.forget("a")
    assert list(history.cpu("a")) == []


def test_a_book_remembers_what_its_rows_used() -> None:
    cluster = Cluster(Level.PODS)
    cluster.pods.put([pod("a")])
    for second, milli in enumerate((10, 20, 30)):
        cluster.pod_samples.put([replace(sample("a", milli=milli), at=AT + 15 * second)])
        cluster.rows()
    assert list(cluster.book.history.cpu(("x", "a"))) == [10.0, 20.0, 30.0]


def test_a_book_goes_on_with_what_was_seen_before() -> None:
    seen = UsageHistory()
    for second, milli in enumerate((10, 20)):
        cluster = Cluster(Level.PODS, seen)
        cluster.pods.put([pod("a")])
        cluster.pod_samples.put([replace(sample("a", milli=milli), at=AT + 15 * second)])
        cluster.rows()
        cluster.book.close()
    assert list(seen.cpu(("x", "a"))) == [10.0, 20.0]


def test_history_of_rows_that_went_unseen_is_forgotten() -> None:
    history = UsageHistory()
    for key in ("a", "b"):
        history.add(history.place(key), 1, 5, 0)
    history.keep({"b"}.__contains__)
    assert (len(history), list(history.cpu("a")), list(history.cpu("b"))) == (1, [], [5.0])


def test_a_sum_of_sums_that_lack_some_lacks_some() -> None:
    cluster = Cluster(Level.NAMESPACES)
    cluster.pods.put([pod("a"), pod("b")])
    cluster.pod_samples.put([sample("a")])
    together = Together()
    together.add(cluster.rows().values())
    assert together.row().unsampled == 1
    assert together.row().usage == Usage(50_000_000, 80 * MI)
    together.remove(cluster.rows().values())
    assert together.row().usage is None


def test_who_may_read_metrics_and_not_nodes_learns_who_uses_what() -> None:
    cluster = Cluster(Level.NODES)
    cluster.nodes.state = SyncState(Phase.FORBIDDEN)
    cluster.node_samples.put([NodeMetricsRow("n1", AT, at=AT, usage=Usage(5, 6))])
    row = cluster.rows()["", "n1"]
    assert (row.usage, row.cpu_share) == (Usage(5, 6), None)
