"""Watches over HTTP: where they begin, what selectors make of changes, bookmarks, how they end."""

from __future__ import annotations

import pytest

from kubetui.demo.history import Change
from tests.demo.serving import PARTIAL, TABLE, Demo, demo_server, word
from tests.demo.synthetic import EVENTS, PODS, Thing

PODS_PATH = "/api/v1/namespaces/default/pods"
ALL_PODS = "/api/v1/pods"
INITIAL = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"


def put(demo: Demo, name: str, namespace: str = "default", app: str = "", phase: str = "Running") -> int:
    return demo.storage.put(PODS, Thing(name, namespace, labels={"app": app} if app else {}, phase=phase))


async def test_a_watch_from_a_version_sees_what_came_after_it() -> None:
    async with demo_server() as demo:
        put(demo, "old")
        version = demo.storage.version
        put(demo, "a")
        put(demo, "old")
        async with demo.watch(f"{ALL_PODS}?resourceVersion={version}") as watch:
            assert watch.response.headers["Content-Type"] == "application/json"
            assert await watch.words(2) == ["ADDED a", "MODIFIED old"]
            demo.storage.delete(PODS, "default", "a")
            deleted = await watch.event()
            assert word(deleted) == "DELETED a"
            assert deleted["object"]["metadata"]["resourceVersion"] == str(demo.storage.version)
            assert deleted["object"]["kind"] == "Pod"


@pytest.mark.parametrize("version", ["", "0"])
async def test_a_watch_from_nothing_begins_with_what_is_there(version: str) -> None:
    async with demo_server() as demo:
        put(demo, "b")
        put(demo, "a")
        async with demo.watch(f"{ALL_PODS}?resourceVersion={version}") as watch:
            assert await watch.words(2) == ["ADDED a", "ADDED b"]
            put(demo, "c")
            assert await watch.words(1) == ["ADDED c"]


async def test_a_watch_of_one_namespace_sees_no_other() -> None:
    async with demo_server() as demo, demo.watch(f"{PODS_PATH}?resourceVersion={demo.storage.version}") as watch:
        put(demo, "x", "other")
        put(demo, "a")
        assert await watch.words(1) == ["ADDED a"]


async def test_a_watch_from_the_future_waits_for_it() -> None:
    async with demo_server() as demo, demo.watch(f"{ALL_PODS}?resourceVersion={demo.storage.version + 1}") as watch:
        put(demo, "unseen")
        put(demo, "seen")
        assert await watch.words(1) == ["ADDED seen"]


async def test_an_object_that_stops_matching_arrives_as_deleted_in_its_former_state() -> None:
    async with demo_server() as demo:
        put(demo, "a", app="web")
        version = demo.storage.version
        async with demo.watch(f"{ALL_PODS}?labelSelector=app%3Dweb&resourceVersion={version}") as watch:
            put(demo, "b", app="db")  # never matched: unseen
            gone = put(demo, "a", app="db")
            event = await watch.event()
            assert word(event) == "DELETED a"
            assert event["object"]["metadata"]["labels"] == {"app": "web"}
            assert event["object"]["metadata"]["resourceVersion"] == str(gone)
            put(demo, "a", app="web")
            put(demo, "a", app="web", phase="Failed")
            assert await watch.words(2) == ["ADDED a", "MODIFIED a"]


async def test_field_selectors_hold_for_the_initial_events_and_the_changes() -> None:
    async with demo_server() as demo:
        put(demo, "a", phase="Failed")
        put(demo, "b")
        async with demo.watch(f"{ALL_PODS}?fieldSelector=status.phase%3DFailed") as watch:
            assert await watch.words(1) == ["ADDED a"]
            put(demo, "b", phase="Failed")
            put(demo, "a")
            assert await watch.words(2) == ["ADDED b", "DELETED a"]


async def test_a_forgotten_version_is_an_error_event_in_a_200_stream() -> None:
    async with demo_server() as demo:
        version = put(demo, "a")
        put(demo, "b")
        demo.storage.compact()
        async with demo.watch(f"{ALL_PODS}?resourceVersion={version}") as watch:
            assert watch.response.status == 200
            event = await watch.event()
            assert (event["type"], event["object"]["code"], event["object"]["reason"]) == ("ERROR", 410, "Expired")
            assert event["object"]["message"] == f"too old resource version: {version} ({version + 1})"
            assert await watch.event() is None
        async with demo.watch(f"/api/v1/events?resourceVersion={version}") as watch:
            message = (await watch.event())["object"]["message"]
            assert message == "The resourceVersion for the provided watch is too old."


async def test_watch_list_ends_its_initial_events_with_a_marked_bookmark() -> None:
    async with demo_server() as demo:
        put(demo, "a")
        async with demo.watch(f"{ALL_PODS}?{INITIAL}") as watch:
            assert await watch.words(1) == ["ADDED a"]
            bookmark = await watch.event()
            assert bookmark["type"] == "BOOKMARK"
            assert bookmark["object"] == {
                "kind": "Pod",
                "apiVersion": "v1",
                "metadata": {
                    "resourceVersion": str(demo.storage.version),
                    "annotations": {"k8s.io/initial-events-end": "true"},
                },
            }
            put(demo, "b")
            assert await watch.words(1) == ["ADDED b"]


async def test_a_watch_from_nothing_that_allows_bookmarks_is_marked_too() -> None:
    async with demo_server() as demo, demo.watch(f"{ALL_PODS}?allowWatchBookmarks=true") as watch:
        annotations = (await watch.event())["object"]["metadata"]["annotations"]
        assert annotations == {"k8s.io/initial-events-end": "true"}


async def test_without_initial_events_a_watch_begins_now() -> None:
    async with demo_server() as demo:
        put(demo, "a")
        async with demo.watch(f"{ALL_PODS}?sendInitialEvents=false&resourceVersionMatch=NotOlderThan") as watch:
            put(demo, "b")
            assert await watch.words(1) == ["ADDED b"]


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        (
            "sendInitialEvents=true",
            422,
            "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        ),
        (
            "resourceVersionMatch=NotOlderThan",
            422,
            (
                "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents "
                "is provided"
            ),
        ),
        (
            "resourceVersion=x",
            500,
            'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
        ),
        ("timeoutSeconds=x", 400, 'strconv.ParseInt: parsing "x": invalid syntax'),
        ("fieldSelector=foo%3Db", 400, "field label not supported: foo"),
    ],
)
async def test_what_is_wrong_with_the_request_is_refused_before_the_stream(
    query: str, status: int, message: str
) -> None:
    async with demo_server() as demo:
        refused = await demo.get(f"{ALL_PODS}?watch=1&{query}")
        assert refused.status == status
        assert refused.json["message"].removeprefix('ListOptions.meta.k8s.io "" is invalid: ') == message


async def test_bookmarks_come_about_every_minute_of_the_worlds_time() -> None:
    async with demo_server() as demo:
        version = put(demo, "a")
        path = f"{ALL_PODS}?resourceVersion={version}&allowWatchBookmarks=true"
        async with demo.watch(path) as watch:
            demo.storage.put(EVENTS, Thing("e", kind="Event"))  # another kind moves the version on
            await demo.clock.advance(80)
            bookmark = await watch.event()
            assert bookmark["object"]["metadata"] == {"resourceVersion": str(demo.storage.version)}
            await demo.clock.advance(80)
            assert (await watch.event())["type"] == "BOOKMARK"


async def test_a_bookmark_comes_just_before_the_timeout_and_then_a_clean_end() -> None:
    async with demo_server() as demo:
        path = f"{ALL_PODS}?resourceVersion={demo.storage.version}&allowWatchBookmarks=true&timeoutSeconds=30"
        async with demo.watch(path) as watch:
            await demo.pace.advance(28)
            assert (await watch.event())["type"] == "BOOKMARK"
            put(demo, "late")
            assert await watch.words(1) == ["ADDED late"]
            await demo.pace.advance(2)
            assert await watch.event() is None


async def test_no_bookmarks_for_those_who_did_not_ask_nor_for_events() -> None:
    async with demo_server() as demo:
        version = demo.storage.version
        for path in (ALL_PODS + "?", "/api/v1/events?allowWatchBookmarks=true&"):
            async with demo.watch(f"{path}resourceVersion={version}&timeoutSeconds=300") as watch:
                await demo.clock.advance(200)
                await demo.pace.advance(300)
                assert await watch.rest() == []


async def test_a_tables_columns_come_with_the_first_event_only() -> None:
    async with demo_server() as demo:
        put(demo, "a")
        put(demo, "b")
        async with demo.watch(f"{ALL_PODS}?includeObject=None&allowWatchBookmarks=true", accept=TABLE) as watch:
            first, second, bookmark = [await watch.event() for _ in range(3)]
            names = [column["name"] for column in first["object"]["columnDefinitions"]]
            assert names == ["Name", "Ready", "Status", "Age"]
            assert first["object"]["rows"][0]["object"] is None
            assert first["object"]["rows"][0]["cells"][:3] == ["a", "1/1", "Running"]
            assert second["object"]["columnDefinitions"] is None
            assert bookmark["object"]["columnDefinitions"] is None
            assert bookmark["object"]["rows"][0]["object"]["kind"] == "PartialObjectMetadata"
            assert bookmark["object"]["rows"][0]["object"]["metadata"]["resourceVersion"] == str(demo.storage.version)


async def test_metadata_alone_can_be_watched() -> None:
    async with demo_server() as demo:
        put(demo, "a", app="web")
        async with demo.watch(ALL_PODS, accept=PARTIAL) as watch:
            pod = (await watch.event())["object"]
            assert (pod["kind"], pod["metadata"]["labels"]) == ("PartialObjectMetadata", {"app": "web"})
            assert "spec" not in pod


async def test_the_deprecated_watch_path_still_works() -> None:
    async with demo_server() as demo:
        put(demo, "a")
        answer = await demo.get("/api/v1/watch/pods?timeoutSeconds=0", accept="text/foo")
        assert answer.status == 406  # it is a watch of pods, not an unknown path


async def test_a_server_that_stops_ends_its_watches_cleanly() -> None:
    async with demo_server() as demo, demo.watch(f"{ALL_PODS}?resourceVersion={demo.storage.version}") as watch:
        await demo.server.refuse()
        assert await watch.event() is None


async def test_a_watcher_that_lags_behind_is_ended() -> None:
    path = f"{ALL_PODS}?resourceVersion=1000"
    async with demo_server(watcher_capacity=2) as demo, demo.watch(path) as watch:
        for name in "abc":  # no turn of the loop between: the queue overflows
            put(demo, name)
        assert await watch.event() is None


async def test_a_client_that_leaves_takes_its_watcher_along() -> None:
    async with demo_server() as demo:
        async with demo.watch(f"{ALL_PODS}?resourceVersion={demo.storage.version}") as watch:
            put(demo, "a")
            await watch.event()
            assert len(demo.storage._shelf(PODS).watchers) == 1
            watch.response.close()
        while demo.storage._shelf(PODS).watchers:
            await demo.pace.advance(0)
        assert not demo.storage._shelf(PODS).watchers


async def test_watchers_share_the_bytes_of_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    original = Thing.encode

    def counted(thing: Thing) -> bytes:
        rendered.append(thing.name)
        return original(thing)

    async with demo_server() as demo:
        path = f"{ALL_PODS}?resourceVersion={demo.storage.version}"
        async with demo.watch(path) as one, demo.watch(path) as other:
            monkeypatch.setattr(Thing, "encode", counted)
            put(demo, "a")
            assert await one.words(1) == await other.words(1) == ["ADDED a"]
        assert rendered == ["a"]
    assert Change.__slots__  # thousands of them are kept
