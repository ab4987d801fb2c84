"""EndpointSlices and their endpoints, Services and how they are told in words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kubetui.insight.service_words import count_words, counted, reached_by, why_none
from kubetui.kinds.endpoint import ENDPOINT_COLUMNS, EndpointRow, endpoint_rows
from kubetui.kinds.endpoint_slice import ENDPOINT_SLICE, EndpointSliceRow
from kubetui.kinds.kind import Meaning
from kubetui.kinds.service import SERVICE, ServiceRow
from kubetui.kinds.wire import decode_row
from tests.unit.kinds.fixture_files import texts


def a_slice(*endpoints: Any, **more: Any) -> EndpointSliceRow:
    found = {
        "metadata": {"name": "web-x7k2p", "namespace": "team-04", "resourceVersion": "9",
                     "labels": {"kubernetes.io/service-name": "web"}},
        "addressType": "IPv4",
        "endpoints": list(endpoints),
        "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
        **more,
    }  # fmt: skip
    return decode_row(ENDPOINT_SLICE, msgspec.json.encode(found))


def endpoint(address: str, **more: Any) -> dict[str, Any]:
    return {"addresses": [address], **more}


def conditions(**said: bool) -> dict[str, Any]:
    return {"conditions": said}


@pytest.mark.parametrize(
    ("said", "state", "meaning"),
    [
        ({}, "Ready", Meaning.FINE),
        ({"ready": True}, "Ready", Meaning.FINE),
        ({"ready": False}, "NotReady", Meaning.LOOK),
        ({"ready": False, "serving": False, "terminating": False}, "NotReady", Meaning.LOOK),
        ({"ready": False, "serving": True, "terminating": True}, "Terminating, serving", Meaning.PLANNED),
        ({"ready": False, "serving": False, "terminating": True}, "Terminating", Meaning.PLANNED),
        ({"ready": True, "serving": False}, "NotReady, published", Meaning.LOOK),
    ],
)
def test_conditions_in_words(said: dict[str, bool], state: str, meaning: Meaning) -> None:
    """What is absent means: ready, serving as ready, not terminating (discovery/v1)."""
    (row,) = endpoint_rows(a_slice(endpoint("10.0.0.1", **conditions(**said))))
    assert (row.state, row.meaning) == (state, meaning)


def test_an_endpoint_says_where_it_is() -> None:
    target = {"kind": "Pod", "name": "web-1", "namespace": "team-04"}
    (row,) = endpoint_rows(
        a_slice(endpoint("10.0.0.1", nodeName="n1", zone="westeurope-2", targetRef=target, hostname="web-1"))
    )
    assert texts(ENDPOINT_COLUMNS, row) == {
        "ADDRESS": "10.0.0.1", "STATE": "Ready", "PORTS": "8080/TCP", "TARGET": "pod/web-1", "NODE": "n1",
        "ZONE": "westeurope-2", "HOSTNAME": "web-1", "SLICE": "web-x7k2p",
    }  # fmt: skip


def test_an_endpoint_that_is_nobodys_says_so() -> None:
    (row,) = endpoint_rows(a_slice(endpoint("20.93.12.77"), ports=None))
    shown = texts(ENDPOINT_COLUMNS, row)
    assert [shown[title] for title in ("PORTS", "TARGET", "NODE", "ZONE")] == ["–"] * 4


def test_the_same_address_twice_and_none_at_all_keep_lines_of_their_own() -> None:
    rows = endpoint_rows(a_slice(endpoint("10.0.0.1"), endpoint("10.0.0.1"), {"addresses": []}, {}))
    assert [row.name for row in rows] == ["10.0.0.1", "10.0.0.1 2", "–", "– 2"]


@pytest.mark.parametrize(
    ("ports", "text"),
    [
        (None, "<unset>"),
        ([], "<unset>"),
        ([{"port": 53, "protocol": "UDP"}], "53"),
        ([{"name": "https", "protocol": "TCP"}], "https"),
        ([{"protocol": "TCP"}], "*"),
        ([{"port": port} for port in (1, 2, 3, 4, 5)], "1,2,3 + 2 more..."),
    ],
)
def test_a_slices_ports_as_kubectl_prints_them(ports: Any, text: str) -> None:
    assert texts(ENDPOINT_SLICE.columns, a_slice(ports=ports))["PORTS"] == text


def test_a_slice_without_endpoints() -> None:
    row = a_slice(endpoints=None)
    assert (texts(ENDPOINT_SLICE.columns, row)["ENDPOINTS"], endpoint_rows(row), row.service) == ("<unset>", [], "web")


# --- Services


def a_service(status: Any = None, **spec: Any) -> ServiceRow:
    found = {
        "metadata": {"name": "web", "namespace": "team-04", "resourceVersion": "9"},
        "spec": {"type": "ClusterIP", "clusterIP": "10.0.0.9", "selector": {"app": "web"},
                 "ports": [{"port": 80, "protocol": "TCP"}], **spec},
        "status": {"loadBalancer": status or {}},
    }  # fmt: skip
    return decode_row(SERVICE, msgspec.json.encode(found))


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (a_service(), ["ClusterIP 10.0.0.9", "80/TCP"]),
        (a_service(clusterIP="None"), ["headless", "80/TCP"]),
        (a_service(selector=None), ["ClusterIP 10.0.0.9", "80/TCP", "no selector"]),
        (
            a_service(type="ExternalName", clusterIP="", externalName="db.example.com", selector=None, ports=None),
            ["ExternalName → db.example.com"],
        ),
        (
            a_service({"ingress": [{"ip": "20.31.4.5"}]}, type="LoadBalancer",
                      ports=[{"port": 443, "nodePort": 31007, "protocol": "TCP"}]),
            ["LoadBalancer 10.0.0.9 ← 20.31.4.5", "443:31007/TCP"],
        ),
        (a_service(type="LoadBalancer"), ["LoadBalancer 10.0.0.9 ← ▲ no public address yet", "80/TCP"]),
        (a_service(publishNotReadyAddresses=True), ["ClusterIP 10.0.0.9", "80/TCP", "publishes what is not ready too"]),
        (a_service(externalTrafficPolicy="Local"), ["ClusterIP 10.0.0.9", "80/TCP", "traffic stays on its node"]),
    ],
    ids=lambda found: found.type if isinstance(found, ServiceRow) else "",
)  # fmt: skip
def test_how_a_service_is_reached(service: ServiceRow, words: list[str]) -> None:
    assert reached_by(service) == words


def rows(*said: dict[str, bool]) -> list[EndpointRow]:
    return endpoint_rows(a_slice(*(endpoint(f"10.0.0.{at}", **conditions(**one)) for at, one in enumerate(said))))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (rows({}, {}), ["2 ready"]),
        (rows({}, {"ready": False}), ["1 ready", "1 not ready"]),
        (rows({"ready": False, "terminating": True}), ["▲ none ready", "1 terminating"]),
        (rows({"ready": False}), ["▲ none ready", "1 not ready"]),
        ([], ["▲ no endpoints"]),
    ],
)
def test_how_many_are_ready(found: list[EndpointRow], words: list[str]) -> None:
    assert count_words(counted(found)) == words


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (a_service(), "no pod with an address in team-04 matches\napp=web\nso connections to it are refused"),
        (a_service(clusterIP="None"), "so its DNS name has no address"),
        (a_service(selector=None), "somebody else has to make its EndpointSlices"),
        (a_service(type="ExternalName", externalName="db.example.com"), "CNAME:\ndb.example.com"),
    ],
)
def test_why_a_service_has_no_endpoints(service: ServiceRow, words: str) -> None:
    assert words in why_none(service)


@pytest.mark.parametrize("body", [{"metadata": {"name": "a"}}, {"metadata": {"name": "a"}, "spec": {}, "status": {}}])
def test_a_service_of_next_to_nothing_is_read(body: Any) -> None:
    row = decode_row(SERVICE, msgspec.json.encode(body))
    assert (row.type, row.selector, row.ports) == ("ClusterIP", (), ())
