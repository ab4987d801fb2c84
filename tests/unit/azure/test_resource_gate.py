"""Reads of the machines under a cluster pass; nothing else leaves."""

from __future__ import annotations

import pytest

from kubetui.azure.resource_gate import check
from kubetui.cluster.errors import Refused
from tests.unit.azure.resource_manager_double import CLUSTER, COMPUTE, GROUP, SETS

AZURE = "https://management.azure.com"


@pytest.mark.parametrize(
    "path",
    [
        GROUP,
        SETS,
        f"{SETS}/aks-a_b-vmss/virtualMachines",
        f"{COMPUTE}/virtualMachines",
        f"{COMPUTE}/virtualMachines/aks-default-cfc7h/instanceView",
        CLUSTER,
        f"{CLUSTER}/maintenanceConfigurations",
        SETS.upper(),
        "/subscriptions/s/resourceGroups/mc_gr%C3%B6%C3%9Fe_(x).1",
    ],
)
def test_reads_pass(path: str) -> None:
    check("GET", f"{AZURE}{path}?api-version=2024-07-01", AZURE)


@pytest.mark.parametrize("url", ["http://[", "https://management.azure.com]"])
def test_what_is_no_address_does_not_pass(url: str) -> None:
    with pytest.raises(Refused):
        check("GET", url + SETS, AZURE)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "get", ""])
def test_no_other_method_passes(method: str) -> None:
    with pytest.raises(Refused, match="changes nothing"):
        check(method, f"{AZURE}{SETS}", AZURE)


@pytest.mark.parametrize(
    "path",
    [
        "/subscriptions/s/providers/Microsoft.Compute/register",
        f"{CLUSTER}/listClusterAdminCredential",
        f"{SETS}/x/start",
        f"{SETS}/x/virtualMachines/0/runCommands/y",
        f"{COMPUTE}/virtualMachines/x/runCommands/y",
        f"{COMPUTE}/virtualMachines/x/instanceView/y",
        f"{SETS}/../../../../x",
        f"{SETS}/%2e%2e/virtualMachines",
        f"{SETS}/../virtualMachines",
        f"{SETS}/a%2Fstart/virtualMachines",
        f"{SETS}/a b/virtualMachines",
        f"{SETS}/a%00/virtualMachines",
        f"{SETS}/",
        "/",
    ],
)
def test_no_other_resource_passes(path: str) -> None:
    with pytest.raises(Refused):
        check("GET", AZURE + path, AZURE)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://management.azure.com", f"{AZURE}:444", f"{AZURE}@evil.example"]
)
def test_no_other_server_passes(origin: str) -> None:
    with pytest.raises(Refused, match="another server"):
        check("GET", origin + SETS, AZURE)
