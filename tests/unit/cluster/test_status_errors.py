"""Error statuses, as errors that speak to the person."""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.cluster.errors import (
    ApiError,
    ClusterError,
    Expired,
    Forbidden,
    NotFound,
    NotKubernetes,
    Overloaded,
    TooLargeResourceVersion,
    Unauthorized,
)
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.status_errors import page_title, printable, status_error

NOW = 1_800_000_000.0
AKS = Target("prod", "default", "https://prod.hcp.westeurope.azmk8s.io:443")
AZURE_REFUSAL = (
    'User "x" cannot list resource "nodes" in API group "": User does not have access to the resource in Azure. '
    "Update role assignment to allow access."
)
OTHER = Target("lab", "default", "https://10.0.0.1:6443")


def error(
    status: int, body: Any = b"", target: Target = OTHER, signs_in: str = "a token", **headers: str
) -> ClusterError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status_error("list pods", status, raw, named, now=NOW, target=target, signs_in=signs_in)


def status_object(**fields: Any) -> dict[str, Any]:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", **fields}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (410, Expired),
        (429, Overloaded),
        (500, Overloaded),
        (502, Overloaded),
        (503, Overloaded),
        (504, Overloaded),
        (422, ApiError),
    ],
)
def test_each_status_has_its_type(status: int, kind: type[ApiError]) -> None:
    found = error(status, status_object(message="because", reason="Why", code=status))
    assert type(found) is kind
    assert isinstance(found, ApiError)
    assert (found.tried, found.status, found.reason) == ("list pods", status, "Why")
    assert found.answer == f"{status}: because"


def test_a_lagging_server_is_told_from_an_overloaded_one_by_its_cause() -> None:
    body = status_object(
        message="Too large resource version",
        reason="Timeout",
        details={"causes": [{"reason": "ResourceVersionTooLarge", "message": "x"}], "retryAfterSeconds": 1},
    )
    found = error(504, body)
    assert isinstance(found, TooLargeResourceVersion)
    assert found.retry_after == 1


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("header", "seconds"),
        [
            ("7", 7.0),
            (formatdate(NOW + 90, usegmt=True), 90.0),
            (formatdate(NOW - 90, usegmt=True), 0.0),
            ("soon", None),
            ("-1", None),
            ("", None),
        ],
    )
    def test_seconds_and_dates_are_understood(self, header: str, seconds: float | None) -> None:
        found = error(429, b"slow down", retry_after=header)
        assert isinstance(found, Overloaded)
        assert found.retry_after == seconds


class TestAdvice:
    def test_a_401_on_aks_names_az_login(self) -> None:
        assert "az login" in error(401, target=AKS, signs_in="exec plugin kubelogin").advice

    def test_a_401_elsewhere_names_how_the_account_signs_in(self) -> None:
        advice = error(401, signs_in="a client certificate").advice
        assert "a client certificate" in advice
        assert "az " not in advice

    @pytest.mark.parametrize(
        ("message", "advice"),
        [
            (
                'pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "team"',
                "ask for a role that allows list on pods in namespace team",
            ),
            (
                (
                    'deployments.apps is forbidden: User "joe" cannot watch resource "deployments" in API group "apps" '
                    "at the cluster scope"
                ),
                "ask for a role that allows watch on deployments.apps in the whole cluster",
            ),
            (
                AZURE_REFUSAL,
                (
                    "ask for an Azure role (Azure Kubernetes Service RBAC Cluster Admin, or one of your own with "
                    "managedClusters/nodes/read; Reader and Writer lack it) that allows list on nodes"
                ),
            ),
            ('forbidden: User "x" cannot get path "/metrics"', "ask for a role that allows get on /metrics"),
            ("no", "ask for a role that allows it"),
        ],
    )
    def test_a_403_says_which_right_is_missing(self, message: str, advice: str) -> None:
        found = error(403, status_object(message=message, reason="Forbidden"))
        assert found.advice == advice


class TestWhatIsNoApiServer:
    def test_a_page_is_known_by_its_type_and_named_by_its_title(self) -> None:
        page = b"<html><head><title>502 Bad &amp; Gateway</title></head><body>nginx</body>"
        found = error(502, page, content_type="text/html; charset=utf-8")
        assert isinstance(found, NotKubernetes)
        assert "10.0.0.1:6443 answered 502 with a web page, “502 Bad & Gateway”" in found.answer

    def test_a_redirect_names_the_host_it_points_to_and_no_more(self) -> None:
        found = error(302, location="https://me:pw@login.example/authorize?state=s3cret")
        assert isinstance(found, NotKubernetes)
        assert "to https://login.example;" in found.answer
        assert "s3cret" not in str(found)
        assert "pw" not in str(found)

    def test_a_page_without_a_title_is_named_by_its_first_words(self) -> None:
        assert (
            page_title(b"<html><style>p{}</style><script>x()</script><p>Please   <b>sign in</b></p>")
            == "Please sign in"
        )


@given(
    status=st.integers(300, 599),
    body=st.binary(max_size=100)
    | st.recursive(
        st.none() | st.text() | st.integers(),
        lambda x: st.dictionaries(
            st.sampled_from(["message", "reason", "code", "details", "causes", "retryAfterSeconds"]), x
        ),
    ).map(lambda value: json.dumps(value).encode()),
    retry=st.text(max_size=20),
    kind=st.sampled_from(["application/json", "text/html", ""]),
)
def test_any_answer_is_an_error_that_can_be_shown(status: int, body: bytes, retry: str, kind: str) -> None:
    found = error(status, body, retry_after=retry, content_type=kind, location=retry)
    assert found.tried == "list pods"
    assert found.answer.isprintable()
    assert len(found.answer) < 500


def test_words_from_outside_lose_control_characters_and_tokens() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    assert printable(f"\x1b[31mred\x1b[0m\r\n got {token}\x07 \u202ex") == "red got … x"
