"""HorizontalPodAutoscalers as the API serves them, in the words of ``kubectl get hpa``."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from kubetui.kinds.horizontal_pod_autoscaler import HORIZONTAL_POD_AUTOSCALER, AutoscalerRow
from kubetui.kinds.wire import decode_row


def row(metrics: list[Any], current: list[Any], conditions: list[Any] | None = None, **status: Any) -> AutoscalerRow:
    found = {
        "metadata": {"name": "web", "namespace": "x", "resourceVersion": "7"},
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 10,
                 "metrics": metrics},
        "status": {"currentReplicas": 3, "desiredReplicas": 3, "currentMetrics": current,
                   "conditions": conditions or [], **status},
    }  # fmt: skip
    return decode_row(HORIZONTAL_POD_AUTOSCALER, json.dumps(found).encode())


CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}
CPU_NOW = {"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 63, "averageValue": "9m"}}}


@pytest.mark.parametrize(
    ("metric", "current", "words"),
    [
        (CPU, [CPU_NOW], "cpu 63%/70%"),
        (CPU, [], "cpu <unknown>/70%"),
        (
            {"type": "Pods", "pods": {"metric": {"name": "rps"}, "target": {"averageValue": "100"}}},
            [{"type": "Pods", "pods": {"metric": {"name": "rps"}, "current": {"averageValue": "250m"}}}],
            "rps 250m/100",
        ),
        (
            {"type": "External", "external": {"metric": {"name": "queue"}, "target": {"value": "30"}}},
            [{"type": "External", "external": {"metric": {"name": "queue"}, "current": {"value": "0"}}}],
            "queue 0/30",
        ),
        (
            {"type": "ContainerResource", "containerResource": {"name": "cpu", "target": {"averageUtilization": 50}}},
            [{"type": "ContainerResource", "containerResource": {"name": "cpu", "current": {"averageUtilization": 4}}}],
            "cpu 4%/50%",
        ),
        ({"type": "New"}, [], "metric <unknown>/<unknown>"),
        ({"type": ["x"]}, [], "metric <unknown>/<unknown>"),
    ],
)
def test_targets(metric: Any, current: list[Any], words: str) -> None:
    assert row([metric], current).metrics == (words,)


def test_what_stands_beside_a_workload() -> None:
    assert row([CPU], [CPU_NOW]).words == "cpu 63%/70% · 3 of 2–10"
    assert row([CPU], [CPU_NOW], desiredReplicas=5).words == "cpu 63%/70% · 3→5 of 2–10"


def test_one_that_can_not_do_its_work_says_why() -> None:
    stuck = {"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": "no metrics"}
    limited = {"type": "ScalingLimited", "status": "True", "reason": "TooManyReplicas"}
    found = row([CPU], [], [limited, stuck])
    assert (found.broken, found.reason, found.message) == (True, "FailedGetResourceMetric", "no metrics")
    found = row([CPU], [CPU_NOW], [limited])
    assert (found.broken, found.reason, found.at_its_most) == (False, "TooManyReplicas", True)


@pytest.mark.parametrize(
    ("able", "said"),
    [("ReadyForNewScale", ""), ("SucceededGetScale", ""), ("ScaleDownStabilized", "ScaleDownStabilized"),
     ("SucceededRescale", "SucceededRescale")],
)  # fmt: skip
def test_what_it_did_last_is_said_where_that_tells_why_it_has_its_size(able: str, said: str) -> None:
    conditions = [
        {"type": "AbleToScale", "status": "True", "reason": able},
        {"type": "ScalingActive", "status": "True", "reason": "ValidMetricFound"},
        {"type": "ScalingLimited", "status": "False", "reason": "DesiredWithinRange"},
    ]
    found = row([CPU], [CPU_NOW], conditions)
    assert (found.reason, found.broken, found.at_its_most) == (said, False, False)


@pytest.mark.parametrize("spec", ['{"maxReplicas":"many"}', '{"metrics":3}', '{"metrics":[7]}'])
def test_other_shapes_are_unreadable(spec: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_row(HORIZONTAL_POD_AUTOSCALER, f'{{"metadata":{{"name":"a"}},"spec":{spec}}}'.encode())
