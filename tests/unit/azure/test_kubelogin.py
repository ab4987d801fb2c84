"""What kubelogin's arguments and variables ask for."""

from __future__ import annotations

import pytest

from kubetui.azure.kubelogin import Kubelogin, is_kubelogin, read
from kubetui.cluster.kubeconfig_file import ExecEntry

SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630"


@pytest.mark.parametrize(
    ("arguments", "environ", "wanted"),
    [
        (
            ["get-token", "--environment", "AzurePublicCloud", "--server-id", SERVER, "--client-id", "c",
             "--tenant-id", "t", "--login", "devicecode"],
            {},
            Kubelogin(mode="devicecode", server_id=SERVER, client_id="c", tenant_id="t"),
        ),
        (["get-token", "--login=azurecli", f"--server-id={SERVER}"], {}, Kubelogin("azurecli", SERVER)),
        (["get-token", "-l", "MSI", "-t", "t", "--server-id", SERVER], {},
         Kubelogin("msi", SERVER, tenant_id="t")),
        (["get-token", "--server-id", SERVER], {"AAD_LOGIN_METHOD": "azurecli"}, Kubelogin("azurecli", SERVER)),
        (
            ["get-token", "-l", "spn", "--server-id", SERVER, "--client-id", "flag"],
            {"AAD_SERVICE_PRINCIPAL_CLIENT_ID": "old", "AZURE_CLIENT_ID": "new", "AZURE_CLIENT_SECRET": "s"},
            Kubelogin("spn", SERVER, client_id="new", client_secret="s"),
        ),
        (
            ["get-token", "-l", "spn", "--server-id", SERVER, "--client-id", "flag", "--disable-environment-override"],
            {"AZURE_CLIENT_ID": "new"},
            Kubelogin("spn", SERVER, client_id="flag"),
        ),
        (
            ["get-token", "-l", "spn", "--server-id", SERVER, "--use-azurerm-env-vars"],
            {"ARM_CLIENT_ID": "a", "ARM_TENANT_ID": "t", "AZURE_CLIENT_ID": "new"},
            Kubelogin("spn", SERVER, client_id="a", tenant_id="t"),
        ),
        (
            ["get-token", "-l", "workloadidentity", "--server-id", SERVER],
            {"AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t", "AZURE_FEDERATED_TOKEN_FILE": "/f",
             "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.us/"},
            Kubelogin("workloadidentity", SERVER, "c", "t", federated_token_file="/f",
                      authority_host="https://login.microsoftonline.us/"),
        ),
        (["get-token", "--server-id", SERVER, "--pop-enabled", "--pop-claims", "u=/subscriptions/x"], {},
         Kubelogin(server_id=SERVER, pop=True)),
        (["get-token", "--server-id", SERVER, "--legacy=true", "--unknown", "x", "--disable-instance-discovery"], {},
         Kubelogin(server_id=SERVER, legacy=True, instance_discovery=False)),
        (["get-token", "--server-id"], {}, Kubelogin()),
    ],
)  # fmt: skip
def test_arguments_and_variables(arguments: list[str], environ: dict[str, str], wanted: Kubelogin) -> None:
    assert read(arguments, environ) == wanted


@pytest.mark.parametrize(
    ("environment", "authority"),
    [
        ("AzurePublicCloud", "login.microsoftonline.com"),
        ("AzureUSGovernmentCloud", "login.microsoftonline.us"),
        ("AzureChinaCloud", "login.chinacloudapi.cn"),
        ("Nonsense", "login.microsoftonline.com"),
    ],
)
def test_each_cloud_signs_in_at_its_own_place(environment: str, authority: str) -> None:
    assert Kubelogin(environment=environment).authority == authority


def test_the_scope_is_the_servers() -> None:
    assert Kubelogin(server_id=SERVER).scope == f"{SERVER}/.default"
    assert Kubelogin(server_id=SERVER, legacy=True).scope == f"spn:{SERVER}/.default"


@pytest.mark.parametrize(
    ("command", "arguments", "own"),
    [
        ("kubelogin", ["get-token", "--server-id", SERVER], True),
        (r"/opt/bin/kubelogin", ["get-token", "--server-id", SERVER], True),
        ("kubelogin.exe", ["get-token", "--server-id", SERVER], True),
        ("kubelogin", ["get-token", "--oidc-issuer-url=https://x"], False),
        ("kubectl", ["oidc-login", "get-token"], False),
        ("kubelogin", ["convert-kubeconfig"], False),
    ],
)
def test_azures_kubelogin_is_told_from_another_of_that_name(command: str, arguments: list[str], own: bool) -> None:
    assert is_kubelogin(ExecEntry(command=command, api_version="v1", args=arguments)) is own


def test_no_secret_shows() -> None:
    shown = repr(Kubelogin(client_secret="s3cret", password="s3cret", client_certificate_password="s3cret"))
    assert "s3cret" not in shown
