"""Get and list over HTTP, checked against what kube-apiserver 1.36.3 answered to the same requests."""

from __future__ import annotations

import asyncio
import gzip
from urllib.parse import quote

import aiohttp
import pytest

from tests.demo.serving import Demo, demo_server
from tests.demo.synthetic import DEPLOYMENTS, EVENTS, NODES, PODS, Thing
from tests.fake_clock import settle

PODS_PATH = "/api/v1/namespaces/default/pods"


def fill(demo: Demo, *names: str, namespace: str = "default") -> None:
    for name in names:
        demo.storage.put(PODS, Thing(name, namespace, labels={"app": name}))


async def test_a_list_carries_its_kind_and_version_and_items_without_theirs() -> None:
    async with demo_server() as demo:
        fill(demo, "b", "a")
        answer = await demo.get(PODS_PATH)
        body = answer.json
        assert (body["kind"], body["apiVersion"]) == ("PodList", "v1")
        assert body["metadata"] == {"resourceVersion": str(demo.storage.version)}
        assert answer.names == ["a", "b"]
        assert "kind" not in body["items"][0]
        assert answer.headers["Content-Type"] == "application/json"
        assert "Audit-Id" in answer.headers
        assert "X-Kubernetes-Pf-Flowschema-Uid" in answer.headers
        assert "X-Kubernetes-Pf-Prioritylevel-Uid" in answer.headers


async def test_an_empty_or_unknown_namespace_is_an_empty_list() -> None:
    async with demo_server() as demo:
        assert (await demo.get("/api/v1/namespaces/nope/pods?limit=1")).json["items"] == []


async def test_pages_follow_each_other_and_say_what_remains() -> None:
    async with demo_server() as demo:
        fill(demo, *"abcde")
        first = (await demo.get(f"{PODS_PATH}?limit=2")).json
        assert first["metadata"]["remainingItemCount"] == 3
        version = first["metadata"]["resourceVersion"]
        fill(demo, "bb")  # between the pages: not part of the list
        token = first["metadata"]["continue"]
        second = (await demo.get(f"{PODS_PATH}?limit=2&continue={token}")).json
        third = await demo.get(f"{PODS_PATH}?limit=2&continue={second['metadata']['continue']}")
        assert [item["metadata"]["name"] for item in second["items"]] == ["c", "d"]
        assert third.names == ["e"]
        assert third.json["metadata"] == {"resourceVersion": version}


async def test_pages_over_all_namespaces_and_of_cluster_scoped_kinds() -> None:
    async with demo_server() as demo:
        fill(demo, "a", "b", namespace="one")
        fill(demo, "a", namespace="two")
        for name in ("n1", "n2"):
            demo.storage.put(NODES, Thing(name, "", kind="Node"))
        for path, count in (("/api/v1/pods", 3), ("/api/v1/nodes", 2)):
            seen, token = 0, ""
            while True:
                page = (await demo.get(f"{path}?limit=1&continue={token}")).json
                seen += len(page["items"])
                token = page["metadata"].get("continue", "")
                if not token:
                    break
            assert seen == count


async def test_an_expired_token_gives_410_and_a_token_that_goes_on_inconsistently() -> None:
    async with demo_server() as demo:
        fill(demo, *"abcd")
        token = (await demo.get(f"{PODS_PATH}?limit=2")).json["metadata"]["continue"]
        fill(demo, "e")
        demo.storage.compact()
        refused = await demo.get(f"{PODS_PATH}?limit=2&continue={token}")
        assert (refused.status, refused.json["reason"]) == (410, "Expired")
        assert refused.json["message"].startswith("The provided continue parameter is too old to display a consistent")
        fresh = refused.json["metadata"]["continue"]
        assert (await demo.get(f"{PODS_PATH}?continue={fresh}")).names == ["c", "d", "e"]


async def test_version_zero_ignores_the_limit_except_for_events() -> None:
    async with demo_server() as demo:
        fill(demo, *"abc")
        for name in "abc":
            demo.storage.put(EVENTS, Thing(name, kind="Event"))
        pods = (await demo.get(f"{PODS_PATH}?limit=1&resourceVersion=0")).json
        events = (await demo.get("/api/v1/events?limit=1&resourceVersion=0")).json
        assert (len(pods["items"]), "continue" in pods["metadata"]) == (3, False)
        assert (len(events["items"]), "continue" in events["metadata"]) == (1, True)


async def test_selectors_narrow_and_hide_the_remaining_count() -> None:
    async with demo_server() as demo:
        for number in range(6):
            demo.storage.put(PODS, Thing(f"p{number}", labels={"app": "even" if number % 2 == 0 else "odd"}))
        page = (await demo.get(f"{PODS_PATH}?labelSelector=app%3Deven&limit=2")).json
        assert [item["metadata"]["name"] for item in page["items"]] == ["p0", "p2"]
        assert "remainingItemCount" not in page["metadata"]
        token = page["metadata"]["continue"]
        assert (await demo.get(f"{PODS_PATH}?labelSelector=app%3Deven&limit=2&continue={token}")).names == ["p4"]
        assert (await demo.get(f"{PODS_PATH}?fieldSelector=metadata.name%3Dp3")).names == ["p3"]
        assert len((await demo.get(f"{PODS_PATH}?fieldSelector=status.phase!%3DRunning")).names) == 0


async def test_an_exact_version_shows_the_past() -> None:
    async with demo_server() as demo:
        fill(demo, "a")
        then = demo.storage.version
        fill(demo, "b")
        past = await demo.get(f"{PODS_PATH}?resourceVersion={then}&resourceVersionMatch=Exact")
        assert (past.names, past.json["metadata"]["resourceVersion"]) == (["a"], str(then))
        assert (await demo.get(f"{PODS_PATH}?resourceVersion={then}")).names == ["a", "b"]
        assert (await demo.get(f"{PODS_PATH}?resourceVersion={then}&limit=5")).names == ["a"]  # legacy exact
        not_older = f"{PODS_PATH}?resourceVersion={then}&limit=5&resourceVersionMatch=NotOlderThan"
        assert (await demo.get(not_older)).names == ["a", "b"]
        demo.storage.compact()
        gone = await demo.get(f"{PODS_PATH}?resourceVersion={then}&resourceVersionMatch=Exact")
        assert (gone.status, gone.json["message"]) == (410, "The resourceVersion for the provided list is too old.")


async def test_a_version_from_the_future_is_refused_after_three_seconds() -> None:
    async with demo_server() as demo:
        asked = asyncio.create_task(demo.get(f"{PODS_PATH}?resourceVersion=99999999"))
        while not asked.done():
            await demo.pace.advance(1)
        refused = asked.result()
        assert (refused.status, refused.headers["Retry-After"]) == (504, "1")
        assert refused.json["message"] == "Timeout: Too large resource version: 99999999, current: 1000"
        assert refused.json["details"] == {
            "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}],
            "retryAfterSeconds": 1,
        }


async def test_a_version_that_comes_while_waiting_is_answered() -> None:
    async with demo_server() as demo:
        path = f"{PODS_PATH}?resourceVersion={demo.storage.version + 1}"
        asked = asyncio.create_task(demo.get(path))
        await settle()
        fill(demo, "a")
        while not asked.done():
            await demo.pace.advance(0.1)
        assert asked.result().names == ["a"]


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("limit=x", 400, 'strconv.ParseInt: parsing "x": invalid syntax'),
        (
            "resourceVersion=x",
            400,
            (
                'invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": '
                "invalid syntax"
            ),
        ),
        (
            "resourceVersionMatch=Exact",
            422,
            (
                'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is '
                "forbidden unless resourceVersion is provided"
            ),
        ),
        (
            "resourceVersion=0&resourceVersionMatch=Exact",
            422,
            (
                'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" '
                'is forbidden for resourceVersion "0"'
            ),
        ),
        (
            "resourceVersion=5&resourceVersionMatch=Foo",
            422,
            (
                'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Foo": supported '
                'values: "Exact", "NotOlderThan", ""'
            ),
        ),
        (
            "sendInitialEvents=true",
            422,
            (
                'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden '
                "for list"
            ),
        ),
        ("labelSelector=!", 400, "unable to parse requirement: found '', expected: identifier"),
        ("fieldSelector=foo%3Db", 400, "field label not supported: foo"),
    ],
)
async def test_bad_queries_are_refused_in_the_api_servers_words(query: str, status: int, message: str) -> None:
    async with demo_server() as demo:
        refused = await demo.get(f"{PODS_PATH}?{query}")
        assert (refused.status, refused.json["message"]) == (status, message)
        assert refused.json["kind"] == "Status"


@pytest.mark.parametrize("token", ["xyz", "%00", "e30", "eyJ2IjoieCIsInJ2IjoxLCJzdGFydCI6Ii9hIn0", "ä"])
async def test_a_token_of_somebody_elses_is_refused(token: str) -> None:
    async with demo_server() as demo:
        refused = await demo.get(f"{PODS_PATH}?continue={quote(token)}")
        assert refused.status == 400
        assert refused.json["message"].startswith("invalid continue token: continue key is not valid")


async def test_a_token_and_a_version_exclude_each_other() -> None:
    async with demo_server() as demo:
        fill(demo, "a", "b")
        token = (await demo.get(f"{PODS_PATH}?limit=1")).json["metadata"]["continue"]
        refused = await demo.get(f"{PODS_PATH}?continue={token}&resourceVersion=5")
        assert (refused.status, refused.json["message"]) == (
            400,
            "specifying resource version is not allowed when using continue",
        )


async def test_large_lists_are_gzipped_when_asked_and_only_then() -> None:
    async with demo_server() as demo:
        for number in range(200):
            demo.storage.put(PODS, Thing(f"p{number:03}", note="x" * 1000))
        async with aiohttp.ClientSession(auto_decompress=False) as plain:
            for encoding in ("gzip", "identity"):
                headers = demo.headers() | {"Accept-Encoding": encoding}
                async with plain.get(demo.server.url + PODS_PATH, headers=headers) as response:
                    raw = await response.read()
                    assert (response.headers.get("Content-Encoding") == "gzip") is (encoding == "gzip")
                    body = gzip.decompress(raw) if encoding == "gzip" else raw
                    assert body.count(b'"note"') == 200
            headers = demo.headers() | {"Accept-Encoding": "gzip"}
            async with plain.get(f"{demo.server.url}{PODS_PATH}?limit=5", headers=headers) as small:
                assert "Content-Encoding" not in small.headers
                assert "Content-Length" in small.headers


async def test_one_object_and_its_absence() -> None:
    async with demo_server() as demo:
        fill(demo, "a")
        demo.storage.put(DEPLOYMENTS, Thing("d", kind="Deployment", api_version="apps/v1"))
        pod = (await demo.get(f"{PODS_PATH}/a")).json
        assert (pod["kind"], pod["metadata"]["name"]) == ("Pod", "a")
        assert (await demo.get("/apis/apps/v1/namespaces/default/deployments/d")).json["kind"] == "Deployment"
        missing = await demo.get(f"{PODS_PATH}/zz")
        assert missing.status == 404
        assert missing.json == {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": 'pods "zz" not found',
            "reason": "NotFound",
            "details": {"name": "zz", "kind": "pods"},
            "code": 404,
        }


@pytest.mark.parametrize(
    ("path", "content_type", "words"),
    [
        ("/api/v1/foo", "application/json", "the server could not find the requested resource"),
        ("/api/v1/namespaces/default/foo", "application/json", "the server could not find the requested resource"),
        (f"{PODS_PATH}/a/foo", "application/json", "the server could not find the requested resource"),
        ("/apis/apps/v9", "application/json", "the server could not find the requested resource"),
        ("/apis/foo/v1/bars", "text/plain; charset=utf-8", "404 page not found"),
        ("/nope", "text/plain; charset=utf-8", "404 page not found"),
        ("/openapi/v2", "text/plain; charset=utf-8", "404 page not found"),
    ],
)
async def test_what_is_not_served_is_404_as_upstream(path: str, content_type: str, words: str) -> None:
    async with demo_server() as demo:
        fill(demo, "a")
        answer = await demo.get(path)
        assert (answer.status, answer.headers["Content-Type"]) == (404, content_type)
        assert words in answer.raw.decode()


async def test_what_is_not_json_is_not_acceptable() -> None:
    async with demo_server() as demo:
        assert (await demo.get(PODS_PATH, accept="text/foo")).status == 406
        assert (await demo.get(PODS_PATH, accept="application/vnd.kubernetes.protobuf")).status == 406
        assert (await demo.get(PODS_PATH, accept="application/vnd.kubernetes.protobuf,application/json")).status == 200
        assert (await demo.get(PODS_PATH, accept="*/*;q=0.1")).status == 200
