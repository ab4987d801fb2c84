"""Every field that ``kubectl describe`` prints, with its value, is in our description of the same object."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from kubetui.cluster.object_at import ObjectAt
from kubetui.cluster.own_kinds import place_of
from kubetui.cluster.session import Session
from kubetui.insight.describe.describe import describe
from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.page import plain_text
from kubetui.insight.describe.registry import DESCRIPTIONS, description_of
from kubetui.ui.meanings import mark
from kubetui.ui.object_facts import ObjectFacts
from tests.cluster.control_plane import ControlPlane
from tests.cluster.describe import objects
from tests.cluster.describe.beside import Deviation, missing
from tests.cluster.describe.objects import PLACE
from tests.cluster.fixtures import Scaled
from tests.contract.conftest import Api

pytestmark = pytest.mark.cluster

DEVIATIONS: dict[str, tuple[Deviation, ...]] = {
    "ConfigMap": (
        Deviation(r"a:|1|file.yaml:|key: value", "values are not printed: sizes stand there, y shows the values"),
    ),
    "Pod": (Deviation(r"LABEL: \(v1:metadata.labels\['app'\]\)", "kubectl finds no value behind a subscript; we do"),),
}
"""What kubectl prints and we don't, by kind."""
UNORDERED = frozenset({"Namespace", "LimitRange"})
"""kubectl prints the rows of LimitRanges in Go's random order of maps."""


@pytest.fixture(scope="module")
def plane(scaled: Scaled) -> Iterator[ControlPlane]:
    """Nodes with pods, and one object of every kind. Nobody else asks for these numbers."""
    plane = scaled(4, 24)
    plane.create_namespace(PLACE)
    for found in objects.OBJECTS:
        plane.kubectl("apply", "-f", "-", stdin=json.dumps(found))
    _patch_status(plane, f"/api/v1/namespaces/{PLACE}/pods/rich", objects.RICH_STATUS)
    autoscalers = f"/apis/autoscaling/v2/namespaces/{PLACE}/horizontalpodautoscalers"
    _patch_status(plane, f"{autoscalers}/web", objects.AUTOSCALER_STATUS)
    _patch_status(
        plane, f"/api/v1/namespaces/{PLACE}/services/web", {"loadBalancer": {"ingress": [{"ip": "20.1.2.3"}]}}
    )
    plane.kubectl("wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=30s")
    plane.kubectl("apply", "-f", "-", stdin=json.dumps(objects.CUSTOM))
    plane.kubectl("set", "image", "-n", PLACE, "deployment/web", "bare=registry.example/app:2.0")
    _settle(plane)
    yield plane
    plane.kubectl("delete", "namespace", PLACE, "--wait=false")
    plane.kubectl(
        "delete",
        "crd/widgets.example.com",
        "pv/described-disk",
        "priorityclass/described",
        "sc/described",
        "csinode/described",
        "ingressclass/described",
        "--wait=false",
    )


def _patch_status(plane: ControlPlane, path: str, status: Any) -> None:
    plane.admin.patch(f"{path}/status", {"status": status})


def _settle(plane: ControlPlane) -> None:
    """Until the controllers are through with what was applied."""
    deadline, before = time.monotonic() + 60, ""
    while time.monotonic() < deadline:
        now = plane.kubectl("get", "all,pvc,resourcequota", "-n", PLACE, "-o", "json")
        if now == before:
            return
        before = now
        time.sleep(3)


@pytest.fixture(scope="module")
def beside(plane: ControlPlane) -> Api:
    """The same control plane, as the app sees it."""
    return Api(plane.admin_kubeconfig, plane.admin_kubeconfig, real=True)


async def our_text(session: Session, at: ObjectAt) -> str:
    """What the pane shows, once everything is read."""
    told = asyncio.Event()
    followed = ObjectFacts(session, at, None, told.set)
    followed.start()
    try:
        async with asyncio.timeout(30):
            while not complete(followed.facts):
                await told.wait()
                told.clear()
                assert followed.error is None
    finally:
        followed.stop()
    assert followed.facts is not None
    facts = followed.facts
    lines = describe(Facts(facts.found, time.time(), facts.parts, facts.events, facts.owners), mark)
    return plain_text(lines)


def complete(facts: Facts | None) -> bool:
    if facts is None or facts.owners_loading:
        return False
    description = description_of(facts.found)
    needs = {need.name for need in description.needs(facts.found)}
    return needs <= facts.parts.keys() and not (description.has_events and facts.events.loading)


def first(plane: ControlPlane, resource: str, namespace: str = PLACE) -> str:
    """A name of those that controllers made up."""
    found = json.loads(plane.kubectl("get", resource, "-n", namespace, "-o", "json"))["items"]
    return str(min(one["metadata"]["name"] for one in found))


def names() -> Iterator[tuple[str, str, str, str]]:
    """API version, kind, namespace and name of everything to compare; a name ``*`` is the first there is."""
    for found in (*objects.OBJECTS, objects.CUSTOM):
        if found["kind"] in COMPARED:
            yield found["apiVersion"], found["kind"], found["metadata"].get("namespace", ""), found["metadata"]["name"]
    yield "v1", "Node", "", "*"
    yield "v1", "Namespace", "", PLACE
    yield "v1", "Namespace", "", "default"
    yield "apps/v1", "ReplicaSet", PLACE, "*"
    yield "apps/v1", "DaemonSet", "kube-system", "*"
    yield "v1", "Service", "default", "kubernetes"
    yield "v1", "Endpoints", "default", "kubernetes"
    yield "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "", "cluster-admin"
    yield "v1", "Pod", "kube-system", "*"
    yield "coordination.k8s.io/v1", "Lease", "kube-node-lease", "*"
    yield "apiregistration.k8s.io/v1", "APIService", "", "v1."


COMPARED = frozenset({one.kind for one in DESCRIPTIONS} | {"Widget", "CustomResourceDefinition"})


@pytest.mark.parametrize(
    ("api_version", "kind", "namespace", "name"),
    [pytest.param(*place, id=f"{place[1]}-{place[2]}-{place[3]}") for place in names()],
)
async def test_each_field_that_kubectl_prints_is_in_ours(
    api_version: str, kind: str, namespace: str, name: str, plane: ControlPlane, beside: Api, monkeypatch: Any
) -> None:
    monkeypatch.setitem(os.environ, "TZ", "UTC")  # kubectl prints local times, we print UTC
    async with beside.session() as session:
        at = await place_of(session, api_version, kind, namespace, name)
        assert at is not None
        resource = f"{at.plural}.{at.group}" if at.group else at.plural
        if name == "*":
            found = await asyncio.to_thread(first, plane, resource, namespace or "default")
            at = ObjectAt(at.kind, at.collection, at.namespace, found)
        theirs, ours = await asyncio.gather(
            asyncio.to_thread(plane.kubectl, "describe", resource, at.name, *(["-n", namespace] if namespace else [])),
            our_text(session, at),
        )

    ordered = kind not in UNORDERED
    assert missing(theirs, ours, DEVIATIONS.get(kind, ()), ordered=ordered) == [], f"{theirs}\n=====\n{ours}"
