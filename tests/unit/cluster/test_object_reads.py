"""Reading one object and what belongs to it: bounded, in pages, and never an error where a mark will do."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from kubetui.cluster.errors import ClusterError, Forbidden, NotFound, NotKubernetes, Unreachable
from kubetui.cluster.gather import MOST, gather
from kubetui.cluster.object_at import ObjectAt, object_at, read_object
from kubetui.cluster.own_kinds import own_place, place_of
from kubetui.cluster.owner_chain import LONGEST, owner_chain
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from kubetui.insight.describe.facts import Need
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from tests.fake_clock import FakeClock

Found = dict[str, Any]


class Server:
    """Answers by path; an error is raised, a callable asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[Request] = []

    async def send(self, request: Request) -> Answer:
        self.asked.append(request)
        answer = self.answers.get(request.path)
        if answer is None:
            raise NotFound(request.tried, "404", status=404)
        if isinstance(answer, ClusterError):
            raise answer
        body = (
            answer
            if isinstance(answer, bytes)
            else json.dumps(answer(request) if callable(answer) else answer).encode()
        )
        return Answer(200, body, "application/json", {})

    def stream(self, request: Request) -> Any:
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing to close."""


def session_of(answers: dict[str, Any]) -> tuple[Session, Server]:
    server, clock = Server(answers), FakeClock()
    return Session("test", server, Traffic(clock), clock, Random(1)), server


# --- places


def test_an_object_has_a_path_of_its_own() -> None:
    pod = object_at(POD, ("team-04", "web-0"))
    assert (pod.path, pod.plural, pod.group, pod.version) == ("/api/v1/namespaces/team-04/pods/web-0", "pods", "", "v1")
    assert object_at(NODE, ("", "n1")).path == "/api/v1/nodes/n1"

    custom = ObjectAt("Widget", "/apis/example.com/v1beta1/widgets", "team-04", "blue")
    assert custom.path == "/apis/example.com/v1beta1/namespaces/team-04/widgets/blue"
    assert (custom.plural, custom.group, custom.version, custom.where) == (
        "widgets", "example.com", "v1beta1", "team-04/blue",
    )  # fmt: skip


def test_kubernetes_own_kinds_need_no_question() -> None:
    node = own_place("Node", "default", "n1")
    assert node is not None
    assert node.path == "/api/v1/nodes/n1"
    assert own_place("Widget", "team-04", "blue") is None
    assert own_place("Service", "team-04", "web", "serving.knative.dev/v1") is None


async def test_other_kinds_are_looked_up_where_the_server_has_them() -> None:
    resources = [
        {"name": "widgets/status", "kind": "Widget"},
        {"name": "widgets", "kind": "Widget", "namespaced": True},
    ]
    session, _ = session_of({"/apis/example.com/v1": {"resources": resources}})

    at = await place_of(session, "example.com/v1", "Widget", "team-04", "blue")
    assert at is not None
    assert at.path == "/apis/example.com/v1/namespaces/team-04/widgets/blue"
    assert await place_of(session, "example.com/v1", "Gadget", "team-04", "blue") is None


# --- objects


async def test_of_a_secret_only_sizes_are_kept() -> None:
    secret = {
        "kind": "Secret",
        "metadata": {"name": "s", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": '{"data": 1}'}},
        "data": {"six": "czNjcjN0", "none": "", "two": "w6Q=", "odd": 7},
    }
    session, _ = session_of({"/api/v1/namespaces/team-04/secrets/s": secret})

    found = await read_object(session, ObjectAt("Secret", "/api/v1/secrets", "team-04", "s"))
    assert found["data"] == {"six": 6, "none": 0, "two": 2, "odd": 0}
    assert "data" not in str(found["metadata"])
    assert "czNjcjN0" not in str(found)


async def test_kind_and_version_are_filled_in_where_a_server_forgets_them() -> None:
    session, _ = session_of({"/apis/x.io/v2/things/t": {"metadata": {"name": "t"}}})

    found = await read_object(session, ObjectAt("Thing", "/apis/x.io/v2/things", "", "t"))
    assert (found["kind"], found["apiVersion"]) == ("Thing", "x.io/v2")


async def test_what_is_no_object_is_told() -> None:
    session, _ = session_of({"/api/v1/nodes/n1": b"<html>"})
    with pytest.raises(NotKubernetes, match="get Node n1: the answer is no object"):
        await read_object(session, object_at(NODE, ("", "n1")))


# --- parts


def pages(total: int) -> Any:
    """A list that comes in pages, as long as the client asks for them."""

    def answer(request: Request) -> Found:
        query = dict(request.query)
        first, limit = int(query.get("continue", "0")), int(query["limit"])
        last = min(first + limit, total)
        token = str(last) if last < total else ""
        return {"metadata": {"continue": token}, "items": [{"n": number} for number in range(first, last)]}

    return answer


NEED = Need("pods", "/api/v1/pods", "list pods", (("fieldSelector", "spec.nodeName=n1"),))


async def test_a_list_comes_in_pages_with_its_selector_and_each_item_is_worked_out_once() -> None:
    session, server = session_of({"/api/v1/pods": pages(7)})
    need = Need("pods", "/api/v1/pods", "list pods", NEED.query, row=lambda item: item["n"])

    found = await gather(session, need, page=3)
    assert (list(found.items), found.more, found.trouble) == (list(range(7)), False, "")
    assert [dict(request.query).get("continue") for request in server.asked] == [None, "3", "6"]
    assert {dict(request.query)["fieldSelector"] for request in server.asked} == {"spec.nodeName=n1"}


async def test_there_is_an_end_to_reading_which_is_said() -> None:
    session, server = session_of({"/api/v1/pods": pages(10 * MOST)})

    found = await gather(session, NEED, page=500)
    assert len(found.items) == MOST
    assert found.more
    assert len(server.asked) == MOST // 500


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Forbidden("list pods", "403", "ask for a role", status=403), "forbidden: list pods; ask for a role"),
        (NotFound("list pods", "404", status=404), "list pods: there is none"),
        (Unreachable("list pods", "no route", "is the VPN up?"), "list pods: no route; is the VPN up?"),
        (b"<html>", "list pods: the answer can't be read: "),
        ({"metadata": {}, "items": [1]}, "list pods: the answer can't be read: "),
    ],
)
async def test_what_can_not_be_read_is_a_line(answer: Any, words: str) -> None:
    session, _ = session_of({"/api/v1/pods": answer})

    found = await gather(session, NEED)
    assert found.trouble.startswith(words)
    assert not found.items


# --- owners


def owned(uid: str, name: str, by: str = "", kind: str = "ReplicaSet", version: str = "apps/v1") -> Found:
    owner = {"apiVersion": version, "kind": kind, "name": by, "uid": f"uid-{by}", "controller": True}
    return {"metadata": {"name": name, "namespace": "t", "uid": uid, "ownerReferences": [owner] if by else []}}


SETS = "/apis/apps/v1/namespaces/t/replicasets/"


async def test_owners_are_followed_to_the_root() -> None:
    session, _ = session_of(
        {
            f"{SETS}a": owned("uid-a", "a", "b", "Deployment"),
            "/apis/apps/v1/namespaces/t/deployments/b": owned("uid-b", "b"),
        }
    )
    chain = await owner_chain(session, owned("uid-p", "p", "a"))

    assert [(link.kind, link.name, link.trouble) for link in chain] == [
        ("ReplicaSet", "a", ""),
        ("Deployment", "b", ""),
    ]


async def test_a_circle_ends_and_so_does_a_chain_without_end() -> None:
    session, server = session_of({f"{SETS}a": owned("uid-a", "a", "b"), f"{SETS}b": owned("uid-b", "b", "a")})
    assert [link.name for link in await owner_chain(session, owned("uid-p", "p", "a"))] == ["a", "b"]

    endless = {f"{SETS}{n}": owned(f"uid-{n}", str(n), str(n + 1)) for n in range(100)}
    session, server = session_of(endless)
    assert len(await owner_chain(session, owned("uid-p", "p", "0"))) == LONGEST == len(server.asked)


@pytest.mark.parametrize(
    ("answers", "trouble"),
    [
        ({}, "get ReplicaSet t/a: there is none"),
        ({f"{SETS}a": Forbidden("get ReplicaSet t/a", "403", status=403)}, "forbidden: get ReplicaSet t/a"),
        ({f"{SETS}a": owned("another", "a")}, "gone; another of that name is there now"),
    ],
)
async def test_an_owner_that_can_not_be_read_ends_the_chain_with_the_reason(answers: Any, trouble: str) -> None:
    session, _ = session_of(answers)

    assert [link.trouble for link in await owner_chain(session, owned("uid-p", "p", "a"))] == [trouble]


@pytest.mark.parametrize("metadata", [None, {}, {"ownerReferences": "x"}, {"ownerReferences": [None, 1]}, []])
async def test_whatever_stands_in_metadata_nothing_fails(metadata: Any) -> None:
    session, _ = session_of({})

    assert await owner_chain(session, {"metadata": metadata}) == []
