"""READY, STATUS and RESTARTS as kubectl prints them: kubectl's own test table, and the words AKS people meet."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubetui.kinds.pod import POD, decode_item
from tests.unit.kinds.fixture_files import data, texts

CASES: dict[str, dict[str, Any]] = data("pod-status-cases")


@pytest.mark.parametrize("name", CASES)
def test_a_pod_reads_as_kubectl_prints_it(name: str) -> None:
    case = CASES[name]
    row = POD.row(decode_item(json.dumps(case["pod"]).encode()))
    shown = texts(POD.columns, row)
    assert (shown["READY"], shown["STATUS"], shown["RESTARTS"]) == (
        case["ready"],
        case["status"],
        case["restarts"],
    )


def test_restarts_without_a_time_are_a_plain_number() -> None:
    case = CASES["restarts are summed and a phase stands where nothing else speaks"]
    row = POD.row(decode_item(json.dumps(case["pod"]).encode()))
    assert texts(POD.columns, row)["RESTARTS"] == "6"
