"""What the arguments of ``kubelogin get-token`` ask for, so that its token can be had without it.

Source: Azure/kubelogin ``pkg/internal/token/options.go`` (flags, environment variables and their precedence: a
variable wins over a flag) and ``pkg/internal/env``. Another program of the same name, for other identity providers
(int128/kubelogin), is told apart by its flags.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.kubeconfig_file import ExecEntry

DEFAULT_MODE = "devicecode"
_AUTHORITIES = {
    "azurepubliccloud": "login.microsoftonline.com",
    "azurecloud": "login.microsoftonline.com",
    "azureusgovernmentcloud": "login.microsoftonline.us",
    "azureusgovernment": "login.microsoftonline.us",
    "azurechinacloud": "login.chinacloudapi.cn",
}
_SHORT = {"-l": "--login", "-t": "--tenant-id", "-e": "--environment"}
_BOOLEANS = frozenset(
    {"legacy", "pop-enabled", "use-azurerm-env-vars", "disable-environment-override", "disable-instance-discovery"}
)


@dataclass(frozen=True, slots=True)
class Kubelogin:
    """The sign-in that a kubeconfig's ``kubelogin`` entry describes."""

    mode: str = DEFAULT_MODE
    """``azurecli``, ``devicecode``, ``interactive``, ``spn``, ``ropc``, ``msi``, ``workloadidentity``, ``azd``,
    ``azurepipelines``."""
    server_id: str = ""
    """The application that the API server is in Entra; the token is for it."""
    client_id: str = ""
    tenant_id: str = ""
    environment: str = "AzurePublicCloud"
    authority_host: str = ""
    client_secret: str = field(default="", repr=False)
    client_certificate: str = ""
    """A path."""
    client_certificate_password: str = field(default="", repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    identity_resource_id: str = ""
    federated_token_file: str = ""
    service_connection_id: str = ""
    pop: bool = False
    """A proof-of-possession token (Azure Arc): only kubelogin makes those."""
    instance_discovery: bool = True
    """Whether the authority is looked up among the known ones; not where the cloud is cut off from them."""
    legacy: bool = False
    """The audience carries ``spn:``."""

    @property
    def scope(self) -> str:
        """What a token is asked for."""
        return f"{'spn:' if self.legacy else ''}{self.server_id}/.default"

    @property
    def authority(self) -> str:
        """The host that signs in: of the public cloud, or a sovereign one."""
        given = self.authority_host.removeprefix("https://").rstrip("/")
        return given or _AUTHORITIES.get(self.environment.lower(), "login.microsoftonline.com")


def kubelogin_of(target: Target, environ: Mapping[str, str]) -> Kubelogin | None:
    """What the target's user wants of Azure's kubelogin; None where the user signs in otherwise."""
    entry = target.user.entry.exec if target.user else None
    if entry is None or not is_kubelogin(entry):
        return None
    added = {variable.name: variable.value for variable in entry.env or ()}
    return read(entry.args or (), {**environ, **added})


def is_kubelogin(entry: ExecEntry) -> bool:
    """Whether the plugin is Azure's kubelogin, asked for a token."""
    name = os.path.basename(entry.command).lower().removesuffix(".exe")
    arguments = entry.args or []
    own = not any(argument.startswith("--oidc-") for argument in arguments)
    return name == "kubelogin" and own and "get-token" in arguments


def read(arguments: Sequence[str], environ: Mapping[str, str]) -> Kubelogin:
    """The sign-in that arguments and variables describe. What is not known is passed over."""
    flags = dict(_flags(arguments))
    texts = [one.name for one in fields(Kubelogin) if one.type == "str"]
    values = {name: flags.get(_flag(name), "") for name in texts}
    mode = flags.get("login") or DEFAULT_MODE
    if flags.get("disable-environment-override") != "true":
        mode = environ.get("AAD_LOGIN_METHOD") or mode
        values |= _from_variables(environ, mode, terraform=flags.get("use-azurerm-env-vars") == "true")
    given = {name: value for name, value in values.items() if value}
    given |= {"mode": mode.lower(), "service_connection_id": flags.get("azure-pipelines-service-connection-id", "")}
    pop = flags.get("pop-enabled") == "true" or "pop-claims" in flags
    return Kubelogin(
        **given,
        pop=pop,
        legacy=flags.get("legacy") == "true",
        instance_discovery=flags.get("disable-instance-discovery") != "true",
    )


def _flag(name: str) -> str:
    return name.replace("_", "-")


def _flags(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """``--name value``, ``--name=value``, ``-l value``, ``--boolean``."""
    rest = iter(arguments)
    for argument in rest:
        name, joined, value = argument.partition("=")
        name = _SHORT.get(name, name)
        if not name.startswith("--"):
            continue
        name = name.removeprefix("--")
        if name in _BOOLEANS:
            yield name, value.lower() if joined else "true"
        else:
            yield name, value if joined else next(rest, "")


_VARIABLES: Mapping[str, tuple[str, ...]] = {
    # The later wins, as in kubelogin.
    "client_id": ("AAD_SERVICE_PRINCIPAL_CLIENT_ID", "AZURE_CLIENT_ID"),
    "client_secret": ("AAD_SERVICE_PRINCIPAL_CLIENT_SECRET", "AZURE_CLIENT_SECRET"),
    "client_certificate": ("AAD_SERVICE_PRINCIPAL_CLIENT_CERTIFICATE", "AZURE_CLIENT_CERTIFICATE_PATH"),
    "client_certificate_password": (
        "AAD_SERVICE_PRINCIPAL_CLIENT_CERTIFICATE_PASSWORD",
        "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    ),
    "tenant_id": ("AZURE_TENANT_ID",),
    "username": ("AAD_USER_PRINCIPAL_NAME", "AZURE_USERNAME"),
    "password": ("AAD_USER_PRINCIPAL_PASSWORD", "AZURE_PASSWORD"),
}
_TERRAFORM: Mapping[str, tuple[str, ...]] = {
    "client_id": ("ARM_CLIENT_ID",),
    "client_secret": ("ARM_CLIENT_SECRET",),
    "client_certificate": ("ARM_CLIENT_CERTIFICATE_PATH",),
    "client_certificate_password": ("ARM_CLIENT_CERTIFICATE_PASSWORD",),
    "tenant_id": ("ARM_TENANT_ID",),
}
_OF_WORKLOAD_IDENTITY: Mapping[str, tuple[str, ...]] = {
    "client_id": ("AZURE_CLIENT_ID",),
    "federated_token_file": ("AZURE_FEDERATED_TOKEN_FILE",),
    "authority_host": ("AZURE_AUTHORITY_HOST",),
}


def _from_variables(environ: Mapping[str, str], mode: str, *, terraform: bool) -> dict[str, str]:
    chosen = {**(_TERRAFORM if terraform else _VARIABLES)}
    if mode.lower() == "workloadidentity":
        chosen |= _OF_WORKLOAD_IDENTITY
    found = {}
    for name, variables in chosen.items():
        for variable in variables:
            if value := environ.get(variable):
                found[name] = value
    return found
