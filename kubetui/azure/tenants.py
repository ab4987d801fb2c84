"""The tenants that a person may mean when they sign in: of the nodes' subscriptions, of the cluster, of ``az``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from kubetui.azure.clouds import Cloud

ORGANIZATIONS: Final = "organizations"
"""What Entra takes in a tenant's place: the home tenant of whoever signs in, with a work or school account."""
MOST_BYTES: Final = 4 * 1024 * 1024
_NAMES: Final = {"AzurePublicCloud": "AzureCloud", "AzureUSGovernmentCloud": "AzureUSGovernment"}
"""Clouds that ``az`` calls otherwise than kubelogin does."""


class Tenant(NamedTuple):
    """A tenant, and why it may be the one."""

    id: str
    why: str


class _Subscription(msgspec.Struct, rename={"tenant": "tenantId", "cloud": "environmentName", "default": "isDefault"}):
    id: str = ""
    name: str = ""
    tenant: str = ""
    cloud: str = ""
    default: bool = False


class _Profile(msgspec.Struct):
    subscriptions: list[_Subscription] = []


def tenants(
    subscriptions: Collection[str], of_cluster: str, cloud: Cloud, environ: Mapping[str, str], home: Path | None = None
) -> tuple[Tenant, ...]:
    """Tenants of ``cloud``, each once, the likeliest first, ``ORGANIZATIONS`` last. Reads ``az``'s profile.

    ``subscriptions``: those that the nodes are in; ``of_cluster``: the tenant that the cluster's sign-in names.
    """
    profile = _profile(Path(environ.get("AZURE_CONFIG_DIR") or (home or Path.home()) / ".azure"), cloud)
    found: dict[str, Tenant] = {}
    for one in _likely({each.casefold() for each in subscriptions}, of_cluster, environ, profile):
        if one.id:
            found.setdefault(one.id.casefold(), one)
    found.setdefault(ORGANIZATIONS, Tenant(ORGANIZATIONS, "your work or school account's own"))
    return tuple(found.values())


def _likely(
    subscriptions: Collection[str], of_cluster: str, environ: Mapping[str, str], profile: list[_Subscription]
) -> Iterator[Tenant]:
    for one in profile:
        if one.id.casefold() in subscriptions:
            yield Tenant(one.tenant, f"nodes' subscription {one.name}".rstrip())
    yield Tenant(of_cluster, "the cluster's own sign-in")
    yield Tenant(environ.get("AZURE_TENANT_ID", ""), "AZURE_TENANT_ID")
    for one in sorted(profile, key=lambda each: not each.default):
        yield Tenant(one.tenant, f"az: {one.name}")


def _profile(folder: Path, cloud: Cloud) -> list[_Subscription]:
    """What ``az`` knows of ``cloud``; nothing where its profile can't be read."""
    try:
        with (folder / "azureProfile.json").open("rb") as file:
            text = file.read(MOST_BYTES).removeprefix(b"\xef\xbb\xbf")  # az writes a byte order mark
        subscriptions = msgspec.json.decode(text, type=_Profile).subscriptions
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return []
    name = _NAMES.get(cloud.environment, cloud.environment)
    return [one for one in subscriptions if one.cloud in ("", name)]
