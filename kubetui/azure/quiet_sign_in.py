"""Which credential for Azure Resource Manager is there without asking anybody.

First whatever signs in to the cluster, then a service principal or workload identity of the environment, then ``az``
where somebody has signed in with it. A managed identity only where it was asked for by name: looking for one hangs
where a proxy answers for the metadata address, and one without rights would hide the ``az login`` that has them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from kubetui.azure.clouds import Cloud
from kubetui.azure.kubelogin import Kubelogin

_QUIET: Final = frozenset({"azurecli", "azd", "msi", "workloadidentity", "spn", "azurepipelines"})


def quiet_login(
    of_cluster: Kubelogin | None, cloud: Cloud, environ: Mapping[str, str], home: Path | None = None
) -> Kubelogin | None:
    """How to sign in to ``cloud``'s resource manager; None where a person would have to do it. Reads no file."""
    chosen = next(_offers(of_cluster, environ, home or Path.home()), None)
    if chosen is None:
        return None
    # Its own tenant stays; pop and legacy audiences are the cluster's concern.
    host = chosen.authority_host or (of_cluster.authority_host if of_cluster else "")
    return replace(
        chosen,
        server_id=cloud.audience,
        environment=cloud.environment,
        authority_host=host,
        pop=False,
        legacy=False,
    )


def _offers(of_cluster: Kubelogin | None, environ: Mapping[str, str], home: Path) -> Iterator[Kubelogin]:
    tenant = of_cluster.tenant_id if of_cluster else ""
    if of_cluster is not None and of_cluster.mode in _QUIET and _there(of_cluster.mode, environ, home):
        yield of_cluster
    wanted = environ.get("AZURE_TOKEN_CREDENTIALS", "").lower()
    for mode, offer in _FROM_ENVIRONMENT.items():
        found = offer(environ)
        if found is not None and (not wanted or _names(wanted, mode)):
            yield found
    if _there("azurecli", environ, home) and (not wanted or _names(wanted, "azurecli")):
        yield Kubelogin(mode="azurecli", tenant_id=tenant)


def _names(wanted: str, mode: str) -> bool:
    """Whether AZURE_TOKEN_CREDENTIALS (``dev``, ``prod`` or one credential's name) allows the mode."""
    return wanted in _CALLED[mode]


_CALLED: Final = {
    "spn": ("prod", "environmentcredential"),
    "workloadidentity": ("prod", "workloadidentitycredential"),
    "msi": ("managedidentitycredential",),
    "azurecli": ("dev", "azureclicredential"),
}


def _there(mode: str, environ: Mapping[str, str], home: Path) -> bool:
    """Whether the mode has what it needs, so that az is not started for who never signed in with it."""
    if mode != "azurecli":
        return True
    folder = Path(environ.get("AZURE_CONFIG_DIR") or home / ".azure")
    installed = shutil.which("az", path=environ.get("PATH", os.defpath)) is not None
    return installed and (folder / "azureProfile.json").exists()


def _service_principal(environ: Mapping[str, str]) -> Kubelogin | None:
    tenant, client = environ.get("AZURE_TENANT_ID", ""), environ.get("AZURE_CLIENT_ID", "")
    secret, certificate = environ.get("AZURE_CLIENT_SECRET", ""), environ.get("AZURE_CLIENT_CERTIFICATE_PATH", "")
    if not (tenant and client and (secret or certificate)):
        return None
    return Kubelogin(
        mode="spn",
        tenant_id=tenant,
        client_id=client,
        client_secret=secret,
        client_certificate=certificate,
        client_certificate_password=environ.get("AZURE_CLIENT_CERTIFICATE_PASSWORD", ""),
        authority_host=environ.get("AZURE_AUTHORITY_HOST", ""),
    )


def _workload_identity(environ: Mapping[str, str]) -> Kubelogin | None:
    tenant, client = environ.get("AZURE_TENANT_ID", ""), environ.get("AZURE_CLIENT_ID", "")
    file = environ.get("AZURE_FEDERATED_TOKEN_FILE", "")
    if not (tenant and client and file):
        return None
    host = environ.get("AZURE_AUTHORITY_HOST", "")
    return Kubelogin(
        mode="workloadidentity", tenant_id=tenant, client_id=client, federated_token_file=file, authority_host=host
    )


def _managed_identity(environ: Mapping[str, str]) -> Kubelogin | None:
    asked = environ.get("AZURE_TOKEN_CREDENTIALS", "").lower() == "managedidentitycredential"
    return Kubelogin(mode="msi", client_id=environ.get("AZURE_CLIENT_ID", "")) if asked else None


_FROM_ENVIRONMENT: Final[Mapping[str, Callable[[Mapping[str, str]], Kubelogin | None]]] = {
    "spn": _service_principal,
    "workloadidentity": _workload_identity,
    "msi": _managed_identity,
}
