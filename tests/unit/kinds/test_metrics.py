"""Samples as metrics-server serves them, in the units that ``kubectl top`` sums."""

from __future__ import annotations

import msgspec
import pytest

from kubetui.kinds.age import unix
from kubetui.kinds.node_metrics import NODE_METRICS
from kubetui.kinds.pod_metrics import POD_METRICS
from kubetui.kinds.quantity import LIMIT, nanocores
from kubetui.kinds.usage import Usage
from kubetui.kinds.wire import decode_row

NODE = b"""{"metadata":{"name":"aks-system-12345678-vmss000000","creationTimestamp":"2026-11-20T12:00:05Z"},
"timestamp":"2026-11-20T11:59:50Z","window":"20.035s","usage":{"cpu":"216543210n","memory":"1843200Ki"}}"""
POD = b"""{"metadata":{"name":"coredns-1","namespace":"kube-system"},"timestamp":"2026-11-20T11:59:51Z",
"window":"15.1s","containers":[{"name":"coredns","usage":{"cpu":"1500001n","memory":"20Mi"}},
{"name":"sidecar","usage":{"cpu":"0","memory":"1Ki"}}]}"""


def test_a_nodes_sample() -> None:
    row = decode_row(NODE_METRICS, NODE)
    assert row.name == "aks-system-12345678-vmss000000"
    assert row.at == unix("2026-11-20T11:59:50Z")
    assert row.usage == Usage(216_543_210, 1_843_200 * 1024)
    assert row.usage.millicores == 217


def test_a_pods_containers_are_summed_before_they_are_rounded() -> None:
    row = decode_row(POD_METRICS, POD)
    assert row.of("coredns") == Usage(1_500_001, 20 << 20)
    assert row.of("sidecar") == Usage(0, 1024)
    assert row.of("gone") is None
    assert row.usage == Usage(1_500_001, (20 << 20) + 1024)
    assert row.usage.millicores == 2


@pytest.mark.parametrize(
    ("quantity", "nano"),
    [("0", 0), ("1n", 1), ("100m", 100_000_000), ("2", 2_000_000_000), ("250u", 250_000), (1, 1_000_000_000)],
)
def test_cpu_in_nanocores(quantity: str | int, nano: int) -> None:
    assert nanocores(quantity) == nano


@pytest.mark.parametrize("quantity", ["9" * 40 + "n", "9" * 25 + "n"])
def test_cpu_beyond_all_bounds(quantity: str) -> None:
    assert nanocores(quantity) == LIMIT


@pytest.mark.parametrize("usage", ['{"cpu":"fast"}', '{"memory":"12Kib"}', '{"cpu":[]}'])
def test_a_sample_that_is_no_quantity_is_unreadable(usage: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_row(NODE_METRICS, f'{{"metadata":{{"name":"a"}},"usage":{usage}}}'.encode())


def test_a_sample_without_a_time_or_containers() -> None:
    row = decode_row(POD_METRICS, b'{"metadata":{"name":"a","namespace":"b"}}')
    assert (row.at, row.containers, row.usage) == (0, (), Usage())
