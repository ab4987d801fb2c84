"""Who may what: tokens, roles, and refusals in the words of kube-apiserver 1.36.3."""

from __future__ import annotations

import pytest

from kubetui.demo.access import (
    Rule,
    User,
    azure_rbac_reader,
    cluster_reader,
    namespace_reader,
    node_lister,
    standard_users,
)
from kubetui.demo.handlers.reviews import REVIEWS
from tests.demo.serving import demo_server
from tests.demo.synthetic import NODES, PODS, Thing

NOBODY = User("bob", ())
ACCESS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
RULES = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


@pytest.mark.parametrize(
    ("method", "path", "message", "details"),
    [
        (
            "GET",
            "/api/v1/pods",
            'pods is forbidden: User "bob" cannot list resource "pods" in API group "" at the cluster scope',
            {"kind": "pods"},
        ),
        (
            "GET",
            "/api/v1/namespaces/default/pods",
            'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
            {"kind": "pods"},
        ),
        (
            "GET",
            "/api/v1/namespaces/default/pods/p1/log",
            (
                'pods "p1" is forbidden: User "bob" cannot get resource "pods/log" in API group "" in the namespace '
                '"default"'
            ),
            {"name": "p1", "kind": "pods"},
        ),
        (
            "GET",
            "/api/v1/nodes/n1/proxy/configz",
            (
                'nodes "n1" is forbidden: User "bob" cannot get resource "nodes/proxy" in API group "" at the cluster '
                "scope"
            ),
            {"name": "n1", "kind": "nodes"},
        ),
        (
            "GET",
            "/api/v1/nodes?watch=1",
            'nodes is forbidden: User "bob" cannot watch resource "nodes" in API group "" at the cluster scope',
            {"kind": "nodes"},
        ),
        (
            "GET",
            "/apis/apps/v1/deployments",
            (
                'deployments.apps is forbidden: User "bob" cannot list resource "deployments" in API group "apps" at '
                "the cluster scope"
            ),
            {"group": "apps", "kind": "deployments"},
        ),
        (
            "DELETE",
            "/api/v1/namespaces/default/pods",
            (
                'pods is forbidden: User "bob" cannot deletecollection resource "pods" in API group "" in the '
                'namespace "default"'
            ),
            {"kind": "pods"},
        ),
        (
            "POST",
            "/api/v1/namespaces/default/pods/p1/eviction",
            (
                'pods "p1" is forbidden: User "bob" cannot create resource "pods/eviction" in API group "" in the '
                'namespace "default"'
            ),
            {"name": "p1", "kind": "pods"},
        ),
        ("GET", "/metrics", 'forbidden: User "bob" cannot get path "/metrics"', {}),
        ("GET", "/readyz/etcd", 'forbidden: User "bob" cannot get path "/readyz/etcd"', {}),
    ],
)
async def test_refusals_name_user_verb_resource_and_scope(
    method: str, path: str, message: str, details: dict[str, str]
) -> None:
    async with demo_server(NOBODY) as demo:
        refused = await demo.call(method, path, demo.headers())
        assert refused.status == 403
        assert refused.json == {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": message,
            "reason": "Forbidden",
            "details": details,
            "code": 403,
        }


async def test_a_missing_wrong_or_expired_token_is_401() -> None:
    late = User("late", (), expires=1_800_000_100.0)
    async with demo_server(cluster_reader(), late) as demo:
        for token in ("", "wrong", demo.token + "x"):
            refused = await demo.get("/api/v1/pods", token=token)
            assert (refused.status, refused.json["message"]) == (401, "Unauthorized")
        assert (await demo.get("/api", token=late.token)).status == 200
        await demo.clock.advance(101)
        assert (await demo.get("/api", token=late.token)).status == 401


async def test_health_and_version_are_open_to_strangers_but_not_to_wrong_tokens() -> None:
    async with demo_server() as demo:
        for path in ("/version", "/livez", "/readyz?verbose", "/healthz"):
            assert (await demo.get(path, token="")).status == 200
        assert (await demo.get("/version", token="wrong")).status == 401


async def test_the_reader_of_everything_reads_and_writes_nothing() -> None:
    async with demo_server() as demo:
        demo.storage.put(PODS, Thing("a"))
        for method in ("DELETE", "PUT", "PATCH"):
            refused = await demo.call(method, "/api/v1/namespaces/default/pods/a", demo.headers(), b"{}")
            assert refused.status == 403
        assert demo.storage.get(PODS, "default", "a") is not None


async def test_even_who_may_write_cannot_because_the_demo_is_read_only() -> None:
    admin = User("admin", (Rule(("*",), ("*",), ("*",)),))
    async with demo_server(admin) as demo:
        demo.storage.put(PODS, Thing("a"))
        refused = await demo.call("DELETE", "/api/v1/namespaces/default/pods/a", demo.headers())
        assert refused.status == 405
        assert "read-only" in refused.json["message"]


async def test_the_namespace_reader_sees_one_namespace() -> None:
    async with demo_server(namespace_reader("team")) as demo:
        paths = {
            "/api/v1/namespaces/team/pods": 200,
            "/apis/apps/v1/namespaces/team/deployments": 200,
            "/api/v1/namespaces/other/pods": 403,
            "/api/v1/pods": 403,
            "/api/v1/nodes": 403,
            "/api/v1/namespaces": 403,
        }
        assert {path: (await demo.get(path)).status for path in paths} == paths


async def test_the_node_lister_lists_and_cannot_watch() -> None:
    async with demo_server(node_lister()) as demo:
        demo.storage.put(NODES, Thing("n", "", kind="Node"))
        assert (await demo.get("/api/v1/nodes")).names == ["n"]
        assert (await demo.get("/api/v1/nodes?watch=true")).status == 403


async def test_azures_reader_has_no_nodes_and_is_told_so_by_azure() -> None:
    async with demo_server(azure_rbac_reader()) as demo:
        assert (await demo.get("/api/v1/pods")).status == 200
        refused = await demo.get("/api/v1/nodes")
        assert refused.status == 403
        assert "does not have access to the resource in Azure" in refused.json["message"]
        assert (await demo.get("/api/v1/namespaces/default/pods/a/log")).status == 403


async def test_a_list_narrowed_to_one_name_is_refused_as_that_object() -> None:
    async with demo_server(NOBODY) as demo:
        refused = await demo.get("/api/v1/pods?fieldSelector=metadata.name%3Dweb")
        assert refused.json["message"].startswith('pods "web" is forbidden')


async def test_access_reviews_say_yes_and_no() -> None:
    async with demo_server(node_lister()) as demo:

        async def allowed(**attributes: str) -> bool:
            review = await demo.post(ACCESS, {"spec": {"resourceAttributes": attributes}})
            assert review.status == 201
            return bool(review.json["status"]["allowed"])

        assert await allowed(verb="list", resource="nodes")
        assert not await allowed(verb="watch", resource="nodes")
        assert await allowed(verb="get", resource="pods", subresource="log", namespace="any")
        assert not await allowed(verb="get", resource="nodes", subresource="proxy")
        path = await demo.post(ACCESS, {"spec": {"nonResourceAttributes": {"path": "/metrics", "verb": "get"}}})
        assert path.json["status"] == {"allowed": False}


@pytest.mark.parametrize(
    ("body", "status"), [({"spec": {}}, 422), ([], 400), ({"spec": 1}, 400), ({"spec": {"resourceAttributes": 5}}, 400)]
)
async def test_a_bad_review_is_refused(body: object, status: int) -> None:
    async with demo_server(NOBODY) as demo:
        refused = await demo.post(ACCESS, body)
        assert (refused.status, refused.json["kind"]) == (status, "Status")
        assert (await demo.call("POST", ACCESS, demo.headers(), b"{bad")).status == 400


def _field(number: int, value: bytes) -> bytes:
    return bytes((number << 3 | 2, len(value))) + value


async def test_kubectl_posts_reviews_as_protobuf() -> None:
    attributes = _field(2, b"list") + _field(5, b"nodes")
    review = _field(1, b"") + _field(2, _field(1, attributes))
    envelope = _field(1, _field(1, b"authorization.k8s.io/v1")) + _field(2, review)
    async with demo_server(node_lister()) as demo:
        answer = await demo.call("POST", ACCESS, demo.headers(), b"k8s\0" + envelope)
        assert answer.json["status"]["allowed"] is True
        cut = await demo.call("POST", ACCESS, demo.headers(), b"k8s\0" + envelope[:-3])
        assert cut.status == 400


async def test_the_rules_review_lists_what_holds_in_the_namespace() -> None:
    async with demo_server(namespace_reader("team"), azure_rbac_reader()) as demo:
        here = (await demo.post(RULES, {"spec": {"namespace": "team"}})).json["status"]
        there = (await demo.post(RULES, {"spec": {"namespace": "other"}})).json["status"]
        assert not here["incomplete"]
        assert any("pods" in rule["resources"] for rule in here["resourceRules"])
        assert not any("pods" in rule["resources"] for rule in there["resourceRules"])
        none = await demo.post(RULES, {"spec": {}})
        assert (none.status, none.json["message"]) == (400, "no namespace on request")
        azure = demo.server.gate.users[1].token
        hidden = (await demo.post(RULES, {"spec": {"namespace": "team"}}, token=azure)).json["status"]
        assert hidden["incomplete"]
        assert hidden["evaluationError"] == "webhook authorizer does not support user rule resolution"


async def test_the_subject_review_says_who_one_is() -> None:
    async with demo_server(NOBODY) as demo:
        answer = await demo.post(WHO, {})
        assert answer.status == 201
        assert answer.json["status"]["userInfo"]["username"] == "bob"
        assert answer.json["metadata"]["creationTimestamp"] == "2027-01-15T08:00:00Z"


def test_the_standard_users_differ_and_their_tokens_do_not_show() -> None:
    users = standard_users("team")
    assert len({user.token for user in users}) == len({user.name for user in users}) == 5
    assert not any(user.token in repr(user) for user in users)
    assert {review.kind for review in REVIEWS} == {
        "SelfSubjectReview",
        "SelfSubjectAccessReview",
        "SelfSubjectRulesReview",
    }
