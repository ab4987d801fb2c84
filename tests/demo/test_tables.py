"""Tables and metadata alone, as lists and single objects."""

from __future__ import annotations

from tests.demo.serving import PARTIAL, TABLE, demo_server
from tests.demo.synthetic import PODS, Thing

PODS_PATH = "/api/v1/namespaces/default/pods"
PARTIAL_LIST = PARTIAL.replace("PartialObjectMetadata", "PartialObjectMetadataList")


async def test_a_table_without_objects_is_small_and_pages_like_a_list() -> None:
    async with demo_server() as demo:
        for name in "abc":
            demo.storage.put(PODS, Thing(name, created=demo.clock.now() - 90))
        table = (await demo.get(f"{PODS_PATH}?includeObject=None&limit=2", accept=TABLE)).json
        assert (table["kind"], table["apiVersion"]) == ("Table", "meta.k8s.io/v1")
        assert table["metadata"]["remainingItemCount"] == 1
        assert table["columnDefinitions"][0] == {
            "name": "Name",
            "type": "string",
            "format": "name",
            "description": "",
            "priority": 0,
        }
        assert table["rows"] == [{"cells": [name, "1/1", "Running", "90s"], "object": None} for name in "ab"]
        token = table["metadata"]["continue"]
        rest = (await demo.get(f"{PODS_PATH}?includeObject=None&limit=2&continue={token}", accept=TABLE)).json
        assert [row["cells"][0] for row in rest["rows"]] == ["c"]


async def test_cells_are_as_old_as_the_worlds_clock_says() -> None:
    async with demo_server() as demo:
        demo.storage.put(PODS, Thing("a", created=demo.clock.now()))
        await demo.clock.advance(7)
        table = (await demo.get(f"{PODS_PATH}?includeObject=None", accept=TABLE)).json
        assert table["rows"][0]["cells"][3] == "7s"


async def test_rows_carry_metadata_unless_told_otherwise() -> None:
    async with demo_server() as demo:
        demo.storage.put(PODS, Thing("a", labels={"app": "web"}))
        for include, kind in (("", "PartialObjectMetadata"), ("Metadata", "PartialObjectMetadata"), ("Object", "Pod")):
            row = (await demo.get(f"{PODS_PATH}?includeObject={include}", accept=TABLE)).json["rows"][0]
            assert row["object"]["kind"] == kind
            assert row["object"]["metadata"]["labels"] == {"app": "web"}
            assert ("spec" in row["object"]) is (include == "Object")
        refused = await demo.get(f"{PODS_PATH}?includeObject=All", accept=TABLE)
        assert (refused.status, refused.json["reason"]) == (400, "BadRequest")


async def test_one_object_as_a_table_and_as_metadata() -> None:
    async with demo_server() as demo:
        version = demo.storage.put(PODS, Thing("a"))
        table = (await demo.get(f"{PODS_PATH}/a?includeObject=None", accept=TABLE)).json
        assert table["metadata"] == {"resourceVersion": str(version)}
        assert len(table["rows"]) == 1
        bare = (await demo.get(f"{PODS_PATH}/a", accept=PARTIAL)).json
        assert bare == {
            "kind": "PartialObjectMetadata",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": {"name": "a", "namespace": "default", "resourceVersion": str(version), "labels": {}},
        }


async def test_a_list_of_metadata() -> None:
    async with demo_server() as demo:
        demo.storage.put(PODS, Thing("a"))
        body = (await demo.get(PODS_PATH, accept=PARTIAL_LIST)).json
        assert body["kind"] == "PartialObjectMetadataList"
        assert body["items"][0]["kind"] == "PartialObjectMetadata"


async def test_the_first_form_that_is_served_wins() -> None:
    older = "application/json;as=Table;v=v1beta1;g=meta.k8s.io"
    async with demo_server() as demo:
        kinds = [
            (await demo.get(PODS_PATH, accept=accept)).json["kind"]
            for accept in (f"{TABLE},{older},application/json", f"{older},application/json", "application/json,*/*")
        ]
        assert kinds == ["Table", "PodList", "PodList"]


async def test_large_tables_are_whole() -> None:
    async with demo_server(history_capacity=10) as demo:
        for number in range(1201):
            demo.storage.put(PODS, Thing(f"p{number:04}"))
        table = (await demo.get(f"{PODS_PATH}?includeObject=Object", accept=TABLE)).json
        assert [row["cells"][0] for row in table["rows"]] == [f"p{number:04}" for number in range(1201)]
