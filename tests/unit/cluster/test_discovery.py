"""The kinds that a server has: aggregated, group by group, and with groups that do not answer."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kubetui.cluster.discovery import REFRESH, Discovery
from kubetui.cluster.errors import ClusterError, Forbidden, NotKubernetes, Overloaded, Unauthorized, Unreachable
from kubetui.cluster.source import NotWatched
from kubetui.cluster.transport import Answer, Request
from kubetui.kinds.served_kind import ServedKind
from tests.fake_clock import FakeClock

ALL = ["create", "delete", "get", "list", "watch"]


class Paths:
    """A transport that answers each path with what it was told to; 404 elsewhere."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[Request] = []

    async def send(self, request: Request) -> Answer:
        self.asked.append(request)
        found = self.answers.get(request.path)
        if isinstance(found, ClusterError):
            raise found
        if found is None:
            raise Overloaded(request.tried, "503: service unavailable", status=503)
        return Answer(200, found if isinstance(found, bytes) else msgspec.json.encode(found), "application/json", {})

    def stream(self, request: Request) -> Any:
        raise AssertionError("discovery is not watched")

    async def close(self) -> None:
        """Nothing is open."""


def resource(plural: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "resource": plural,
        "responseKind": {"group": "", "version": "", "kind": kind},
        "scope": "Namespaced",
        "singularResource": kind.lower(),
        "verbs": ALL,
        **more,
    }


def group(name: str, **versions: Any) -> dict[str, Any]:
    """Versions by name: resources, or None where they do not answer."""
    listed = [
        {"version": version, "resources": found or [], "freshness": "Stale" if found is None else "Current"}
        for version, found in versions.items()
    ]
    return {"metadata": {"name": name} if name else {}, "versions": listed}


def aggregated(*groups: Any) -> dict[str, Any]:
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": groups}


CORE = aggregated(group("", v1=[resource("services", "Service", shortNames=["svc"], categories=["all"]),
                                resource("nodes", "Node", scope="Cluster")]))  # fmt: skip


async def read(transport: Paths) -> dict[str, ServedKind]:
    page = await Discovery(transport, FakeClock()).page(limit=500)
    kinds = [row for row in page.rows if isinstance(row, ServedKind)]
    assert len(kinds) == page.count
    return {kind.full_name or kind.group: kind for kind in kinds}


async def test_an_aggregating_server_is_asked_twice() -> None:
    transport = Paths({"/api": CORE, "/apis": aggregated(group("apps", v1=[resource("deployments", "Deployment")]))})

    kinds = await read(transport)

    assert sorted(request.path for request in transport.asked) == ["/api", "/apis"]
    accept = transport.asked[0].accept
    assert accept.startswith("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,")
    assert accept.endswith(",application/json")
    services = kinds["services"]
    assert (services.kind, services.api_version, services.namespaced) == ("Service", "v1", True)
    assert (services.short_names, services.categories, services.verbs) == (("svc",), ("all",), tuple(ALL))
    assert not kinds["nodes"].namespaced
    assert kinds["deployments.apps"].group == "apps"
    assert services.version == int(FakeClock().now())


async def test_a_kind_is_taken_at_the_version_that_the_server_prefers() -> None:
    found = group(
        "autoscaling",
        v2=[resource("horizontalpodautoscalers", "HorizontalPodAutoscaler")],
        v1=[resource("horizontalpodautoscalers", "HorizontalPodAutoscaler"), resource("old", "Old")],
    )
    kinds = await read(Paths({"/api": CORE, "/apis": aggregated(found)}))

    assert kinds["horizontalpodautoscalers.autoscaling"].api_version == "v2"
    assert kinds["old.autoscaling"].api_version == "v1"


async def test_what_exists_for_its_subresources_alone_is_no_kind() -> None:
    bare = {"resource": "things", "subresources": [{"subresource": "status"}], "verbs": None}
    kinds = await read(Paths({"/api": CORE, "/apis": aggregated(group("x", v1=[bare]))}))
    assert set(kinds) == {"services", "nodes"}


async def test_a_group_that_does_not_answer_costs_that_group_alone_and_says_why() -> None:
    condition = {"type": "Available", "status": "False", "reason": "MissingEndpoints", "message": "no addresses"}
    service = {"status": {"conditions": [{"type": "Other", "status": "True"}, condition]}}
    transport = Paths(
        {
            "/api": CORE,
            "/apis": aggregated(group("metrics.k8s.io", v1beta1=None), group("apps", v1=[resource("x", "X")])),
            "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io": service,
        }
    )

    kinds = await read(transport)

    down = kinds[".metrics.k8s.io"]
    assert (down.group, down.plural, down.api_version) == ("metrics.k8s.io", "", "v1beta1")
    assert down.trouble == "MissingEndpoints: no addresses"
    assert "x.apps" in kinds


async def test_kinds_that_the_server_remembers_of_a_group_that_is_down_are_kept() -> None:
    found = group("metrics.k8s.io", v1beta1=[resource("pods", "PodMetrics")])
    found["versions"][0]["freshness"] = "Stale"
    kinds = await read(Paths({"/api": CORE, "/apis": aggregated(found)}))
    assert kinds["pods.metrics.k8s.io"].kind == "PodMetrics"
    assert kinds[".metrics.k8s.io"].trouble == "its API server does not answer"


# --- servers that do not aggregate


def listed(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "APIResourceList", "resources": entries}


def entry(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": ALL, **more}


def groups(*found: tuple[str, list[str], str]) -> dict[str, Any]:
    listed = [
        {"name": name, "versions": [{"groupVersion": f"{name}/{version}", "version": version} for version in versions],
         "preferredVersion": {"groupVersion": f"{name}/{preferred}", "version": preferred}}
        for name, versions, preferred in found
    ]  # fmt: skip
    return {"kind": "APIGroupList", "groups": listed}


PLAIN = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/api/v1": listed(
        entry("pods", "Pod", shortNames=["po"]), entry("pods/log", "Pod"), entry("nodes", "Node", namespaced=False)
    ),
    "/apis": groups(("batch", ["v1", "v2alpha1"], "v1"), ("metrics.k8s.io", ["v1beta1"], "v1beta1")),
    "/apis/batch/v1": listed(entry("jobs", "Job")),
    "/apis/batch/v2alpha1": listed(entry("jobs", "Job"), entry("cronjobs", "CronJob")),
}


async def test_an_older_server_is_asked_group_by_group_and_version_by_version() -> None:
    kinds = await read(Paths(PLAIN))

    assert (kinds["pods"].short_names, kinds["pods"].namespaced, kinds["nodes"].namespaced) == (("po",), True, False)
    assert "pods/log" not in kinds
    assert (kinds["jobs.batch"].api_version, kinds["cronjobs.batch"].api_version) == ("v1", "v2alpha1")
    down = kinds[".metrics.k8s.io"]
    assert (down.api_version, down.trouble) == ("v1beta1", "its API server does not answer")


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b"\xff",
        NotKubernetes("read", "a page"),
        Overloaded("read", "503", status=503),
        Forbidden("read", "no", status=403),
    ],
)
async def test_one_group_of_an_older_server_that_fails_costs_that_group_alone(answer: Any) -> None:
    kinds = await read(Paths({**PLAIN, "/apis/batch/v1": answer}))
    assert kinds[".batch"].api_version == "v1"
    assert kinds["jobs.batch"].api_version == "v2alpha1"
    assert "pods" in kinds


# --- when it does not go well


@pytest.mark.parametrize("error", [Unreachable("read", "cut"), Unauthorized("read", "401", status=401)])
@pytest.mark.parametrize("path", ["/api", "/apis", "/apis/batch/v1"])
async def test_a_connection_or_an_account_that_fails_fails_all_of_it(path: str, error: ClusterError) -> None:
    with pytest.raises(type(error)):
        await read(Paths({**PLAIN, path: error}))


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"items": 7, "kind": "APIGroupDiscoveryList"}', b"\xff\xfe"])
async def test_an_answer_that_is_no_discovery_says_so(body: bytes) -> None:
    with pytest.raises(NotKubernetes, match="/apis is no discovery"):
        await read(Paths({"/api": CORE, "/apis": body}))


@pytest.mark.parametrize("reason", [Forbidden("get", "no", status=403), b"<html>", {"status": {}}])
async def test_a_reason_that_can_not_be_had_is_no_failure(reason: Any) -> None:
    path = "/apis/apiregistration.k8s.io/v1/apiservices/v1.x.example.com"
    transport = Paths({"/api": CORE, "/apis": aggregated(group("x.example.com", v1=None)), path: reason})
    assert (await read(transport))[".x.example.com"].trouble == "its API server does not answer"


async def test_it_is_read_again_after_a_while() -> None:
    with pytest.raises(NotWatched) as told:
        async with Discovery(Paths({}), FakeClock()).watch("", seconds=300):
            pass
    assert (told.value.pause, told.value.words) == (REFRESH, "")
