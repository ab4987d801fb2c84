"""Requests and limits as the scheduler counts them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubetui.kinds.pod import decode_item
from kubetui.kinds.pod_resources import Amounts, pod_resources

MI = 1 << 20


def asks(cpu: str, memory: str = "0", **more: Any) -> dict[str, Any]:
    return {"name": cpu, "resources": {"requests": {"cpu": cpu, "memory": memory}}, **more}


def requests(spec: dict[str, Any], status: dict[str, Any] | None = None) -> Amounts:
    pod = {"metadata": {"name": "p"}, "spec": spec, "status": status or {}}
    return pod_resources(decode_item(json.dumps(pod).encode())).requests


def test_containers_are_summed() -> None:
    assert requests({"containers": [asks("100m", "64Mi"), asks("1", "64Mi")]}) == (1100, 128 * MI)


def test_the_largest_init_container_counts_where_it_is_more() -> None:
    spec = {"containers": [asks("500m", "64Mi")], "initContainers": [asks("2", "32Mi"), asks("100m", "16Mi")]}
    assert requests(spec) == (2000, 64 * MI)


def test_a_sidecar_counts_beside_the_containers_and_beside_later_init_containers() -> None:
    sidecar = asks("200m", restartPolicy="Always")
    assert requests({"containers": [asks("500m")], "initContainers": [sidecar, asks("1")]}).cpu == 1200
    # an init container that runs before the sidecar is alone
    assert requests({"containers": [asks("500m")], "initContainers": [asks("1"), sidecar]}).cpu == 1000


def test_the_pods_own_resources_override_and_overhead_is_added() -> None:
    spec = {
        "containers": [asks("500m", "64Mi")],
        "resources": {"requests": {"cpu": "2"}},
        "overhead": {"cpu": "50m", "memory": "10Mi"},
    }
    assert requests(spec) == (2050, 74 * MI)


@pytest.mark.parametrize(
    ("conditions", "cpu"), [([], 500), ([{"type": "PodResizePending", "reason": "Infeasible"}], 300)]
)
def test_while_a_resize_is_under_way_the_larger_amount_counts(conditions: list[dict[str, str]], cpu: int) -> None:
    container = asks("500m")
    told = {"name": "500m", "resources": {"requests": {"cpu": "200m"}}, "allocatedResources": {"cpu": "300m"}}
    assert requests({"containers": [container]}, {"containerStatuses": [told], "conditions": conditions}).cpu == cpu


def test_nothing_asked_for_is_nothing() -> None:
    assert requests({"containers": [{"name": "a"}, {"name": "b", "resources": None}]}) == (0, 0)
