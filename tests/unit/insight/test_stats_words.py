"""A kubelet's figures in words: what is told is shown, what is not told is not invented, what is bad stands out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.insight.stats_words import StatsLine, node_lines, pod_lines, size
from kubetui.kinds.kind import Meaning
from kubetui.kinds.stats_summary import StatsSummary

GI = 1 << 30


def summary(node: dict[str, Any] | None = None, pods: list[Any] | None = None) -> StatsSummary:
    return msgspec.convert({"node": {"nodeName": "n1", **(node or {})}, "pods": pods}, StatsSummary)


def of(lines: list[StatsLine], name: str) -> StatsLine:
    return next(line for line in lines if line.name == name)


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (0, "0 KiB"), (4096, "4 KiB"), (512 << 20, "512 MiB"), (11 * GI + GI // 10, "11.1 GiB")],
)
def test_sizes(value: int | None, words: str) -> None:
    assert size(value) == words


def test_a_full_filesystem_and_pressure_need_a_look() -> None:
    pressed = {"some": {"avg10": 23.0, "avg60": 20.0, "avg300": 4.0}, "full": {"avg60": 7.0}}
    lines = node_lines(summary({
        "memory": {"workingSetBytes": 2 * GI, "rssBytes": GI, "psi": pressed},
        "cpu": {"usageNanoCores": 1_500_000_001, "psi": {"some": {"avg10": 0.4}}},
        "fs": {"capacityBytes": 100 * GI, "usedBytes": 90 * GI, "inodes": 100, "inodesUsed": 7},
        "runtime": {"imageFs": {"capacityBytes": 100 * GI, "usedBytes": 20 * GI}},
        "rlimit": {"maxpid": 1000, "curproc": 900},
        "network": {"name": "eth0", "rxBytes": GI, "txBytes": GI, "rxErrors": 3},
    }))  # fmt: skip

    assert of(lines, "CPU").value == "1,501m"
    assert of(lines, "memory, RSS").value == "1.0 GiB"
    assert of(lines, "memory pressure (PSI)").meaning is Meaning.LOOK
    assert "everything waited 7.0 % of 1 min" in of(lines, "memory pressure (PSI)").value
    assert of(lines, "CPU pressure (PSI)").meaning is Meaning.PLAIN
    assert of(lines, "node filesystem") == StatsLine(
        "node filesystem", "90.0 GiB of 100.0 GiB, 90 %; inodes 7 %", Meaning.LOOK
    )
    assert of(lines, "image filesystem").meaning is Meaning.PLAIN
    assert of(lines, "processes").meaning is Meaning.LOOK
    assert of(lines, "network eth0").meaning is Meaning.LOOK


def test_a_pods_containers_and_volumes() -> None:
    pod = {
        "podRef": {"name": "db-0", "namespace": "x"},
        "containers": [{"name": "db", "cpu": {"usageNanoCores": 1}, "logs": {"usedBytes": 4096}}],
        "volume": [{"name": "data", "pvcRef": {"name": "data-db-0"}, "capacityBytes": 10 * GI, "usedBytes": 9 * GI}],
        "ephemeral-storage": {"usedBytes": 8192},
        "process_stats": {"process_count": 12},
    }
    lines = pod_lines(summary(pods=[pod]), ("x", "db-0"))
    assert of(lines, "Container db") == StatsLine("Container db")
    assert of(lines, "logs").value == "4 KiB"
    assert of(lines, "data (claim data-db-0)").meaning is Meaning.LOOK
    assert of(lines, "ephemeral storage").value == "8 KiB"
    assert of(lines, "processes").value == "12"


def test_a_pod_that_the_kubelet_does_not_know() -> None:
    assert "tells nothing" in pod_lines(summary(), ("x", "gone"))[1].value


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers(0, 2**62) | st.just({}),
    lambda inner: st.dictionaries(
        st.sampled_from(["cpu", "memory", "fs", "runtime", "imageFs", "network", "psi", "some", "rlimit", "usedBytes",
                         "capacityBytes", "usageNanoCores", "workingSetBytes", "curproc", "maxpid", "inodes"]),
        inner, max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@given(_JSON)
def test_any_summary_that_can_be_read_can_be_said(node: Any) -> None:
    try:
        found = msgspec.convert({"node": node if isinstance(node, dict) else {}}, StatsSummary)
    except msgspec.ValidationError:
        return
    assert node_lines(found)
