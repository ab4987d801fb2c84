"""What descriptions ask of an API server: one object's changes and events, a node's pods, owners."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from kubetui.cluster.gather import gather
from kubetui.cluster.object_at import ObjectAt, object_at
from kubetui.cluster.own_kinds import place_of
from kubetui.cluster.owner_chain import owner_chain
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.insight.describe.describe import describe
from kubetui.insight.describe.facts import Facts, Need
from kubetui.insight.describe.node_pods import pods_need
from kubetui.insight.describe.page import plain_text
from kubetui.insight.describe.registry import description_of
from kubetui.kinds.deployment import DEPLOYMENT
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from kubetui.ui.meanings import mark
from kubetui.ui.object_facts import ObjectFacts, involved
from tests.contract.conftest import Api

Json = dict[str, Any]


async def read(session: Session, path: str, **query: str) -> Json:
    answer = await session.send(Request(path, "look", tuple(query.items())))
    found: Json = json.loads(answer.body)
    return found


async def one(session: Session, path: str, chosen: Callable[[Json], Any]) -> Json:
    return next(found for found in (await read(session, path))["items"] if chosen(found))


async def whole(session: Session, at: ObjectAt) -> Facts:
    """The facts, once all of them are there."""
    told = asyncio.Event()
    followed = ObjectFacts(session, at, None, told.set)
    followed.start()
    try:
        async with asyncio.timeout(30):
            while (facts := followed.facts) is None or not complete(facts):
                await told.wait()
                told.clear()
        assert followed.error is None
        assert followed.follows
    finally:
        followed.stop()
    return facts


def complete(facts: Facts) -> bool:
    description = description_of(facts.found)
    needs = {need.name for need in description.needs(facts.found)}
    events = not description.has_events or not facts.events.loading
    return not facts.owners_loading and needs <= facts.parts.keys() and events


async def test_a_pods_owners_are_read_up_to_the_root(api: Api) -> None:
    async with api.session() as session:

        def of_a_replica_set(pod: Json) -> bool:
            return bool(pod["metadata"].get("ownerReferences", [{}])[0].get("kind") == "ReplicaSet")

        pod = await one(session, "/api/v1/pods", of_a_replica_set)
        chain = await owner_chain(session, pod)

    assert [link.kind for link in chain] == ["ReplicaSet", "Deployment"]
    assert [link.trouble for link in chain] == ["", ""]


async def test_a_nodes_pods_are_read_by_node_and_those_that_are_over_left_out(api: Api) -> None:
    async with api.session() as session:
        nodes = (await read(session, "/api/v1/nodes"))["items"]
        pods = (await read(session, "/api/v1/pods"))["items"]
        for node in nodes[:2]:
            name = node["metadata"]["name"]
            found = await gather(session, pods_need(name))
            there = [pod for pod in pods if pod["spec"].get("nodeName") == name]
            expected = {
                pod["metadata"]["name"] for pod in there if pod["status"]["phase"] not in ("Succeeded", "Failed")
            }

            assert not found.trouble
            assert {pod.name for pod in found.items} == expected


async def test_long_lists_come_in_pages(api: Api) -> None:
    async with api.session() as session:
        everything = (await read(session, "/api/v1/pods"))["items"]
        found = await gather(session, Need("pods", "/api/v1/pods", "list pods"), page=7)

    assert not found.more
    assert len(found.items) == len(everything) > 7


async def test_one_object_is_watched_and_its_events_chosen_by_kind_name_and_uid(api: Api) -> None:
    async with api.session() as session:
        spoken_of = {event["involvedObject"].get("uid") for event in (await read(session, "/api/v1/events"))["items"]}
        pods = (await read(session, "/api/v1/pods"))["items"]  # events outlive what they are about
        pod = next((pod for pod in pods if pod["metadata"]["uid"] in spoken_of), pods[0])
        key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
        facts = await whole(session, object_at(POD, key))
        chosen = await read(session, "/api/v1/events", fieldSelector=involved(object_at(POD, key), pod))

    assert facts.found["metadata"]["uid"] == pod["metadata"]["uid"]
    assert {row.name for row in facts.event_rows} == {event["metadata"]["name"] for event in chosen["items"]}
    assert {event["involvedObject"]["uid"] for event in chosen["items"]} <= {pod["metadata"]["uid"]}


async def test_a_node_and_a_deployment_are_described_with_all_their_parts(api: Api) -> None:
    async with api.session() as session:
        node = (await read(session, "/api/v1/nodes"))["items"][0]
        deployment = (await read(session, "/apis/apps/v1/deployments"))["items"][0]["metadata"]
        texts = [
            plain_text(describe(_at(facts, time.time()), mark))
            for facts in [
                await whole(session, object_at(NODE, ("", node["metadata"]["name"]))),
                await whole(session, object_at(DEPLOYMENT, (deployment["namespace"], deployment["name"]))),
            ]
        ]

    assert "Allocated resources:" in texts[0]
    assert "HolderIdentity:" in texts[0] or "Lease:" in texts[0]
    assert "NewReplicaSet:" in texts[1]
    assert not any("loading" in text or "not known" in text for text in texts)


def _at(facts: Facts, now: float) -> Facts:
    return Facts(facts.found, now, facts.parts, facts.events, facts.owners)


async def test_what_may_not_be_read_is_told_and_the_rest_is_there(api: Api) -> None:
    async with api.session() as session:
        pod = (await read(session, "/api/v1/pods"))["items"][0]["metadata"]
    async with api.session(api.nobody) as session:
        found = await gather(session, Need("pods", "/api/v1/pods", "list pods in all namespaces"))
        node = await gather(session, Need("lease", "/api/v1/nodes/none", "get Node none", single=True))

    assert pod["name"]
    assert found.trouble.startswith("forbidden: list pods in all namespaces; ask for a role that allows list on pods")
    assert node.trouble.startswith("forbidden: get Node none; ask for a role that allows get on nodes")


async def test_kinds_that_are_not_kubernetes_own_are_found_where_the_server_has_them(api: Api) -> None:
    async with api.session() as session:
        at = await place_of(session, "coordination.k8s.io/v1", "Lease", "kube-system", "x")
        assert await place_of(session, "coordination.k8s.io/v1", "Nothing", "kube-system", "x") is None

    assert at is not None
    assert at.path == "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/x"
