"""What a pod's row holds, and what its columns show."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from kubetui.kinds.age import unix
from kubetui.kinds.kind import Meaning, TableCells
from kubetui.kinds.pod import POD, PodRow, decode_item, problem
from kubetui.kinds.pod_meaning import status_meaning
from tests.unit.kinds.fixture_files import NOW, data, raw, texts


def row_of(name: str) -> PodRow:
    return POD.row(decode_item(raw(name)))


def made(pod: dict[str, Any]) -> PodRow:
    return POD.row(decode_item(json.dumps(pod).encode()))


def test_a_healthy_deployment_pod() -> None:
    row = row_of("pod-deployment")
    assert (row.namespace, row.name, row.version) == ("team-04", "ledger-7c9d8b6f5d-x2lpv", 10483201)
    assert (row.owner_kind, row.owner, row.qos) == ("ReplicaSet", "ledger-7c9d8b6f5d", "Burstable")
    assert (row.node, row.ip) == ("aks-general-27182818-vmss00000h", "10.244.3.17")
    assert row.created == unix("2026-11-17T09:30:00Z")
    assert dict(row.labels)["team"] == "04"
    assert (row.reason, row.message, row.last_reason, row.last_exit, row.unready_since) == ("", "", "", None, 0)
    assert not problem(row)
    shown = texts(POD.columns, row)
    assert shown["AGE"] == "4d2h"
    assert shown["CPU REQ/LIM"] == "250m/–"
    assert shown["MEM REQ/LIM"] == "256Mi/512Mi"
    assert shown["OWNER"] == "ReplicaSet/ledger-7c9d8b6f5d"


def test_a_crash_loop_says_why_it_ended_and_what_the_kubelet_says() -> None:
    row = row_of("pod-coredns-crash")
    assert (row.reason, row.last_reason, row.last_exit) == ("CrashLoopBackOff", "OOMKilled", 137)
    assert row.message.startswith("back-off 5m0s restarting failed container=coredns")
    assert len(row.message) == 160
    assert row.unready_since == unix("2026-11-21T11:40:00Z")
    assert status_meaning(row) is Meaning.ACT
    assert problem(row)
    shown = texts(POD.columns, row)
    assert shown["RESTARTS"] == "9 (3m ago)"
    assert shown["REASON"] == "OOMKilled 137"  # STATUS says the other one


def test_a_sidecar_pod_with_readiness_gates_and_overhead() -> None:
    row = row_of("pod-sidecar")
    assert (row.ready, row.total, row.status, row.restarts) == (3, 3, "Running", 1)
    assert row.containers == ("mesh", "billing", "exporter")
    assert row.images[0] == "mcr.microsoft.com/oss/istio/proxyv2:1.27.1"
    # the migration alone asks for one core; memory is that of sidecar and containers; overhead comes on top
    assert (row.cpu_request, row.memory_request) == (1010, (128 + 1024 + 16) << 20)
    # overhead adds to a limit only where there is one
    assert (row.cpu_limit, row.memory_limit) == (2010, (256 + 1024 + 16) << 20)
    assert texts(POD.columns, row)["READINESS GATES"] == "1/2"


def test_what_cannot_be_scheduled_says_so() -> None:
    message = "0/101 nodes are available: 98 Insufficient cpu, 3 node(s) had untolerated taint(s)."
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    row = made({"metadata": {"name": "p"}, "status": {"phase": "Pending", "conditions": [condition]}})
    assert (row.status, row.reason, row.message) == ("Pending", "Unschedulable", message)
    assert status_meaning(row) is Meaning.LOOK


def test_an_evicted_pod_keeps_the_kubelets_words() -> None:
    case = data("pod-status-cases")["the pod's own reason overrides the phase"]["pod"]
    row = made(case)
    assert (row.status, row.reason, row.message) == ("Evicted", "Evicted", "The node was low on resource: memory.")
    assert row.finished


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("Running", Meaning.FINE),
        ("Completed", Meaning.FINE),
        ("CrashLoopBackOff", Meaning.ACT),
        ("Init:ImagePullBackOff", Meaning.ACT),
        ("Unknown", Meaning.ACT),
        ("ContainerCreating", Meaning.PLANNED),
        ("Init:0/2", Meaning.PLANNED),
        ("Terminating", Meaning.PLANNED),
        ("SchedulingGated", Meaning.PLANNED),
        ("Error", Meaning.LOOK),
        ("Evicted", Meaning.LOOK),
        ("ExitCode:3", Meaning.LOOK),
        ("SomethingNew", Meaning.LOOK),
        ("", Meaning.UNKNOWN),
    ],
)
def test_what_a_status_word_asks_of_the_reader(status: str, meaning: Meaning) -> None:
    assert status_meaning(PodRow("ns", "p", 1, ready=1, total=1, status=status)) is meaning


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (PodRow("ns", "fine", 1, ready=1, total=1, status="Running"), False),
        (PodRow("ns", "done", 1, ready=0, total=1, status="Completed"), False),
        (PodRow("ns", "not ready", 1, ready=0, total=1, status="Running"), True),
        (PodRow("ns", "starting", 1, ready=0, total=1, status="ContainerCreating"), True),
        (PodRow("ns", "one restart", 1, ready=1, total=1, status="Running", restarts=1, restarted=5000), False),
        (PodRow("ns", "out of memory", 1, ready=1, total=1, status="Running", last_reason="OOMKilled"), True),
        (PodRow("ns", "often", 1, ready=1, total=1, status="Running", restarts=6, restarted=86_400, created=1), True),
        (
            PodRow("ns", "rarely", 1, ready=1, total=1, status="Running", restarts=6, restarted=999_999, created=1),
            False,
        ),
    ],
    ids=lambda value: value.name if isinstance(value, PodRow) else "",
)
def test_problems_only_keeps_what_does_not_serve_or_will_fail_again(row: PodRow, expected: bool) -> None:
    assert problem(row) is expected


def table(**cells: object) -> TableCells:
    titles = {title.replace("_", " "): index for index, title in enumerate(cells)}
    return TableCells("team-04", 77, list(cells.values()), titles, NOW)


def test_a_table_row_is_provisional_and_shows_what_kubectl_shows() -> None:
    assert POD.row_from_table is not None
    row = POD.row_from_table(
        table(
            Name="p",
            Ready="1/2",
            Status="CrashLoopBackOff",
            Restarts="3 (5m ago)",
            Age="4d2h",
            IP="10.0.0.1",
            Node="n1",
            Nominated_Node="<none>",
            Readiness_Gates="<none>",
        )
    )
    assert (row.namespace, row.name, row.version, row.provisional) == ("team-04", "p", 77, True)
    shown = texts(POD.columns, row)
    assert (shown["READY"], shown["STATUS"], shown["RESTARTS"], shown["AGE"]) == (
        "1/2",
        "CrashLoopBackOff",
        "3 (5m ago)",
        "4d2h",
    )
    assert (shown["IP"], shown["NODE"], shown["NOMINATED NODE"], shown["READINESS GATES"]) == (
        "10.0.0.1",
        "n1",
        "",
        "",
    )


def test_what_a_table_does_not_tell_is_marked_unknown() -> None:
    assert POD.row_from_table is not None
    row = POD.row_from_table(table(Name="p", Status="Running"))
    shown = texts(POD.columns, row)
    for column in POD.columns:
        if column.from_table == "absent":
            assert shown[column.title] == "–", column.title


@pytest.mark.parametrize("restarts", [3, "3", "3 (<invalid> ago)", "many", None, ["x"]])
def test_odd_cells_do_not_stop_a_table(restarts: object) -> None:
    assert POD.row_from_table is not None
    row = POD.row_from_table(table(Name="p", Ready="?", Restarts=restarts, Age="<unknown>"))
    assert row.restarts in (0, 3)
    assert texts(POD.columns, row)["AGE"] == "–"


def test_a_table_row_without_a_name_is_an_error_of_that_row() -> None:
    assert POD.row_from_table is not None
    with pytest.raises(msgspec.ValidationError, match="without a name"):
        POD.row_from_table(table(Ready="1/1"))


@pytest.mark.parametrize("name", ["pod-deployment", "pod-coredns-crash", "pod-sidecar"])
def test_a_row_from_the_table_agrees_with_the_row_from_the_object(name: str) -> None:
    """Given the cells the server would print, then all columns that a Table gives exactly are alike."""
    assert POD.row_from_table is not None
    real = row_of(name)
    shown = texts(POD.columns, real)
    titles = {
        "NAME": "Name",
        "READY": "Ready",
        "STATUS": "Status",
        "RESTARTS": "Restarts",
        "AGE": "Age",
        "IP": "IP",
        "NODE": "Node",
        "NOMINATED NODE": "Nominated Node",
        "READINESS GATES": "Readiness Gates",
    }
    cells = [shown[title] or "<none>" for title in titles]
    columns = {server: index for index, server in enumerate(titles.values())}
    provisional = POD.row_from_table(TableCells(real.namespace, 1, cells, columns, NOW))
    for column in POD.columns:
        if column.from_table == "exact":
            assert column.text(provisional, NOW) == column.text(real, NOW)
            assert column.sort(provisional) == column.sort(real)
        if column.from_table == "approximate":
            assert column.text(provisional, NOW) == column.text(real, NOW)


def test_equal_strings_and_label_sets_are_held_once() -> None:
    one, other = row_of("pod-deployment"), row_of("pod-deployment")
    assert one.labels is other.labels
    assert one.namespace is other.namespace
    assert one.node is other.node
    assert one.images is other.images


@pytest.mark.parametrize(
    ("text", "version"), [("12", 12), ("", 0), ("abc", 0), ("-3", 0), ("１２", 0), ("9" * 5000, 0)]
)
def test_a_version_that_is_no_integer_is_none(text: str, version: int) -> None:
    assert made({"metadata": {"name": "p", "resourceVersion": text}}).version == version


def test_columns_leave_a_narrow_terminal_until_kubectls_five_are_left() -> None:
    stay = {column.title for column in POD.columns if column.priority <= 2 and not column.wide}
    assert stay == {"NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"}


def test_a_long_message_keeps_its_end_which_says_what_came_of_it() -> None:
    image = "acrprod.azurecr.io/shop/cart:2026.11.21-typo"
    message = (
        f'Back-off pulling image "{image}": ErrImagePull: failed to resolve reference "{image}": {image}: not found'
    )
    waits = {"name": "app", "state": {"waiting": {"reason": "ImagePullBackOff", "message": message}}}
    row = made({"metadata": {"name": "p"}, "status": {"phase": "Pending", "containerStatuses": [waits]}})
    assert row.message.startswith("Back-off pulling image")
    assert row.message.endswith("typo: not found")
    assert len(row.message) == 160


def test_a_long_word_of_the_scheduler_keeps_its_begin_which_says_what_nodes_lack() -> None:
    message = (
        "0/14 nodes are available: 1 Insufficient cpu, 13 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new "
        "claims to deallocate, preemption: 0/14 nodes are available: 14 Preemption is not helpful for scheduling."
    )
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    row = made({"metadata": {"name": "p"}, "status": {"phase": "Pending", "conditions": [condition]}})
    assert row.message == message.partition(". no new claims")[0]
