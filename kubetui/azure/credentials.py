"""From a login mode of kubelogin to the credential of ``azure-identity`` that does the same.

Imports ``azure.identity`` at once (half a second): only ``cluster_tokens.py`` imports this file, in a thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError
from azure.identity import (
    AuthenticationRequiredError,
    CredentialUnavailableError,
    DeviceCodeCredential,
    InteractiveBrowserCredential,
)
from azure.identity.aio import (
    AzurePipelinesCredential,
    CertificateCredential,
    ClientSecretCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from kubetui.azure.cli_credentials import AZ, AZD, CliCredential
from kubetui.azure.connection_errors import unreached
from kubetui.azure.kubelogin import Kubelogin
from kubetui.azure.transport import AzureTransport, EndableTransport
from kubetui.azure.trust import bundle_variable
from kubetui.cluster.errors import ClusterError

__all__ = [
    "ERRORS",
    "AuthenticationRequiredError",
    "ByHand",
    "CredentialUnavailableError",
    "DeviceCode",
    "credential_for",
    "unreached",
]

ERRORS = (AzureError, ClusterError, ValueError, OSError)
"""What asking for a token may raise, cancellation and bugs apart."""


def credential_for(login: Kubelogin, environ: Mapping[str, str]) -> AsyncTokenCredential:
    """The credential of a mode that asks nobody. Raises ValueError for what is missing, KeyError for other modes."""
    return _MODES[login.mode](login, environ)


def _azure_cli(login: Kubelogin, environ: Mapping[str, str]) -> AsyncTokenCredential:
    return CliCredential(AZ, login.tenant_id, environ)


def _azure_developer_cli(login: Kubelogin, environ: Mapping[str, str]) -> AsyncTokenCredential:
    return CliCredential(AZD, login.tenant_id, environ)


def _managed_identity(login: Kubelogin, environ: Mapping[str, str]) -> AsyncTokenCredential:
    transport = AzureTransport(environ)
    if login.identity_resource_id:
        return ManagedIdentityCredential(
            identity_config={"resource_id": login.identity_resource_id}, transport=transport
        )
    return ManagedIdentityCredential(client_id=login.client_id or None, transport=transport)


def _workload_identity(login: Kubelogin, environ: Mapping[str, str]) -> AsyncTokenCredential:
    return WorkloadIdentityCredential(
        tenant_id=_needed(login.tenant_id, "--tenant-id"),
        client_id=_needed(login.client_id, "--client-id"),
        token_file_path=_needed(login.federated_token_file, "--federated-token-file"),
        authority=_authority(login),
        disable_instance_discovery=not login.instance_discovery,
        transport=AzureTransport(environ),
    )


def _service_principal(login: Kubelogin, environ: Mapping[str, str]) -> AsyncTokenCredential:
    tenant, client = _needed(login.tenant_id, "--tenant-id"), _needed(login.client_id, "--client-id")
    common: dict[str, Any] = {
        "authority": _authority(login),
        "disable_instance_discovery": not login.instance_discovery,
        "transport": AzureTransport(environ),
    }
    if login.client_certificate:
        password = login.client_certificate_password or None
        return CertificateCredential(tenant, client, login.client_certificate, password=password, **common)
    secret = _needed(login.client_secret, "--client-secret or AZURE_CLIENT_SECRET")
    return ClientSecretCredential(tenant, client, secret, **common)


def _azure_pipelines(login: Kubelogin, environ: Mapping[str, str]) -> AsyncTokenCredential:
    return AzurePipelinesCredential(
        tenant_id=_needed(login.tenant_id, "--tenant-id"),
        client_id=_needed(login.client_id, "--client-id"),
        service_connection_id=_needed(login.service_connection_id, "--azure-pipelines-service-connection-id"),
        system_access_token=_needed(environ.get("SYSTEM_ACCESSTOKEN", ""), "SYSTEM_ACCESSTOKEN"),
        authority=_authority(login),
        # It has a synchronous and an asynchronous transport, and takes one for both: so its own two, told of the CAs.
        connection_verify=environ.get(bundle_variable(environ)) or True,
    )


_MODES: Mapping[str, Callable[[Kubelogin, Mapping[str, str]], AsyncTokenCredential]] = {
    "azurecli": _azure_cli,
    "azd": _azure_developer_cli,
    "msi": _managed_identity,
    "workloadidentity": _workload_identity,
    "spn": _service_principal,
    "azurepipelines": _azure_pipelines,
}


def _authority(login: Kubelogin) -> str:
    # With its scheme: without one, azure-identity takes a name before a port for the scheme.
    return f"https://{login.authority}"


def _needed(value: str, name: str) -> str:
    if not value:
        raise ValueError(f"{name} is missing in the arguments of kubelogin")
    return value


class ByHand:
    """A sign-in that a person finishes: device code or browser. It holds the refresh token, in memory only.

    ``azure-identity`` has these synchronously only, so ``token`` blocks: call it in a thread. ``end`` lets a call
    that waits fail at its next question to Entra, at most some five seconds later.
    """

    def __init__(self, login: Kubelogin, environ: Mapping[str, str], say: Callable[[str], None], seconds: int) -> None:
        self._scope = login.scope
        self._transport = EndableTransport(environ)
        common = _by_hand(login, self._transport, seconds)
        if login.mode == "devicecode":
            self._credential: DeviceCodeCredential | InteractiveBrowserCredential = DeviceCodeCredential(
                **common, prompt_callback=lambda address, code, _: say(device_prompt(address, code))
            )
        else:
            self._credential = InteractiveBrowserCredential(**common)

    def token(self) -> AccessToken:
        """A token, without asking where the refresh token still serves. Raises ``ERRORS``."""
        self._transport.ended.clear()
        return self._credential.get_token(self._scope)

    def end(self) -> None:
        """Let go of a person who does not come."""
        self._transport.ended.set()


class DeviceCode:
    """A device-code sign-in that a person asked for. It asks in ``ask`` alone; its refresh token is in memory only.

    Blocks and ends as ``ByHand`` does.
    """

    def __init__(self, login: Kubelogin, environ: Mapping[str, str], say: Callable[[str], None], seconds: int) -> None:
        self._scope = login.scope
        self._transport = EndableTransport(environ)
        self._credential = DeviceCodeCredential(
            **_by_hand(login, self._transport, seconds),
            prompt_callback=lambda address, code, _: say(device_prompt(address, code)),
            disable_automatic_authentication=True,
        )

    def ask(self) -> AccessToken:
        """Ask the person, and wait for them. Raises ``ERRORS``."""
        self._transport.ended.clear()
        self._credential.authenticate(scopes=[self._scope])
        return self._credential.get_token(self._scope)

    def renew(self) -> AccessToken:
        """Another token by the refresh token. Raises ``ERRORS``; AuthenticationRequiredError where a person has to."""
        self._transport.ended.clear()
        return self._credential.get_token(self._scope)

    def end(self) -> None:
        """Let go of a person who does not come, or of a silent Entra."""
        self._transport.ended.set()


def _by_hand(login: Kubelogin, transport: EndableTransport, seconds: int) -> dict[str, Any]:
    common: dict[str, Any] = {
        "authority": _authority(login),
        "transport": transport,
        "timeout": seconds,
        "disable_instance_discovery": not login.instance_discovery,
    }
    given = {"tenant_id": login.tenant_id, "client_id": login.client_id}
    return common | {name: value for name, value in given.items() if value}


def device_prompt(address: str, code: str) -> str:
    """What a person is asked to do, in kubelogin's words."""
    return f"To sign in, use a web browser to open the page {address} and enter the code {code} to authenticate.\n"


def has_browser(environ: Mapping[str, str]) -> bool:
    """Whether a browser with a window can be had: one in the terminal would take the screen."""
    return (
        os.name == "nt"
        or os.uname().sysname == "Darwin"
        or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or environ.get("WSL_DISTRO_NAME"))
    )
