"""What discovery and the health checks say."""

from __future__ import annotations

import pytest

from kubetui.demo.entry import Resource, Subresource
from tests.demo.serving import demo_server

AGGREGATED = (
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
)


async def test_the_old_discovery_documents() -> None:
    async with demo_server() as demo:
        assert (await demo.get("/api")).json["versions"] == ["v1"]
        groups = (await demo.get("/apis")).json["groups"]
        assert [group["name"] for group in groups] == ["apps", "authentication.k8s.io", "authorization.k8s.io"]
        assert groups[0]["preferredVersion"] == {"groupVersion": "apps/v1", "version": "v1"}
        assert (await demo.get("/apis/apps")).json["name"] == "apps"
        core = (await demo.get("/api/v1")).json
        assert core["groupVersion"] == "v1"
        assert core["resources"][0] == {
            "name": "pods",
            "singularName": "pod",
            "namespaced": True,
            "kind": "Pod",
            "verbs": ["get", "list", "watch"],
            "shortNames": ["po"],
            "categories": ["all"],
        }
        apps = (await demo.get("/apis/apps/v1")).json
        assert [resource["name"] for resource in apps["resources"]] == ["deployments"]


async def test_aggregated_discovery() -> None:
    async with demo_server() as demo:
        core = await demo.get("/api", accept=AGGREGATED)
        assert core.headers["Content-Type"] == AGGREGATED.split(",")[0]
        assert core.json["kind"] == "APIGroupDiscoveryList"
        (group,) = core.json["items"]
        (version,) = group["versions"]
        assert version["freshness"] == "Current"
        assert version["resources"][0] == {
            "resource": "pods",
            "responseKind": {"group": "", "version": "", "kind": "Pod"},
            "scope": "Namespaced",
            "singularResource": "pod",
            "verbs": ["get", "list", "watch"],
            "shortNames": ["po"],
            "categories": ["all"],
        }
        names = [group["metadata"]["name"] for group in (await demo.get("/apis", accept=AGGREGATED)).json["items"]]
        assert names == ["apps", "authentication.k8s.io", "authorization.k8s.io"]


async def test_kinds_and_subresources_registered_later_appear() -> None:
    metrics = Resource(
        "PodMetrics",
        "pods",
        "metrics.k8s.io",
        "v1beta1",
        namespaced=True,
        verbs=("get", "list"),
        subresources=(Subresource("raw", "PodMetrics"),),
    )
    async with demo_server() as demo:
        assert (await demo.get("/apis/metrics.k8s.io/v1beta1")).status == 404
        demo.storage.register(metrics)
        listed = (await demo.get("/apis/metrics.k8s.io/v1beta1")).json["resources"]
        assert [resource["name"] for resource in listed] == ["pods", "pods/raw"]
        assert (await demo.get("/apis/metrics.k8s.io/v1beta1/pods?watch=1")).status == 405
        demo.storage.unregister(metrics)
        assert (await demo.get("/apis/metrics.k8s.io/v1beta1")).status == 404


async def test_the_version() -> None:
    async with demo_server() as demo:
        version = (await demo.get("/version")).json
        assert (version["major"], version["minor"], version["gitVersion"]) == ("1", "36", "v1.36.3")


@pytest.mark.parametrize("endpoint", ["livez", "readyz", "healthz"])
async def test_health_is_ok_or_told_line_by_line(endpoint: str) -> None:
    async with demo_server() as demo:
        plain = await demo.get(f"/{endpoint}")
        assert (plain.status, plain.raw) == (200, b"ok")
        assert plain.headers["Content-Type"] == "text/plain; charset=utf-8"
        lines = (await demo.get(f"/{endpoint}?verbose")).raw.decode().splitlines()
        assert lines[0] == "[+]ping ok"
        assert lines[-1] == f"{endpoint} check passed"


async def test_a_failing_check_fails_the_endpoint_and_names_itself() -> None:
    async with demo_server() as demo:
        demo.server.health.fail("etcd")
        failed = await demo.get("/readyz")
        assert failed.status == 500
        assert "[-]etcd failed: reason withheld" in failed.raw.decode()
        assert failed.raw.decode().endswith("readyz check failed\n")
        assert (await demo.get("/readyz/etcd")).status == 500
        assert (await demo.get("/readyz/ping")).raw == b"ok"
        excluded = await demo.get("/readyz?verbose&exclude=etcd")
        assert (excluded.status, "[+]etcd excluded: ok" in excluded.raw.decode()) == (200, True)
        demo.server.health.recover("etcd")
        assert (await demo.get("/readyz")).status == 200
        assert (await demo.get("/readyz/nothing")).status == 404
        with pytest.raises(ValueError, match="no health check"):
            demo.server.health.fail("nothing")
