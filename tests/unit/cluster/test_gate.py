"""What may leave this program: reads and access reviews."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.cluster import gate
from kubetui.cluster.api_path import parse_path
from kubetui.cluster.errors import Refused

POD = "/api/v1/namespaces/kube-system/pods"


@pytest.mark.parametrize(
    "path",
    [
        "/version",
        "/readyz",
        "/api",
        "/apis",
        "/apis/apps/v1",
        "/apis/cert-manager.io/v1/namespaces/a/certificates/b",
        "/api/v1/namespaces/a/secrets/b",
        "/api/v1/nodes",
        "/api/v1/pods",
        f"{POD}/coredns-1",
        f"{POD}/coredns-1/log",
        "/apis/apps/v1/namespaces/a/deployments/x/scale",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node",
        "/api/v1/namespaces/a/status",
        "/apis/metrics.k8s.io/v1beta1/nodes",
        "/api/v1/nodes/aks-1/proxy/configz",
        "/api/v1/nodes/aks-1/proxy/stats/summary",
        "/api/v1/nodes/aks-1/proxy/metrics/resource",
        "/api/v1/nodes/aks-1/proxy/healthz",
        f"{POD}/kube-proxy-1:10249/proxy/configz",
        f"{POD}/kube-proxy-1:10249/proxy/proxyMode",
        "/api/v1/namespaces/exec/pods/exec",
        "/api/v1/namespaces/proxy/pods/proxy",
    ],
)
def test_reads_pass(path: str) -> None:
    gate.check("GET", path)


@pytest.mark.parametrize(
    "path",
    [
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        "/apis/authentication.k8s.io/v1beta1/selfsubjectreviews",
    ],
)
def test_reviews_pass(path: str) -> None:
    gate.check("POST", path)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "CONNECT", "get", ""])
@pytest.mark.parametrize("path", ["/api/v1/nodes", f"{POD}/x", f"{POD}/x/eviction", f"{POD}/x/exec", "/version"])
def test_all_else_is_refused(method: str, path: str) -> None:
    with pytest.raises(Refused):
        gate.check(method, path)


@pytest.mark.parametrize(
    "path",
    [
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        "/apis/authorization.k8s.io/v1/namespaces/a/localsubjectaccessreviews",
        "/apis/authorization.k8s.io/v1/namespaces/a/selfsubjectaccessreviews",
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x",
        "/apis/authentication.k8s.io/v1/tokenreviews",
        "/apis/evil.example/v1/selfsubjectaccessreviews",
        "/api/v1/namespaces/a/serviceaccounts/x/token",
    ],
)
def test_posts_that_only_look_like_reviews_are_refused(path: str) -> None:
    with pytest.raises(Refused):
        gate.check("POST", path)


@pytest.mark.parametrize(
    "path",
    [
        f"{POD}/x/exec",
        f"{POD}/x/attach",
        f"{POD}/x/portforward",
        f"{POD}/x/log/more",
        "/apis/subresources.kubevirt.io/v1/namespaces/a/virtualmachineinstances/x/console",
        "/api/v1/nodes/n/proxy",
        "/api/v1/nodes/n/proxy/",
        "/api/v1/nodes/n/proxy/exec/ns/pod/container",
        "/api/v1/nodes/n/proxy/run/ns/pod/container",
        "/api/v1/nodes/n/proxy/configz/more",
        "/api/v1/nodes/n/proxy/stats",
        f"{POD}/x:80/proxy/admin",
        f"{POD}/x/proxy",
        "/api/v1/namespaces/a/services/x:80/proxy/healthz",
        "/api/v1/proxy/nodes/n/configz",
        "/api/v1/redirect/nodes/n",
    ],
)
def test_gets_that_are_no_mere_reads_are_refused(path: str) -> None:
    with pytest.raises(Refused) as caught:
        gate.check("GET", path)
    assert caught.value.tried == f"GET {path}"


@pytest.mark.parametrize(
    "path",
    [
        f"{POD}/x/%65xec",
        f"{POD}/x%2Fexec",
        f"{POD}/x/./exec",
        "/api/v1/nodes/n/proxy/configz/../exec",
        "/api/v1/nodes//proxy/configz",
        f"{POD}/x?watch=1",
        f"{POD}/x#a",
        f"{POD}\\x",
        f"{POD}/x\n",
        "api/v1/pods",
        "",
        "http://elsewhere/api",
    ],
)
def test_paths_that_are_not_plain_are_refused(path: str) -> None:
    with pytest.raises(Refused):
        gate.check("GET", path)


@given(
    st.text(max_size=40) | st.lists(st.sampled_from(["api", "v1", "nodes", "n", "proxy", "exec", ".."])).map("/".join)
)
def test_any_path_is_judged_and_taken_apart(path: str) -> None:
    parse_path(path)
    try:
        gate.check("GET", path)
    except Refused:
        return
    parsed = parse_path(path)
    assert parsed.subresource in {"", "log", "proxy", "scale", "status"}
    assert ".." not in parsed.segments


@pytest.mark.parametrize(
    ("path", "shape", "collection"),
    [
        ("/api/v1/pods", "/api/v1/pods", True),
        ("/api/v1/namespaces", "/api/v1/namespaces", True),
        ("/api/v1/namespaces/a", "/api/v1/namespaces/*", False),
        ("/api/v1/namespaces/a/pods", "/api/v1/namespaces/*/pods", True),
        ("/api/v1/namespaces/a/pods/x/log", "/api/v1/namespaces/*/pods/*/log", False),
        ("/apis/apps/v1/namespaces/a/deployments/x", "/apis/apps/v1/namespaces/*/deployments/*", False),
        ("/api/v1/nodes/n/proxy/stats/summary", "/api/v1/nodes/*/proxy/stats/summary", False),
        ("/apis/apps/v1", "/apis/apps/v1", False),
        ("/readyz", "/readyz", False),
    ],
)
def test_a_shape_is_a_path_without_names(path: str, shape: str, collection: bool) -> None:
    parsed = parse_path(path)
    assert (parsed.shape, parsed.is_collection) == (shape, collection)
