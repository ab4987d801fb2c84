"""What the demo has beside pods and nodes: custom resources, odd Services, an API group that is down."""

from __future__ import annotations

import msgspec
import pytest

from kubetui.demo import catalog
from kubetui.demo import resources as kinds
from kubetui.demo.custom_resources import CUSTOM, NODE_NETWORK_CONFIG, SNAPSHOT
from kubetui.demo.moment import human_duration
from kubetui.demo.system.cluster_objects import metrics_api
from kubetui.kinds.age import unix
from tests.demo.serving import Demo, demo_server
from tests.demo.test_discovery import AGGREGATED
from tests.demo.worlds import Lived


@pytest.fixture(scope="module")
def lived() -> Lived:
    return Lived()


def test_each_custom_resource_has_a_definition_that_says_how_it_is_printed(lived: Lived) -> None:
    definitions = {body["metadata"]["name"]: body["spec"] for body in lived.all(kinds.CUSTOM_RESOURCE_DEFINITIONS)}

    for custom in CUSTOM:
        spec = definitions[f"{custom.resource.plural}.{custom.resource.group}"]
        columns = spec["versions"][0]["additionalPrinterColumns"]
        assert [column["name"] for column in columns] == [column.name for column in custom.resource.columns[1:]]
        assert tuple(spec["names"]["shortNames"]) == custom.resource.short_names
        assert (spec["scope"] == "Namespaced") is custom.resource.namespaced


def test_a_node_comes_and_goes_with_its_network_config(lived: Lived) -> None:
    nodes = {body["metadata"]["name"] for body in lived.all(kinds.NODES)}
    assert {body["metadata"]["name"] for body in lived.all(NODE_NETWORK_CONFIG.resource)} == nodes

    gone = next(iter(lived.world.fleet.nodes.values()))
    lived.world.fleet.remove(gone)

    assert gone.name not in {body["metadata"]["name"] for body in lived.all(NODE_NETWORK_CONFIG.resource)}


def test_cells_are_what_the_paths_lead_to_and_null_where_they_lead_nowhere(lived: Lived) -> None:
    for entry in lived.storage.entries(SNAPSHOT.resource):
        body = msgspec.json.decode(entry.encode())
        ready, claim, source, size, *_, taken, age = entry.cells(lived.clock.time)[1:]
        assert (ready, claim) == (body["status"]["readyToUse"], body["spec"]["source"]["persistentVolumeClaimName"])
        assert source is None
        assert (size, taken is None) == (("32Gi", False) if ready else (None, True))
        assert age == human_duration(lived.clock.time - unix(body["metadata"]["creationTimestamp"]))


def test_endpoints_know_their_zone(lived: Lived) -> None:
    zones = {body["metadata"]["name"]: body["metadata"]["labels"]["topology.kubernetes.io/zone"]
             for body in lived.all(kinds.NODES)}  # fmt: skip
    slices = [body for body in lived.all(kinds.ENDPOINT_SLICES, "kube-system") if body["endpoints"]]
    assert slices
    for body in slices:
        assert all(point["zone"] == zones.get(point["nodeName"], point["zone"]) for point in body["endpoints"])


def test_services_that_select_nothing_or_nobody(lived: Lived) -> None:
    external = lived.get(kinds.SERVICES, "team-00", "payments")["spec"]
    assert (external["type"], "selector" in external) == ("ExternalName", False)
    entry = lived.storage.get(kinds.SERVICES, "team-00", "payments")
    assert entry is not None
    assert entry.cells(0.0)[1:4] == ["ExternalName", "<none>", "payments.partner.example.com"]

    assert "selector" not in lived.get(kinds.SERVICES, "team-00", "legacy-db")["spec"]
    assert lived.get(kinds.ENDPOINT_SLICES, "team-00", "legacy-db-1")["endpoints"]

    slices = [body for body in lived.all(kinds.ENDPOINT_SLICES, "team-00")
              if body["metadata"]["labels"]["kubernetes.io/service-name"] == "checkout-canary"]  # fmt: skip
    assert [body["endpoints"] for body in slices] == [None]


async def test_a_group_whose_server_is_down_is_stale_and_the_others_are_not() -> None:
    since = "2026-11-21T12:00:00Z"
    async with demo_server() as demo:
        demo.storage.register(kinds.API_SERVICES)
        catalog.put(demo.storage, kinds.API_SERVICES, metrics_api(1, 0.0, since))
        assert "metrics.k8s.io" not in await _freshness(demo)

        down = metrics_api(1, 0.0, since, "MissingEndpoints", "no addresses")
        catalog.put(demo.storage, kinds.API_SERVICES, down)

        freshness = await _freshness(demo)
        assert freshness.pop("metrics.k8s.io") == "Stale"
        assert set(freshness.values()) == {"Current"}
        plain = await demo.get("/apis/metrics.k8s.io/v1beta1")
        assert (plain.status, plain.json["reason"]) == (503, "ServiceUnavailable")
        assert "metrics.k8s.io" in [group["name"] for group in (await demo.get("/apis")).json["groups"]]


async def _freshness(demo: Demo) -> dict[str, str]:
    items = (await demo.get("/apis", accept=AGGREGATED)).json["items"]
    return {item["metadata"]["name"]: item["versions"][0]["freshness"] for item in items}
