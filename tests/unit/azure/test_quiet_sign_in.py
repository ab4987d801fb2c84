"""Azure is asked only with a credential that is there without asking anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubetui.azure.clouds import CHINA, GOVERNMENT, PUBLIC, Cloud, cloud_of
from kubetui.azure.kubelogin import Kubelogin
from kubetui.azure.quiet_sign_in import quiet_login

SERVICE_PRINCIPAL = {"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"}
WORKLOAD = {"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_FEDERATED_TOKEN_FILE": "/f"}
DEVICE_CODE = Kubelogin(mode="devicecode", server_id="aks", tenant_id="tenant-of-cluster")


@pytest.fixture
def az(tmp_path: Path) -> dict[str, str]:
    """An environment where somebody has signed in with az."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/az").write_text("#!/bin/sh\n")
    (tmp_path / "bin/az").chmod(0o755)
    (tmp_path / "azure").mkdir()
    (tmp_path / "azure/azureProfile.json").write_text("{}")
    return {"PATH": str(tmp_path / "bin"), "AZURE_CONFIG_DIR": str(tmp_path / "azure")}


def mode(of_cluster: Kubelogin | None, environ: dict[str, str]) -> str | None:
    login = quiet_login(of_cluster, PUBLIC, {"PATH": "/nowhere", **environ}, Path("/nowhere"))
    return login.mode if login else None


def test_nothing_is_asked_where_only_a_person_could_sign_in() -> None:
    assert mode(None, {}) is None
    assert mode(DEVICE_CODE, {}) is None


def test_az_is_used_where_somebody_signed_in_with_it(az: dict[str, str]) -> None:
    assert mode(DEVICE_CODE, az) == "azurecli"
    (Path(az["AZURE_CONFIG_DIR"]) / "azureProfile.json").unlink()
    assert mode(DEVICE_CODE, az) is None


def test_what_signs_in_to_the_cluster_comes_first(az: dict[str, str]) -> None:
    assert mode(Kubelogin(mode="msi", client_id="c"), az) == "msi"
    assert mode(Kubelogin(mode="workloadidentity"), az | SERVICE_PRINCIPAL) == "workloadidentity"


def test_the_environments_identity_comes_before_az(az: dict[str, str]) -> None:
    assert mode(None, az | SERVICE_PRINCIPAL) == "spn"
    assert mode(None, az | WORKLOAD) == "workloadidentity"


def test_a_managed_identity_is_never_looked_for_unless_named() -> None:
    assert mode(None, {"AZURE_CLIENT_ID": "c"}) is None
    assert mode(None, {"AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential"}) == "msi"


def test_azure_token_credentials_chooses(az: dict[str, str]) -> None:
    assert mode(None, az | SERVICE_PRINCIPAL | {"AZURE_TOKEN_CREDENTIALS": "dev"}) == "azurecli"
    assert mode(None, az | {"AZURE_TOKEN_CREDENTIALS": "prod"}) is None


def test_the_token_is_for_the_resource_manager_in_the_clusters_tenant(az: dict[str, str]) -> None:
    login = quiet_login(DEVICE_CODE, GOVERNMENT, az)

    assert login is not None
    assert login.scope == "https://management.core.usgovcloudapi.net/.default"
    assert login.tenant_id == "tenant-of-cluster"
    assert login.authority == "login.microsoftonline.us"


@pytest.mark.parametrize(
    ("server", "environment", "cloud"),
    [
        ("https://a-1.hcp.westeurope.azmk8s.io:443", "", PUBLIC),
        ("https://a-1.hcp.chinaeast2.cx.prod.service.azk8s.cn", "", CHINA),
        ("https://a-1.hcp.usgovvirginia.cx.aks.containerservice.azure.us", "AzurePublicCloud", GOVERNMENT),
        ("https://127.0.0.1:6443", "AzureChinaCloud", CHINA),
        ("https://127.0.0.1:6443", "AzureUSGovernmentCloud", GOVERNMENT),
        ("nonsense", "", PUBLIC),
    ],
)
def test_the_cloud_is_told_by_the_server_or_the_sign_in(server: str, environment: str, cloud: Cloud) -> None:
    assert cloud_of(server, environment) is cloud
