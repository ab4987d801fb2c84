"""What kube-system's components are configured by: their ConfigMaps, their flags, and why either is missing."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from kubetui.cluster.component_config import COMPONENT_CONFIGS, Section, read_component
from kubetui.cluster.errors import ClusterError, Forbidden, NotFound
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import ClusterInMemory

AUTOSCALER = "k8s-app=coredns-autoscaler"
PARAMS = '--default-params={"ladder":{"nodesToReplicas":[[1,2],[8,3]]}}'


class KubeSystem(ClusterInMemory):
    """``config``: ConfigMaps by name; ``components``: a selector to its pod's arguments; ``refused``: in paths."""

    def __init__(self) -> None:
        super().__init__()
        self.config: dict[str, dict[str, str]] = {}
        self.components: dict[str, list[str]] = {}
        self.refused = ""
        self.body: bytes | None = None

    async def send(self, request: Request) -> Answer:
        if self.refused and self.refused in request.path:
            raise Forbidden(request.tried, "403: no", "ask for the right", status=403)
        if self.body is not None:
            return Answer(200, self.body, "application/json", {})
        return Answer(200, json.dumps(self._object(request)).encode(), "application/json", {})

    def _object(self, request: Request) -> dict[str, Any]:
        kind, _, name = request.path.partition("/kube-system/")[2].partition("/")
        if kind == "configmaps":
            if name not in self.config:
                raise NotFound(request.tried, "404: no such ConfigMap", status=404)
            return {"data": self.config[name]}
        arguments = self.components.get(dict(request.query)["labelSelector"])
        if arguments is None:
            return {"items": []}
        spec = {"nodeName": "n1", "containers": [{"args": arguments}]}
        return {"items": [{"metadata": {"name": "one"}, "spec": spec, "status": {"phase": "Running"}}]}


async def read(cluster: KubeSystem, name: str) -> list[Section]:
    component = next(one for one in COMPONENT_CONFIGS if one.name == name)
    clock = FakeClock()
    session = Session("lab", cluster, Traffic(clock), clock, Random(1))
    try:
        return await read_component(session, component)
    finally:
        await session.close()


async def test_the_ladder_stands_in_the_config_map_and_before_it_in_the_flags() -> None:
    cluster = KubeSystem()
    cluster.config["coredns-autoscaler"] = {"ladder": '{"nodesToReplicas":[[1,2]]}'}
    cluster.components[AUTOSCALER] = [PARAMS]

    written, flags = await read(cluster, "coredns-autoscaler")

    assert written.title == "ConfigMap coredns-autoscaler · ladder"
    assert (flags.title, flags.text) == ("flags of one on n1, one of 1", PARAMS)


async def test_without_its_config_map_what_its_flags_say_counts_and_is_shown() -> None:
    cluster = KubeSystem()
    cluster.components[AUTOSCALER] = [PARAMS]

    missing, flags = await read(cluster, "coredns-autoscaler")

    assert missing.trouble == "there is no ConfigMap coredns-autoscaler: what its flags say counts"
    assert flags.text == PARAMS


@pytest.mark.parametrize("name", ["kube-proxy", "coredns", "coredns-autoscaler", "azure-ip-masq-agent"])
async def test_what_a_cluster_does_without_is_said(name: str) -> None:
    (only,) = await read(KubeSystem(), name)
    assert only.trouble == "there is none of it in this cluster"


async def test_who_may_not_list_pods_still_reads_the_config_map() -> None:
    cluster = KubeSystem()
    cluster.config["azure-ip-masq-agent-config"] = {"ip-masq-agent": "nonMasqueradeCIDRs: [10.0.0.0/8]"}
    cluster.refused = "/pods"

    written, refused = await read(cluster, "azure-ip-masq-agent")

    assert "10.0.0.0/8" in written.text
    assert refused.trouble.startswith("forbidden: list pods")


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff{}", b'{"data":"\xff"}', b'{"a":' + b"[" * 50_000])
async def test_an_answer_that_is_none_is_said_and_nothing_breaks(body: bytes) -> None:
    cluster = KubeSystem()
    cluster.body = body
    try:
        sections = await read(cluster, "coredns")
    except ClusterError as error:  # pragma: no cover - what must not happen, told well
        pytest.fail(f"raised {error}")
    assert all(section.trouble for section in sections)
