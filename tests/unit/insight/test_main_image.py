"""A component's version is that of what it is there for, whichever of its containers comes first."""

from __future__ import annotations

import pytest

from kubetui.insight.main_image import main_image

PROBE = "mcr.microsoft.com/oss/v2/kubernetes-csi/livenessprobe:v2.17.0-6"
REGISTRAR = "mcr.microsoft.com/oss/v2/kubernetes-csi/csi-node-driver-registrar:v2.15.0-6"


@pytest.mark.parametrize(
    ("name", "containers", "images", "expected"),
    [
        (
            "csi-azuredisk-node",
            ("liveness-probe", "node-driver-registrar", "azuredisk"),
            (PROBE, REGISTRAR, "azuredisk-csi:v1.34.5"),
            "azuredisk-csi:v1.34.5",
        ),
        (
            "csi-azurefile-node-win",
            ("liveness-probe", "node-driver-registrar", "azurefile", "azfilesrefresh"),
            (PROBE, REGISTRAR, "azurefile-csi:v1.35.7", "refresh:v1"),
            "azurefile-csi:v1.35.7",
        ),
        (
            "metrics-server",
            ("metrics-server-vpa", "metrics-server"),
            ("addon-resizer:v1.8.23", "metrics-server:v0.8.0"),
            "metrics-server:v0.8.0",
        ),
        (
            "cloud-node-manager-windows",
            ("health-probe-proxy", "cloud-node-manager"),
            ("proxy:v1", "azure-cloud-node-manager:v1.35.8"),
            "azure-cloud-node-manager:v1.35.8",
        ),
        ("coredns-autoscaler", ("autoscaler",), ("cpa:v1.9.0",), "cpa:v1.9.0"),
    ],
)
def test_the_components_of_aks(name: str, containers: tuple[str, ...], images: tuple[str, ...], expected: str) -> None:
    assert main_image(name, containers, images) == expected


def test_of_others_the_first_that_stands_beside_nothing() -> None:
    assert main_image("secrets-store", ("registrar", "store"), (REGISTRAR, "driver:v1.5")) == "driver:v1.5"
    assert main_image("mesh", ("istio-proxy", "app"), ("proxyv2:1.22", "app:v3")) == "app:v3"


def test_where_all_stand_beside_something_the_first() -> None:
    assert main_image("probe", ("liveness-probe",), (PROBE,)) == PROBE


def test_a_workload_without_containers_has_none() -> None:
    assert main_image("empty", (), ()) == ""
