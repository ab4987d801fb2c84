"""Whatever rows come in whatever order: books equal what is held, and findings are made without an error."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from kubetui.insight.components import Around, Workloads, component_states
from kubetui.insight.evidence import Evidence
from kubetui.insight.findings import findings
from kubetui.insight.node_book import NodeBook
from kubetui.insight.pod_book import PodBook, phase_of
from kubetui.insight.pod_trouble import trouble_of
from kubetui.insight.restarts import Restarts
from kubetui.insight.workload_book import WorkloadBook
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.deployment_row import DeploymentRow
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_condition import NodeCondition
from kubetui.kinds.node_row import NodeRow, Taint
from kubetui.kinds.pod_row import PodRow

NOW = 1_795_266_240
MOMENTS = st.sampled_from([0, NOW, NOW - 1, NOW - 200, NOW - 5000, NOW + 3600])
COUNTS = st.integers(0, 3)
WORDS = st.sampled_from(["", "x", "Unschedulable", "CrashLoopBackOff", "Init:Error", "ErrImagePull", "\x1b[2J", "語"])
VERSIONS = st.sampled_from(["", "v1.36.3", "v1.32.0", "v9", "nonsense", "v1.36.3-rc.0"])
CONDITIONS = st.lists(
    st.builds(NodeCondition, st.sampled_from(["Ready", "DiskPressure", "VMEventScheduled", "Odd"]),
              st.sampled_from(["True", "False", "Unknown"]), WORDS, MOMENTS, WORDS), max_size=2,
).map(tuple)  # fmt: skip
NODES = st.builds(
    NodeRow, name=st.sampled_from("abc"), version=COUNTS, ready=st.sampled_from(["True", "False", "Unknown", ""]),
    ready_since=MOMENTS, created=MOMENTS, deleted=MOMENTS, unschedulable=st.booleans(), kubelet=VERSIONS,
    runtime=WORDS, pool=st.sampled_from(["", "general"]), image=VERSIONS, spot=st.booleans(), conditions=CONDITIONS,
    taints=st.sampled_from([(), (Taint("ToBeDeletedByClusterAutoscaler", "", "NoSchedule"),)]),
    labels=st.sampled_from([(), (("kubernetes.azure.com/cluster", "MC"),)]),
)  # fmt: skip
PODS = st.builds(
    PodRow, namespace=st.sampled_from(["kube-system", "team"]), name=st.sampled_from(["a-b2c4d", "db-0", "x"]),
    version=COUNTS, provisional=st.booleans(), ready=COUNTS, total=COUNTS, status=WORDS, restarts=COUNTS,
    restarted=MOMENTS, created=MOMENTS, deleted=MOMENTS, phase=st.sampled_from(["", "Running", "Pending", "Failed"]),
    node=st.sampled_from(["", "a", "z"]), reason=WORDS, message=WORDS, last_reason=WORDS, unready_since=MOMENTS,
    owner_kind=st.sampled_from(["", "ReplicaSet", "DaemonSet"]), owner=st.sampled_from(["", "web-b2c4d", "coredns"]),
    labels=st.sampled_from([(), (("pod-template-hash", "b2c4d"),)]),
)  # fmt: skip
MEANINGS = st.sampled_from(Meaning)
NAMES = {"namespace": st.sampled_from(["kube-system", "team"]), "name": st.sampled_from(["coredns", "web"])}
DEPLOYMENTS = st.builds(
    DeploymentRow, **NAMES, version=COUNTS, desired=COUNTS, ready=COUNTS, updated=COUNTS, available=COUNTS,
    rollout=WORDS, meaning=MEANINGS, reason=WORDS, unavailable_since=MOMENTS, progressed=MOMENTS, paused=st.booleans(),
)  # fmt: skip
DAEMON_SETS = st.builds(
    DaemonSetRow, **NAMES, version=COUNTS, desired=COUNTS, current=COUNTS, ready=COUNTS, updated=COUNTS,
    available=COUNTS, misscheduled=COUNTS, strategy=st.sampled_from(["", "OnDelete", "RollingUpdate 1/0"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(PODS, st.booleans()), max_size=25))
def test_the_book_of_pods_equals_a_count_of_what_is_held(history: list[tuple[PodRow, bool]]) -> None:
    book = PodBook()
    held: dict[tuple[str, str], PodRow] = {}
    for row, stays in history:
        key = (row.namespace, row.name)
        before = held.pop(key, None)
        if stays:
            held[key] = row
        book.fold(before, row if stays else None)

    assert len(book) == len(held)
    assert dict(book.phases) == dict(Counter(phase_of(row) for row in held.values()))
    troubled = Counter(trouble for row in held.values() if (trouble := trouble_of(row)) is not None)
    for trouble, number in troubled.items():
        assert sum(len(group.rows) for group in book.groups(trouble)) == number
    assert {group.trouble for trouble in troubled for group in book.groups(trouble)} == set(troubled)


@settings(max_examples=150, deadline=None)
@given(st.lists(NODES, max_size=6), st.lists(PODS, max_size=8), st.lists(DEPLOYMENTS, max_size=4),
       st.lists(DAEMON_SETS, max_size=4), VERSIONS)  # fmt: skip
def test_findings_are_made_of_whatever_comes(
    nodes: list[NodeRow], pods: list[PodRow], deployments: list[DeploymentRow], daemon_sets: list[DaemonSetRow],
    server: str,
) -> None:  # fmt: skip
    node_book, pod_book, restarts = NodeBook(), PodBook(), Restarts()
    of_deployments: WorkloadBook[DeploymentRow] = WorkloadBook()
    of_daemon_sets: WorkloadBook[DaemonSetRow] = WorkloadBook()
    for node in nodes:
        node_book.fold(None, node)
    for pod in {(pod.namespace, pod.name): pod for pod in pods}.values():
        pod_book.fold(None, pod)
        restarts.fold(None, pod)
    for deployment in deployments:
        of_deployments.fold(None, deployment)
    for daemon_set in daemon_sets:
        of_daemon_sets.fold(None, daemon_set)
    around = Around(node_book, bool(nodes), pod_book, True, restarts, NOW)
    workloads = Workloads(of_deployments.of_system, of_daemon_sets.of_system)

    found = findings(
        Evidence(
            NOW,
            nodes=node_book,
            pods=pod_book,
            components=component_states(workloads, around),
            deployments=of_deployments.notable,
            daemon_sets=of_daemon_sets.notable,
            server_version=server,
        )
    )

    assert all(one.title and one.advice for one in found)
    assert len({one.subject for one in found}) == len(found), [one.subject for one in found]
